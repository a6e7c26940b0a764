"""Forms that start, change, pause, resume, end and correct a subscription."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import INTERVALS, AmountField, CurrencyField, DayField, PlanField
from customers.models import Term
from customers.services.corrections import TermChanges
from customers.services.prices import Contract, Price

YES_NO = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]


def yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


class PriceForm(forms.Form):
    """The price of one unit for one interval; an empty amount is no price."""

    amount = AmountField(label=_("Price"), min_value=Decimal(0), required=False)
    interval = forms.ChoiceField(label=_("for"), choices=INTERVALS)
    currency = CurrencyField(label=_("Currency"))
    quantity = AmountField(label=_("Quantity"), initial=1)

    rows = (("amount", "interval"), ("currency", "quantity"))

    @property
    def price(self) -> Price | None:
        given = self.cleaned_data
        if given["amount"] is None:
            return None
        return Price(given["amount"], given["interval"], given["currency"], given["quantity"])


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

    rows: tuple[tuple[str, ...], ...] = (("contract_ends_on", "notice_by"), ("auto_renews",))

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
    amount = AmountField(label=_("Price"), min_value=Decimal(0), initial=0)

    rows = (("plan", "kind"), ("starts_on",), *PriceForm.rows, *ContractForm.rows)


class ChangeForm(PriceForm):
    on = DayField(label=_("From"), help_text=_("The first day of what is new."))
    plan = PlanField(label=_("Plan"), required=False, empty_label=_("The plan stays"))
    amount = AmountField(
        label=_("New price"),
        min_value=Decimal(0),
        required=False,
        help_text=_("Empty: the price stays."),
    )

    rows = (("on", "plan"), *PriceForm.rows)


class DayForm(forms.Form):
    """The first day of something."""

    on = DayField(label=_("From"))


class CorrectForm(PriceForm):
    """What one term should have said."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Until"), required=False, help_text=_("The first day not included; empty: open.")
    )
    plan = PlanField(label=_("Plan"), required=False, empty_label=_("The plan stays"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Term.Kind.choices)
    amount = AmountField(
        label=_("Right price"),
        min_value=Decimal(0),
        required=False,
        help_text=_("Empty: the price stays."),
    )

    rows = (("starts_on", "ends_on"), ("plan", "kind"), *PriceForm.rows)

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
    """Interval, currency and quantity that a form about a term begins with."""
    whole = term.quantity.to_integral_value()
    quantity = whole if whole == term.quantity else term.quantity.normalize()
    return {"interval": "year", "currency": term.currency, "quantity": quantity}
