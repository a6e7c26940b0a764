"""Columns of the customer list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from churnapp.common.money import mrr
from customers.models import Customer
from customers.templatetags.customer import risk_pill, state_pill

# Columns to choose from, in the order they are offered; attributes come on top.
SHOWABLE: dict[str, str | Promise] = {
    "name": _("Customer"),
    "state": _("State"),
    "plan": _("Plan"),
    "mrr": _("MRR"),
    "risk": _("Risk"),
    "owner": _("Owner"),
    "country": _("Country"),
    "paying_since": _("Paying since"),
    "next_end": _("Known end"),
    "contract_ends": _("Contract ends"),
    "notice_by": _("Notice by"),
    "last_used": _("Last used"),
    "lost_on": _("Lost on"),
    "signed_up": _("Signed up"),
    "customer_id": _("Customer id"),
    "organisation_number": _("Organisation number"),
}
DEFAULT_COLUMNS = ["state", "plan", "mrr", "risk", "owner", "country"]


class LabelledColumn(tables.Column):
    """A column whose cells say its name, for screens too narrow for a head."""

    def __init__(self, label: str | Promise, accessor: str, *, number: bool = False) -> None:
        self.is_number = number
        shape = {"class": "num"} if number else {}
        cell = shape | {"data-label": label}
        super().__init__(label, accessor, default="", attrs={"td": cell, "th": shape})


class DayColumn(LabelledColumn):
    """A date in the reader's language."""

    def render(self, value: date) -> str:
        return formats.day(value)


class AttributeColumn(LabelledColumn):
    """One of a customer's own attributes."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "attributes")
        self.name = name

    def render(self, value: dict[str, Any]) -> str:
        found = value.get(self.name)
        return "" if found is None else str(found)


class CustomerTable(tables.Table):
    """Rows of the customer list; `currency` is the reporting currency."""

    name = LabelledColumn(SHOWABLE["name"], "name")
    state = LabelledColumn(SHOWABLE["state"], "standing")
    plan = LabelledColumn(SHOWABLE["plan"], "standing__plan")
    mrr = LabelledColumn(SHOWABLE["mrr"], "standing__arr_minor", number=True)
    risk = LabelledColumn(SHOWABLE["risk"], "standing__risk")
    owner = LabelledColumn(SHOWABLE["owner"], "owner")
    country = LabelledColumn(SHOWABLE["country"], "country")
    paying_since = DayColumn(SHOWABLE["paying_since"], "standing__first_paid_on")
    next_end = DayColumn(SHOWABLE["next_end"], "standing__next_end_on")
    contract_ends = DayColumn(SHOWABLE["contract_ends"], "standing__contract_ends_on")
    notice_by = DayColumn(SHOWABLE["notice_by"], "standing__notice_by")
    last_used = DayColumn(SHOWABLE["last_used"], "standing__last_used_on")
    lost_on = DayColumn(SHOWABLE["lost_on"], "standing__lost_on")
    signed_up = DayColumn(SHOWABLE["signed_up"], "signed_up_on")
    customer_id = LabelledColumn(SHOWABLE["customer_id"], "external_id")
    organisation_number = LabelledColumn(SHOWABLE["organisation_number"], "organisation_number")

    class Meta:
        orderable = False

    def __init__(self, rows: Sequence[Customer], *, columns: list[str], currency: str) -> None:
        self.currency = currency
        own = [name for name in columns if name not in SHOWABLE]
        keys = {name: f"attribute_{number}" for number, name in enumerate(own)}
        super().__init__(
            rows,
            extra_columns=[(keys[name], AttributeColumn(name)) for name in own],
            sequence=[keys.get(name, name) for name in columns],
            exclude=[name for name in SHOWABLE if name not in columns],
        )

    def render_name(self, record: Customer) -> SafeString:
        return format_html(
            '<a class="row-link" href="{}" data-row-link>{}</a>',
            reverse("customers:detail", args=[record.pk]),
            record.name,
        )

    def render_state(self, record: Customer) -> SafeString | str:
        return state_pill(record.standing)

    def render_mrr(self, value: int) -> str:
        return formats.money(mrr(value, self.currency), self.currency, digits=0)

    def render_risk(self, value: int) -> SafeString | str:
        return risk_pill(value)
