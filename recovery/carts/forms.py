"""The form of the cut-offs."""

from __future__ import annotations

from django import forms

WEEK = 7 * 24 * 60


class CutOffForm(forms.Form):
    """After how many quiet minutes a cart counts as abandoned."""

    checkout_cutoff_minutes = forms.IntegerField(
        min_value=15,
        max_value=WEEK,
        error_messages={
            "required": "Say after how many minutes.",
            "min_value": "Give people at least 15 minutes to finish.",
            "max_value": "After a week the cart is cold: choose less.",
        },
    )
    cart_cutoff_minutes = forms.IntegerField(
        min_value=15,
        max_value=WEEK,
        error_messages={
            "required": "Say after how many minutes.",
            "min_value": "Give people at least 15 minutes to think.",
            "max_value": "After a week the cart is cold: choose less.",
        },
    )
