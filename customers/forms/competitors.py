"""A competitor, the names it goes by, and what it offers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churnapp.common.money import to_major, to_minor
from customers.forms.fields import AmountField, CurrencyField, DayField
from customers.models import Competitor, CompetitorOffer
from customers.services.competitor_offers import OfferDetails
from customers.services.competitors import LONGEST_NAME, CompetitorDetails

LONGEST_NOTE = 20_000


class CompetitorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    website = forms.URLField(label=_("Website"), max_length=2000, required=False)
    notes = forms.CharField(
        label=_("Notes"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they are good at, and what speaks for you against them."),
    )

    rows = (("name", "website"), ("notes",))

    def details(self) -> CompetitorDetails:
        return CompetitorDetails(**self.cleaned_data)


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Another name"),
        max_length=LONGEST_NAME,
        help_text=_("As customers write it. Departures that name it count here, past ones too."),
    )

    rows = (("name",),)


class PlaceForm(forms.Form):
    """A name that was said, and the competitor that is meant."""

    name = forms.CharField(label=_("Name as it was said"), max_length=LONGEST_NAME)
    competitor = forms.ModelChoiceField(Competitor.objects.entries(), label=_("Who is meant"))

    rows = (("name",), ("competitor",))


class MergeCompetitorForm(forms.Form):
    into = forms.ModelChoiceField(Competitor.objects.none(), label=_("Merge into"))

    rows = (("into",),)

    def __init__(self, *args: Any, competitor: Competitor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].queryset = Competitor.objects.entries().exclude(pk=competitor.pk)


class OfferForm(forms.Form):
    name = forms.CharField(
        label=_("Offer"), max_length=200, help_text=_("The plan, or what was promised.")
    )
    seen_on = DayField(label=_("Seen on"))
    amount = AmountField(
        label=_("Price"), min_value=0, max_digits=15, decimal_places=3, required=False
    )
    currency = CurrencyField(label=_("Currency"), required=False)
    per = forms.ChoiceField(label=_("For"), choices=CompetitorOffer.Per.choices, required=False)
    ends_on = DayField(
        label=_("Ended on"), required=False, help_text=_("Empty while it is offered.")
    )
    url = forms.URLField(label=_("Where it was seen"), max_length=2000, required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    asked_as = {"amount_minor": "amount"}
    rows = (
        ("name", "seen_on"),
        ("amount", "currency", "per"),
        ("url", "ends_on"),
        ("note",),
    )

    def details(self) -> OfferDetails:
        """What the form says; without a price it says neither currency nor period."""
        given = dict(self.cleaned_data)
        amount, currency, per = given.pop("amount"), given.pop("currency"), given.pop("per")
        if amount is None:
            return OfferDetails(**given)
        minor = to_minor(amount, currency) if currency else 0
        return OfferDetails(**given, amount_minor=minor, currency=currency, per=per)


class EndOfferForm(forms.Form):
    ends_on = DayField(label=_("Ended on"))

    rows = (("ends_on",),)


def beginning_of(offer: CompetitorOffer) -> dict[str, Any]:
    """What a form that corrects an offer begins with."""
    names = ("name", "seen_on", "currency", "per", "ends_on", "url", "note")
    minor = offer.amount_minor
    amount = None if minor is None else to_major(minor, offer.currency)
    return {name: getattr(offer, name) for name in names} | {"amount": amount}
