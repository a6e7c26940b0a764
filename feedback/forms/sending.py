"""What people fill in about when a survey goes out, and a new survey."""

from collections.abc import Iterable
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
    """A sending rule; the service checks the segment. `views` are saved filters by their query."""

    view = forms.ChoiceField(
        label=_("Among"),
        required=False,
        help_text=_(
            "A segment, or a saved view of the customer list with its filters as they are now."
        ),
    )
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
            "delay_minutes": _("How long the mail waits after it happened."),
            "not_again_days": _("For one customer, whichever survey of this kind asked them."),
        }

    def __init__(self, *args: Any, views: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offered = dict(views)
        self.fields["view"].choices = [("", _("Everyone, or the filter below")), *offered.items()]
        self.fields["segment"].label = _("Filter")
        self.fields["segment"].widget.attrs["placeholder"] = "state=active&country=NO"
        if self.instance.segment in offered:
            self.initial.update(view=self.instance.segment, segment="")

    def clean(self) -> dict[str, Any]:
        """A saved view stands for its filters; one written beside it would be passed over."""
        cleaned: dict[str, Any] = super().clean() or {}
        view, text = cleaned.get("view"), cleaned.get("segment")
        if view and text not in {"", view, self.instance.segment}:
            self.add_error("segment", _("Choose a saved view or write a filter, not both."))
        elif view:
            cleaned["segment"] = view
        return cleaned
