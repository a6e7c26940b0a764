"""What people fill in about when a survey goes out, and a new survey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from feedback.models import SendingRule, SurveyKind


class NewSurveyForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Begin with"),
        choices=SurveyKind.choices,
        help_text=_("Each comes complete in four languages; change it as you like."),
    )
    name = forms.CharField(label=_("Name"), max_length=200)


class RuleForm(forms.ModelForm):
    """A sending rule; the service checks the segment."""

    roles = forms.MultipleChoiceField(
        label=_("Ask first"),
        choices=Contact.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: decision makers, then champions, then users."),
    )

    class Meta:
        model = SendingRule
        fields = (
            "trigger", "delay_minutes", "days", "segment", "sample_percent", "not_again_days",
            "roles", "reminder_days", "reminders",
        )  # fmt: skip
        help_texts = {
            "delay_minutes": _("For cancellations and tickets: how long the mail waits."),
            "days": _("For payments, renewals and customers who left before."),
            "sample_percent": _("For quarters and rounds by hand."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["segment"].widget.attrs["placeholder"] = "state=active&country=NO"
