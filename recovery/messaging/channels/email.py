"""Hand a mail to Django's mail backend and say truly what became of it.

An SMTP conversation is led phase by phase, because only what happens before the mail's data is
sent is certain. An API's answer (django-anymail) is read by its status.
"""

from __future__ import annotations

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from recovery.messaging.channels import api, smtp
from recovery.messaging.channels.base import Failed, Mail, Outcome, Sent


def send(mail: Mail) -> Outcome:
    """Hand the mail over once and return what is known of it; never raises for a provider's no."""
    backend = get_connection(settings.EMAIL_BACKEND, fail_silently=False)
    message = as_django(mail)
    try:
        message.message()
    except ValueError as error:
        # A header that would break the mail (BadHeaderError, what no charset can hold).
        return Failed("refused", permanent=True, problem=type(error).__name__)
    if isinstance(backend, SmtpBackend):
        return smtp.send(backend, message)
    if api.speaks(backend):
        return api.send(backend, message)
    backend.send_messages([message])
    return Sent()


def as_django(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as Django's message: plain text first, HTML as its alternative."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((mail.from_name, mail.from_address)),
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={**mail.headers, "Message-ID": mail.message_id},
    )
    message.attach_alternative(mail.html, "text/html")
    return message
