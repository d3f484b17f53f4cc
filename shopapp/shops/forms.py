"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from shopapp.shops.models import User


class SignInForm(forms.Form):
    """Whom to mail a link to."""

    email = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "This is not an e-mail address.",
        },
    )


class InvitationForm(forms.Form):
    """Whom to let into the shop with a sign-in of our own."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter the e-mail address to send the link to.",
            "invalid": "This is not an e-mail address.",
        },
    )

    def clean_email(self) -> str:
        """Refuse names that no mail reaches: they are ours, of people who come by an admin."""
        email = str(self.cleaned_data["email"]).lower()
        if email.endswith(".invalid"):
            raise forms.ValidationError("No mail reaches this address.")
        return email


class PasswordSignInForm(SignInForm):
    """Address and password, for those who set one."""

    password = forms.CharField(
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label="New password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label="The same again",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Check that the two agree and that the password is strong enough."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", "The two do not agree.")
        if first:
            try:
                validate_password(first, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
