"""The form that begins an install."""

from __future__ import annotations

from django import forms


class ConnectForm(forms.Form):
    """Which store, and whom to write to about it."""

    store_url = forms.CharField(
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages={"required": "Enter the address of your shop."},
    )
    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address: you sign in with it.",
            "invalid": "This is not an e-mail address.",
        },
    )
