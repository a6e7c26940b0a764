"""When a campaign begins."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LaunchForm(forms.Form):
    when = forms.ChoiceField(
        label=_("When it begins"),
        choices=[("now", _("Now")), ("later", _("On a day and time"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    at = forms.DateTimeField(
        label=_("Day and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text=_("In the organisation's time zone."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        at = cleaned.get("at")
        if cleaned.get("when") == "later" and at is None and "at" not in self.errors:
            self.add_error("at", _("Say when it begins."))
        elif cleaned.get("when") == "later" and at and at <= timezone.now():
            self.add_error("at", _("That moment has passed. Choose a later one, or now."))
        return cleaned

    @property
    def starts_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        return at if self.cleaned_data["when"] == "later" else None
