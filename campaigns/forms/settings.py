"""What people fill in about a campaign beside its path."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.audience import chosen_field, offer_saved, take_chosen
from campaigns.models import Campaign, CampaignKind, Fix
from customers.models import Contact, Feature


class NewCampaignForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Begin with"),
        choices=CampaignKind.choices,
        help_text=_("Each comes with a path of its own, complete in four languages."),
    )
    name = forms.CharField(label=_("Name"), max_length=200)


class CampaignForm(forms.ModelForm):
    """A campaign's settings; the service checks the audience.

    `choices` are saved segments and views by their query. One that has begun keeps all but its
    name and its note.
    """

    field_order = ("name", "kind", "note", "chosen", "audience")
    chosen = chosen_field()
    roles = forms.MultipleChoiceField(
        label=_("Write first to"),
        choices=Contact.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: decision makers, then champions, then users."),
    )
    goal_feature = forms.ModelChoiceField(
        Feature.objects.all(), label=_("Feature they are to use"), required=False
    )
    fix = forms.ModelChoiceField(
        Fix.objects.filter(archived_at=None),
        label=_("Tells of a fix"),
        required=False,
        help_text=_("Each customer is told of a fix once, whatever campaigns do so."),
    )

    class Meta:
        model = Campaign
        fields = (
            "name", "kind", "note", "audience", "roles", "entry", "holdout_percent", "goal",
            "goal_feature", "horizon_days", "strength", "fix",
        )  # fmt: skip
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "audience": forms.TextInput(attrs={"placeholder": "state=lost&country=NO"}),
        }
        labels = {
            "audience": _("Or a filter"),
            "horizon_days": _("Judged after, days"),
        }
        help_texts = {
            "horizon_days": _(
                "Stated before launch, so that nobody chooses the day on which it looks best."
            ),
        }

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer_saved(self, choices, "audience", _("The filter below"))
        self.fields["audience"].required = False
        if self.instance.fix:
            kept = Fix.objects.filter(pk=self.instance.fix_id)
            self.fields["fix"].queryset = self.fields["fix"].queryset | kept
        if not self.instance.may_change:
            for name in set(self.fields) - {"name", "note"}:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        return take_chosen(self, super().clean() or {}, "audience")

    def given(self) -> dict[str, Any]:
        """What the service takes: only what may still change, and could be read."""
        open_ones = {name for name, field in self.fields.items() if not field.disabled} - {"chosen"}
        return {name: value for name, value in self.cleaned_data.items() if name in open_ones}
