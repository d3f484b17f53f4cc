"""The sender's settings, each mistake told in words beside its field."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms

from recovery.messaging.models import Sender
from shopapp.kit.addresses import normalised_email

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_FIELDS = {
    # The form's field -> the row's.
    "sender_name": "name",
    "sender_address": "email",
    "reply_to": "reply_to",
    "legal_address": "legal_address",
    "quiet_from": "quiet_from",
    "quiet_until": "quiet_until",
    "brand_colour": "brand_color",
    "logo_url": "logo_url",
}


class SenderForm(forms.Form):
    """Whose name and address the mails bear, how they look and when they keep quiet."""

    sender_name = forms.CharField(max_length=100, error_messages={"required": "Enter a name."})
    sender_address = forms.CharField(
        max_length=254, error_messages={"required": "Enter the address that mails come from."}
    )
    reply_to = forms.CharField(max_length=254, required=False)
    legal_address = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter the company's name and postal address."},
    )
    quiet_from = forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Enter a time like 21:00.", "required": "Enter a time."},
    )
    quiet_until = forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text="The same time in both fields means: never quiet.",
        error_messages={"invalid": "Enter a time like 08:00.", "required": "Enter a time."},
    )
    brand_colour = forms.CharField(
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"required": "Choose a colour."},
    )
    logo_url = forms.CharField(max_length=500, required=False)

    def clean_sender_name(self) -> str:
        """Return the name; one that could smuggle in a mail header is refused."""
        return self._without_control("sender_name", "The name must be on one line.")

    def clean_sender_address(self) -> str:
        """Return the address as we write it."""
        return self._address("sender_address")

    def clean_reply_to(self) -> str:
        """Return the address as we write it, or nothing."""
        return self._address("reply_to") if self.cleaned_data["reply_to"] else ""

    def clean_legal_address(self) -> str:
        """Return the address, its lines trimmed."""
        lines = [line.strip() for line in self.cleaned_data["legal_address"].splitlines()]
        return "\n".join(line for line in lines if line)

    def clean_brand_colour(self) -> str:
        """Return the colour as #rrggbb."""
        colour = str(self.cleaned_data["brand_colour"]).strip().lower()
        if not _COLOUR.fullmatch(colour):
            raise forms.ValidationError("A colour is a # and six digits or letters, like #00684a.")
        return colour

    def clean_logo_url(self) -> str:
        """Return the logo's address; mailboxes only show pictures from https."""
        url = str(self.cleaned_data["logo_url"]).strip()
        if url and not _is_https(url):
            raise forms.ValidationError("Enter a full address that begins with https://.")
        return url

    def _address(self, field: str) -> str:
        try:
            return normalised_email(self.cleaned_data[field])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def _without_control(self, field: str, message: str) -> str:
        text = str(self.cleaned_data[field])
        if _CONTROL.search(text):
            raise forms.ValidationError(message)
        return text


def values_of(sender: Sender) -> dict[str, Any]:
    """Return what the form shows of this sender."""
    return {field: getattr(sender, column) for field, column in _FIELDS.items()}


def columns_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return the row's columns from the form's clean values."""
    return {column: cleaned[field] for field, column in _FIELDS.items()}


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = not _CONTROL.search(url) and not any(sign in url for sign in ' "<>\\')
    return parts.scheme == "https" and bool(parts.hostname) and plain
