"""Forms of the flows page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from recovery.flows.steps import EmailStep
from recovery.messaging.liquid_texts import Unrenderable, render_text

UNITS = (("minutes", "minutes"), ("hours", "hours"), ("days", "days"))
LONGEST = timedelta(days=60)
_SAMPLE: dict[str, str | int | bool | None] = {
    "first_name": "Anna",
    "first_item": "Wool runner",
    "shop_name": "Shop",
    "count": 2,
}


class StepForm(forms.Form):
    """One step: when it goes, and its texts."""

    on = forms.BooleanField(required=False)
    delay_value = forms.IntegerField(
        min_value=1,
        max_value=100_000,
        error_messages={
            "required": "Say how long to wait.",
            "invalid": "Enter a whole number.",
            "min_value": "The shortest wait is 1.",
            "max_value": "A mail later than 60 days is not about this cart.",
        },
    )
    delay_unit = forms.ChoiceField(choices=UNITS)
    subject = forms.CharField(
        max_length=200, error_messages={"required": "A mail needs a subject."}
    )
    preheader = forms.CharField(max_length=200, required=False)
    heading = forms.CharField(max_length=200, required=False)
    text = forms.CharField(
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "A mail needs a text."},
    )
    button_label = forms.CharField(
        max_length=60, error_messages={"required": "The button needs words."}
    )

    def clean(self) -> dict[str, Any]:
        """Check that the delay is not too long and that every text can be rendered."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "delay_value" in cleaned and "delay_unit" in cleaned and self._delay() > LONGEST:
            self.add_error("delay_value", "A mail later than 60 days is not about this cart.")
        for name in ("subject", "preheader", "heading", "text", "button_label"):
            found = render_text(cleaned.get(name, ""), _SAMPLE)
            if isinstance(found, Unrenderable):
                self.add_error(
                    name,
                    f"A placeholder is not written right: {found.problem.rstrip('.')}. "
                    "It looks like {{ first_item }}.",
                )
        return cleaned

    def _delay(self) -> timedelta:
        unit: str = self.cleaned_data["delay_unit"]
        return timedelta(**{unit: self.cleaned_data["delay_value"]})

    def changed(self, step: EmailStep) -> EmailStep:
        """Return the step as this (valid) form wants it."""
        data = self.cleaned_data
        return EmailStep(
            key=step.key,
            after=self._delay(),
            too_late=step.too_late,
            on=data["on"],
            content={
                # What this form does not show stays: the discount that the mail gives.
                **step.content,
                "subject": data["subject"],
                "preheader": data["preheader"],
                "heading": data["heading"],
                "text": data["text"],
                "button": data["button_label"],
            },
        )


def initial_of(step: EmailStep) -> dict[str, Any]:
    """Return what the form shows for a step: the delay in its largest whole unit."""
    seconds = int(step.after.total_seconds())
    unit, size = next(
        (unit, size)
        for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60))
        if (seconds % size == 0 and seconds >= size) or unit == "minutes"
    )
    return {
        "on": step.on,
        "delay_value": seconds // size,
        "delay_unit": unit,
        "button_label": step.content["button"],
        **{name: step.content[name] for name in ("subject", "preheader", "heading", "text")},
    }


class TestForm(forms.Form):
    """Where a test mail goes: only ever to the signed-in person."""

    email = forms.EmailField(widget=forms.EmailInput(attrs={"readonly": True}))
