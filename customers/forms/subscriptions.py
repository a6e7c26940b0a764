"""Forms that start, change, pause, resume, end and correct a subscription."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from customers.forms.fields import INTERVALS, AmountField, CurrencyField, DayField, PlanField
from customers.models import Term
from customers.services.corrections import TermChanges
from customers.services.prices import Contract, Price, check_price, unit_price

Rows = tuple[tuple[str, ...], ...]

PRICE = frozenset({"amount", "currency", "interval", "quantity"})
PRICE_HELP = _("For one unit and one interval.")
PREFILLED_HELP = _("For one unit and one interval; filled in as agreed, for a year.")
YES_NO = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]


def yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


class PriceForm(forms.Form):
    """The price of one unit for one interval; an empty amount is no price."""

    quantity = AmountField(label=_("Quantity"), max_digits=14, decimal_places=4, initial=1)
    amount = AmountField(
        label=_("Price of one unit"),
        min_value=Decimal(0),
        max_digits=40,
        decimal_places=20,
        required=False,
        help_text=PRICE_HELP,
    )
    currency = CurrencyField(label=_("Currency"))
    interval = forms.ChoiceField(label=_("Interval"), choices=INTERVALS)

    rows: Rows = (("quantity", "amount", "currency", "interval"),)

    @property
    def price(self) -> Price | None:
        given = self.cleaned_data
        return None if given["amount"] is None else Price(**{name: given[name] for name in PRICE})

    @property
    def as_written(self) -> Price | None:
        """The price that the fields show just now, sent or not; None while it is not complete."""
        written = PriceForm({name: self[name].value() for name in PRICE})
        if not written.is_valid() or written.price is None:
            return None
        try:
            check_price(written.price)
        except RuleError:
            return None
        return written.price

    def need_amount(self) -> None:
        """Say at its field that an amount is missing, unless it is there or wrong anyway."""
        if "amount" not in self.errors and self.cleaned_data.get("amount") is None:
            self.add_error("amount", _("Enter the price of one unit."))

    def ignore_amount(self) -> None:
        """Nothing is paid, whatever the amount says."""
        self.errors.pop("amount", None)
        self.cleaned_data["amount"] = Decimal(0)


class AgreedPriceForm(PriceForm):
    """The price of a term: whoever changes one part of it gives it anew, as a whole.

    What the page showed is sent along where there is a page, so that what a person left alone is no
    change of theirs, even if somebody else changed it meanwhile.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in PRICE:
            is_sent_along = self.add_initial_prefix(name) in self.data
            self.fields[name].show_hidden_initial = is_sent_along or not self.is_bound
        if self.initial.get("amount") is not None:
            self.fields["amount"].help_text = PREFILLED_HELP

    @property
    def is_price_changed(self) -> bool:
        return not PRICE.isdisjoint(self.changed_data)

    @property
    def price(self) -> Price | None:
        """The whole price, or None where every part of it stays."""
        return super().price if self.is_price_changed else None


class ContractForm(forms.Form):
    contract_ends_on = DayField(label=_("Contract ends on"), required=False)
    notice_by = DayField(
        label=_("Notice by"), required=False, help_text=_("The last day to give notice.")
    )
    auto_renews = forms.TypedChoiceField(
        label=_("Renews by itself"),
        choices=YES_NO,
        required=False,
        coerce=yes_or_no,
        empty_value=None,
    )

    rows: Rows = (("contract_ends_on", "notice_by"), ("auto_renews",))

    @property
    def contract(self) -> Contract:
        given = self.cleaned_data
        return Contract(given["contract_ends_on"], given["notice_by"], given["auto_renews"])


class StartForm(PriceForm, ContractForm):
    plan = PlanField(label=_("Plan"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind, kind.label) for kind in Term.Kind if kind != Term.Kind.PAUSED],
    )
    starts_on = DayField(label=_("Starts on"))

    rows = (("plan",), ("kind", "starts_on"), *PriceForm.rows, *ContractForm.rows)

    @property
    def price(self) -> Price:
        return Price(**{name: self.cleaned_data[name] for name in PRICE})

    def clean(self) -> None:
        if self.cleaned_data.get("kind") == Term.Kind.PAID:
            self.need_amount()
        else:
            self.ignore_amount()


class ChangeForm(AgreedPriceForm):
    on = DayField(label=_("From"), help_text=_("The first day of what is new."))
    plan = PlanField(label=_("Plan"), required=False, empty_label=_("The plan stays"))

    rows = (("on", "plan"), *PriceForm.rows)
    asked_as = {"starts_on": "on"}

    def clean(self) -> None:
        if self.is_price_changed:
            self.need_amount()


class DayForm(forms.Form):
    """The first day of something."""

    on = DayField(label=_("From"))

    asked_as = {"starts_on": "on"}


class CorrectForm(AgreedPriceForm):
    """What one term should have said."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Until"), required=False, help_text=_("The first day not included; empty: open.")
    )
    plan = PlanField(label=_("Plan"), required=False, empty_label=_("The plan stays"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Term.Kind.choices)

    rows = (("starts_on", "ends_on"), ("plan", "kind"), *PriceForm.rows)

    def clean(self) -> None:
        if self.cleaned_data.get("kind") != Term.Kind.PAID:
            self.ignore_amount()
        elif self.is_price_changed:
            self.need_amount()

    @property
    def changes(self) -> TermChanges:
        given = self.cleaned_data
        return TermChanges(
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            open_ended=given["ends_on"] is None,
            plan=given["plan"],
            price=self.price,
            kind=given["kind"],
        )


def price_of(term: Term) -> dict[str, Any]:
    """The price that a form about a term begins with, for a year: a term keeps no interval.

    What is not paid for has no amount.
    """
    whole = term.quantity.to_integral_value()
    quantity = whole if whole == term.quantity else term.quantity.normalize()
    price = {"interval": "year", "currency": term.currency, "quantity": quantity}
    if term.kind == Term.Kind.PAID and quantity:
        price["amount"] = unit_price(term.arr_native_minor, quantity, term.currency)
    return price
