"""Build one mail in the product's way, and the same mail from fixed parts: the floor under it."""

from __future__ import annotations

import binascii
import email
import email.policy
import html
import secrets
from email.utils import formatdate
from typing import cast

from babel import Locale
from django.core.mail.message import SafeMIMEMultipart

from benchmarks.mail.stage import CONTENT, LEGAL_ADDRESS, NAMES
from recovery.messaging.channels.base import Mail
from recovery.messaging.channels.email import as_django
from recovery.messaging.fixed_texts import ENGLISH
from recovery.messaging.liquid_texts import Plain, Unrenderable, render_text
from recovery.messaging.rendering import (
    RESTORE_MARK,
    UNSUBSCRIBE_MARK,
    Item,
    Letter,
    Letterhead,
    Texts,
    filled,
    render,
)

_HEAD = Letterhead("Shop", "https://shop.example", "Shop", LEGAL_ADDRESS)
_LOCALE = Locale("en")
_LINKS = {
    RESTORE_MARK: "https://app.example/r/" + "a" * 22,
    UNSUBSCRIBE_MARK: "https://app.example/u/" + "b" * 22,
}
_PRICE = "€24.95"
_ITEMS = tuple(
    Item(name, "", 1, _PRICE, f"https://shop.example/{number}.jpg")
    for number, name in enumerate(NAMES)
)
_VALUES: dict[str, Plain] = {
    "first_name": "Anna",
    "first_item": NAMES[0],
    "shop_name": "Shop",
    "count": len(NAMES),
}


def texts() -> Texts:
    """Return the merchant's texts with their values, as ``letters.compose`` renders them."""
    rendered = {}
    for name, source in CONTENT.items():
        text = render_text(source, _VALUES)
        if isinstance(text, Unrenderable):
            raise AssertionError(text.problem)
        rendered[name] = text
    return Texts(
        subject=rendered["subject"],
        preheader=rendered["preheader"],
        heading=rendered["heading"],
        text=rendered["text"],
        button=rendered["button"],
        why=ENGLISH.why.format(shop="Shop"),
    )


def letter(said: Texts | None = None) -> Letter:
    """Return the letter with its links, in the product's way."""
    made = render(said or texts(), _ITEMS, _HEAD, ENGLISH, _LOCALE)
    return Letter(made.subject, filled(made.html, _LINKS), filled(made.text, _LINKS))


def serialised(made: Letter) -> bytes:
    """Return the mail's bytes as the product makes them on its way to SMTP.

    The message is built once to see whether it can be, and once to be sent.
    """
    message = as_django(
        Mail(
            message_id="<0123456789abcdef@app.example>",
            from_name="Shop",
            from_address="hello@shop.example",
            to="shopper@example.org",
            subject=made.subject,
            text=made.text,
            html=made.html,
            reply_to="people@shop.example",
            headers={
                "List-Unsubscribe": f"<{_LINKS[UNSUBSCRIBE_MARK]}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "X-Entity-Ref-ID": "0123456789abcdef",
            },
        )
    )
    message.message()
    return cast(SafeMIMEMultipart, message.message()).as_bytes(linesep="\r\n")


def ours() -> bytes:
    """Return the whole mail in the product's way: texts, layout, links, MIME."""
    return serialised(letter())


class Floor:
    """The same mail by string formatting: nothing can do less and still send it."""

    def __init__(self) -> None:
        """Take the product's letter apart into a template, and prove that it gives it back."""
        said = texts()
        marked = {
            "{preheader}": said.preheader,
            "{heading}": said.heading,
            "{first}": said.text.split("\n\n")[0],
            "{restore}": _LINKS[RESTORE_MARK],
            "{unsubscribe}": _LINKS[UNSUBSCRIBE_MARK],
            "{subject}": said.subject,
            **{f"{{item{place}}}": name for place, name in enumerate(NAMES)},
        }
        self._values = {mark[1:-1]: value for mark, value in marked.items()}
        made = letter(said)
        self._html = _template(made.html, marked, escaped=True)
        self._text = _template(made.text, marked, escaped=False)
        self._made = made
        self.prove()

    def letter(self) -> tuple[str, str]:
        """Return HTML and text."""
        escaped = {name: html.escape(value) for name, value in self._values.items()}
        return self._html.format_map(escaped), self._text.format_map(self._values)

    def serialised(self, markup: str, text: str) -> bytes:
        """Return the mail's bytes, from fixed parts."""
        border = secrets.token_hex(16)
        head = (
            "Content-Type: multipart/alternative; boundary={0}\r\nMIME-Version: 1.0\r\n"
            "Subject: {1}\r\nFrom: Shop <hello@shop.example>\r\nTo: {2}\r\n"
            "Reply-To: people@shop.example\r\nDate: {3}\r\nMessage-ID: <{4}@app.example>\r\n"
            "List-Unsubscribe: <{5}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            "X-Entity-Ref-ID: {4}\r\n\r\n"
        ).format(
            border,
            self._values["subject"],
            "shopper@example.org",
            formatdate(),
            "0123456789abcdef",
            self._values["unsubscribe"],
        )
        part = "--{}\r\nContent-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n"
        # The layout's lines are longer than SMTP's 998 octets: they must be quoted.
        return b"".join(
            (
                f"{head}{part.format(border, 'plain', '8bit')}\r\n{_lines(text)}\r\n".encode(),
                f"{part.format(border, 'html', 'quoted-printable')}\r\n".encode(),
                binascii.b2a_qp(_lines(markup).encode()),
                f"\r\n--{border}--\r\n".encode(),
            )
        )

    def build(self) -> bytes:
        """Return the whole mail."""
        return self.serialised(*self.letter())

    def prove(self) -> None:
        """Raise AssertionError unless a mail reader finds the product's own letter in the bytes."""
        read = email.message_from_bytes(self.build(), policy=email.policy.default)
        for kind, wanted in (("plain", self._made.text), ("html", self._made.html)):
            found = read.get_body((kind,))
            content = found.get_content() if found is not None else ""
            if content.replace("\r\n", "\n").strip() != wanted.strip():
                raise AssertionError(f"the floor's {kind} part is another letter")


def _template(made: str, marked: dict[str, str], *, escaped: bool) -> str:
    template = made.replace("{", "{{").replace("}", "}}")
    # Longest first: a value may hold a shorter one.
    for mark, value in sorted(marked.items(), key=lambda pair: -len(pair[1])):
        template = template.replace(html.escape(value) if escaped else value, mark)
    return template


def _lines(text: str) -> str:
    return text.replace("\n", "\r\n")
