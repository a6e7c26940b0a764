"""What people write of a loyalty level; the services check what it may be."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import OfferField, in_major, in_minor
from campaigns.models import LoyaltyLevel
from customers.forms.fields import AmountField


class LevelForm(forms.Form):
    """A level: what it takes, and what it gives when."""

    name = forms.CharField(label=_("Name"), max_length=LoyaltyLevel.LONGEST_NAME)
    position = forms.IntegerField(
        label=_("Order"),
        min_value=1,
        max_value=1_000,
        initial=1,
        help_text=_("Of several that a customer has reached, the highest is theirs."),
    )
    least_months = forms.IntegerField(
        label=_("Months as a paying customer, at least"),
        min_value=0,
        max_value=600,
        required=False,
    )
    least_year = AmountField(
        label=_("Paid a year, at least"),
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=4,
        required=False,
    )
    reward = OfferField(
        label=_("Reward"),
        queryset=None,
        required=False,
        empty_label=_("none"),
        help_text=_("Everybody who stands on it gets it from now on, as far as the offer allows."),
    )
    given = forms.ChoiceField(
        label=_("Given"),
        choices=LoyaltyLevel.Given.choices,
        initial=LoyaltyLevel.Given.REACHED,
    )

    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    asked_as = {"least_year_minor": "least_year"}

    def __init__(self, *args: Any, offers: Any, reporting: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reporting = reporting
        self.fields["reward"].queryset = offers
        self.fields["least_year"].label = f"{self.fields['least_year'].label} ({reporting})"

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("name", "position", "least_months", "reward", "given")
        least = in_minor(given.get("least_year"), self.reporting)
        return {name: given.get(name) for name in names} | {"least_year_minor": least}


def beginning(level: LoyaltyLevel, reporting: str) -> dict[str, Any]:
    """What the form of a level shows at first."""
    names = ("name", "position", "least_months", "reward", "given")
    least = in_major(level.least_year_minor, reporting)
    shown = {name: getattr(level, name) for name in names}
    return shown | {"least_year": least, "seen": level.changed_at.isoformat()}
