"""What people write of an offer: only the fields of its kind; the services check what it may be."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.forms.audience import Saved, chosen_field, offer_saved, take_chosen
from campaigns.models import Offer, OfferKind
from campaigns.models.offer import FIELDS_OF, SOURCE_LANGUAGE
from campaigns.promises import gist
from campaigns.services.checking import LONGEST, MOST_DAYS, MOST_MONTHS
from churnapp.common.money import to_major, to_minor
from customers.forms.fields import AmountField, CurrencyField, PlanField

AMOUNTS = {"budget_minor": "budget", "fixed_cost_minor": "fixed_cost", "amount_minor": "amount"}
BY_TASK = (OfferKind.LOYALTY, OfferKind.CALL)
TEXT_LABELS = {"title": _("Title"), "text": _("Text"), "button": _("Words on the button")}


class OfferForm(forms.Form):
    """One offer of a kind; amounts are written in major units."""

    name = forms.CharField(
        label=_("Name"), max_length=Offer.LONGEST_NAME, help_text=_("Only colleagues see it.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OfferKind.choices)
    percent = forms.IntegerField(label=_("Percent off"), min_value=1, max_value=100)
    amount = AmountField(label=_("Amount"), min_value=Decimal(0), max_digits=18, decimal_places=4)
    currency = CurrencyField(label=_("Currency"))
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=MOST_MONTHS)
    plan = PlanField(label=_("Plan"))
    address = forms.URLField(
        label=_("Address"), max_length=500, help_text=_("Shown once the offer is accepted.")
    )
    fulfilment = forms.ChoiceField(
        label=_("Carried out"), choices=Offer.Fulfilment.choices, initial=Offer.Fulfilment.HERE
    )
    chosen = chosen_field()
    eligible = forms.CharField(
        label=_("Or a filter"),
        required=False,
        help_text=_("Such as plan=pro&country=NO, as in the address of the customer list."),
    )
    days_to_accept = forms.IntegerField(
        label=_("Days to accept"), min_value=1, max_value=MOST_DAYS, initial=14
    )
    cool_down_days = forms.IntegerField(
        label=_("Days until it is made again"), min_value=0, max_value=MOST_DAYS * 10, initial=90
    )
    most_a_customer = forms.IntegerField(
        label=_("Most for one customer"), min_value=1, max_value=1_000, initial=1
    )
    most_in_total = forms.IntegerField(
        label=_("Most in all"), min_value=1, max_value=2**31 - 1, required=False
    )
    budget = AmountField(
        label=_("Budget"),
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=4,
        required=False,
        help_text=_("Once it is used up, the offer is made to nobody any more."),
    )
    fixed_cost = AmountField(
        label=_("Fixed cost of each"),
        min_value=Decimal(0),
        max_digits=18,
        decimal_places=4,
        initial=0,
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    asked_as = AMOUNTS

    def __init__(
        self, *args: Any, kind: str, reporting: str, saved: Saved = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        offer_saved(self, saved, "eligible", _("every customer, or the filter below"))
        self.of_kind, self.reporting = OfferKind(kind), reporting
        used = {AMOUNTS.get(name, name) for name in FIELDS_OF[self.of_kind]}
        for name in ("percent", "amount", "currency", "months", "plan", "address"):
            if name not in used:
                del self.fields[name]
        if self.of_kind in BY_TASK:
            del self.fields["fulfilment"]
        if self.of_kind in {OfferKind.PLAN, OfferKind.DOWNGRADE}:
            self.fields["amount"].help_text = _("What one unit costs a month with it.")
        for name in ("budget", "fixed_cost"):
            label = self.fields[name].label
            self.fields[name].label = f"{label} ({reporting})"
        for code, _language in settings.LANGUAGES:
            for part, label in TEXT_LABELS.items():
                self.fields[f"{part}_{code}"] = text_field(part, label, code)

    def clean(self) -> dict[str, Any]:
        return take_chosen(self, super().clean() or {}, "eligible")

    @property
    def own(self) -> list[forms.BoundField]:
        """What it is and gives."""
        names = ("percent", "amount", "currency", "months", "plan", "address", "fulfilment")
        return [self[name] for name in names if name in self.fields]

    @property
    def limits(self) -> list[forms.BoundField]:
        names = (
            "chosen", "eligible", "days_to_accept", "cool_down_days", "most_a_customer",
            "most_in_total", "budget", "fixed_cost",
        )  # fmt: skip
        return [self[name] for name in names]

    @property
    def languages(self) -> list[tuple[str, str, list[forms.BoundField], bool]]:
        """Each language by code and name, with its texts, and whether there are any."""
        found = []
        for code, name in settings.LANGUAGES:
            fields = [self[f"{part}_{code}"] for part in TEXT_LABELS]
            is_open = any(field.value() or field.errors for field in fields)
            found.append((code, name, fields, is_open))
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        kept = {
            name: given.get(name)
            for name in (
                "name", "percent", "months", "plan", "eligible", "days_to_accept",
                "cool_down_days", "most_a_customer", "most_in_total",
            )
        }  # fmt: skip
        currency = given.get("currency") or ""
        kept |= {"kind": str(self.of_kind), "currency": currency}
        kept |= {"address": given.get("address") or ""}
        kept["fulfilment"] = given.get("fulfilment") or Offer.Fulfilment.HERE
        kept["amount_minor"] = in_minor(given.get("amount"), currency)
        kept["budget_minor"] = in_minor(given.get("budget"), self.reporting)
        kept["fixed_cost_minor"] = in_minor(given.get("fixed_cost"), self.reporting)
        kept["texts"] = {
            code: {part: given.get(f"{part}_{code}", "") for part in TEXT_LABELS}
            for code, _name in settings.LANGUAGES
        }
        return kept


def text_field(part: str, label: Any, code: str) -> forms.CharField:
    is_long = part == "text"
    return forms.CharField(
        label=label,
        max_length=LONGEST[part],
        required=code == SOURCE_LANGUAGE and part != "button",
        widget=forms.Textarea(attrs={"rows": 4, "lang": code})
        if is_long
        else forms.TextInput(attrs={"lang": code}),
    )


def in_minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None or not currency else to_minor(amount, currency)


def beginning(offer: Offer, reporting: str) -> dict[str, Any]:
    """What the form of an offer shows at first."""
    plain = (
        "name", "kind", "percent", "currency", "months", "plan", "address", "fulfilment",
        "eligible", "days_to_accept", "cool_down_days", "most_a_customer", "most_in_total",
    )  # fmt: skip
    shown = {name: getattr(offer, name) for name in plain}
    shown["amount"] = in_major(offer.amount_minor, offer.currency)
    shown["budget"] = in_major(offer.budget_minor, reporting)
    shown["fixed_cost"] = in_major(offer.fixed_cost_minor, reporting)
    shown["seen"] = offer.changed_at.isoformat() if offer.changed_at else ""
    for code, texts in offer.texts.items():
        shown |= {f"{part}_{code}": text for part, text in texts.items()}
    return shown


def in_major(minor: int | None, currency: str) -> Decimal | None:
    return None if minor is None or not currency else to_major(minor, currency)


class RulesForm(forms.Form):
    """From where on a second person approves; empty means never."""

    most_cost = AmountField(
        label=_("Cost for one customer, above"),
        min_value=Decimal(0), max_digits=18, decimal_places=4, required=False,
    )  # fmt: skip
    most_budget = AmountField(
        label=_("Budget, above"),
        min_value=Decimal(0), max_digits=18, decimal_places=4, required=False,
        help_text=_("An offer without a budget may cost anything, so it is above every limit."),
    )  # fmt: skip

    asked_as = {"most_cost_minor": "most_cost", "most_budget_minor": "most_budget"}


class OfferField(forms.ModelChoiceField):
    """An offer, with what it gives."""

    def label_from_instance(self, offer: Offer) -> str:
        return f"{offer.name} ({gist(offer)})"


class ChooseOfferForm(forms.Form):
    """Which offer is made to a customer, to whom there, and whether a mail tells of it."""

    offer = OfferField(label=_("Offer"), queryset=None)
    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )
    by_mail = forms.BooleanField(label=_("Tell them in a mail from me"), required=False)
    subject = forms.CharField(
        label=_("Subject"), max_length=200, required=False,
        help_text=_("Empty, the mail says what the offer itself says."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, contacts: Any, offers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = contacts
        self.fields["offer"].queryset = offers
