"""Reasons for leaving: how one is worded and sorted, and which two are the same."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.cancellations import by_category, latest_versions
from customers.models import CancellationReason, ReasonCategory, ReasonVersion
from customers.services.reasons import ReasonDetails, details_of

LONGEST = 200


class ReasonForm(forms.Form):
    """A reason in the languages of the product; English is what others fall back on."""

    en = forms.CharField(label=_("English"), max_length=LONGEST)
    nb = forms.CharField(label=_("Norwegian"), max_length=LONGEST, required=False)
    da = forms.CharField(label=_("Danish"), max_length=LONGEST, required=False)
    sv = forms.CharField(label=_("Swedish"), max_length=LONGEST, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=ReasonCategory)
    asks = forms.ChoiceField(
        label=_("Asks for"), choices=ReasonVersion.Asks.choices, required=False
    )
    avoidable = forms.BooleanField(label=_("We could have kept them"), required=False, initial=True)

    rows = (("en", "nb"), ("da", "sv"), ("category", "asks"), ("avoidable",))
    asked_as = {"labels": "en"}
    languages = ("en", "nb", "da", "sv")

    def details(self) -> ReasonDetails:
        given = self.cleaned_data
        labels = {name: given[name] for name in self.languages if given[name]}
        return ReasonDetails(labels, given["category"], given["avoidable"], given["asks"])


def beginning_of(version: ReasonVersion) -> dict[str, Any]:
    """What a form that renames a reason begins with."""
    details = details_of(version)
    return {
        **details.labels,
        "category": details.category,
        "avoidable": details.avoidable,
        "asks": details.asks,
    }


class MergeReasonForm(forms.Form):
    """Into which other reason one goes."""

    into = forms.ModelChoiceField(
        CancellationReason.objects.none(), label=_("Count it under"), empty_label=_("Choose")
    )

    rows = (("into",),)

    def __init__(self, *args: Any, reason: CancellationReason, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [one for one in latest_versions() if one.reason_id != reason.pk]
        field = self.fields["into"]
        field.queryset = CancellationReason.objects.filter(pk__in=[one.reason_id for one in others])
        field.choices = [("", field.empty_label), *by_category(others)]
