"""What an offer may say: the fields of its kind, its limits, its texts. Raises RuleError."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.models import Offer, OfferKind
from campaigns.models.offer import FIELDS_OF, SOURCE_LANGUAGE
from churnapp.common.errors import RuleError
from churnapp.common.money import is_currency
from customers.filters import segment
from customers.models import Customer

Values = dict[str, Any]
LONGEST = {"title": 120, "text": 2_000, "button": 40}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MOST_MONTHS, MOST_DAYS, MOST_OF_ONE, MOST_AT_ALL = 120, 365, 1_000, 2**31 - 1
MOST_MINOR = 10**15
EMPTY: Values = {
    "percent": None, "amount_minor": None, "currency": "", "months": None, "plan": None,
    "address": "",
}  # fmt: skip


def checked(values: Values) -> Values:
    """The fields of an offer as they are kept: what its kind has no use for is empty."""
    kind = values.get("kind")
    if kind not in OfferKind.values:
        raise RuleError(_("Choose one of the kinds."), field="kind")
    used = FIELDS_OF[OfferKind(kind)]
    kept = values | {name: empty for name, empty in EMPTY.items() if name not in used}
    kept["name"] = check_name(values.get("name", ""))
    for name in used:
        CHECKS[name](kept.get(name), OfferKind(kind))
    if kept["fulfilment"] not in Offer.Fulfilment.values:
        raise RuleError(_("Choose how it is carried out."), field="fulfilment")
    check_limits(kept)
    check_segment(kept.get("eligible", ""))
    return kept | {"texts": checked_texts(kept.get("texts") or {})}


def check_name(name: str) -> str:
    name = " ".join(CONTROL.sub("", name).split())
    if not name or len(name) > Offer.LONGEST_NAME:
        raise RuleError(
            _("Give it a name of at most %(limit)s characters.") % {"limit": Offer.LONGEST_NAME},
            field="name",
        )
    return name


def check_percent(percent: int | None, _kind: OfferKind) -> None:
    if percent is None or not 1 <= percent <= 100:
        raise RuleError(_("A discount is between 1 and 100 percent."), field="percent")


def check_amount(amount: int | None, kind: OfferKind) -> None:
    least = 1 if kind == OfferKind.AMOUNT else 0
    if amount is None or not least <= amount <= MOST_MINOR:
        raise RuleError(_("Say what amount it is, above zero."), field="amount_minor")


def check_currency(currency: str | None, _kind: OfferKind) -> None:
    if not currency or not is_currency(currency):
        raise RuleError(
            _("%(code)s is no currency. Use an ISO 4217 code such as EUR.")
            % {"code": currency or "–"},
            field="currency",
        )


def check_months(months: int | None, _kind: OfferKind) -> None:
    if months is None or not 1 <= months <= MOST_MONTHS:
        raise RuleError(
            _("Say for how many months, at most %(limit)s.") % {"limit": MOST_MONTHS},
            field="months",
        )


def check_plan(plan: Any, _kind: OfferKind) -> None:
    if plan is None:
        raise RuleError(_("Choose the plan that it is about."), field="plan")


def check_address(address: str | None, _kind: OfferKind) -> None:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(address or "") > 500:
        raise RuleError(_("Give the address of a page, beginning with https://."), field="address")


CHECKS: dict[str, Callable[[Any, OfferKind], None]] = {
    "percent": check_percent,
    "amount_minor": check_amount,
    "currency": check_currency,
    "months": check_months,
    "plan": check_plan,
    "address": check_address,
}


def check_limits(values: Values) -> None:
    """Days, numbers and amounts within what makes sense."""
    within("days_to_accept", values, 1, MOST_DAYS)
    within("cool_down_days", values, 0, MOST_DAYS * 10)
    within("most_a_customer", values, 1, MOST_OF_ONE)
    within("most_in_total", values, 1, MOST_AT_ALL)
    within("budget_minor", values, 0, MOST_MINOR)
    within("fixed_cost_minor", values, 0, MOST_MINOR)


def within(name: str, values: Values, least: int, most: int) -> None:
    """Where the field is empty it has no limit; which may be so the form and the API say."""
    value = values.get(name)
    optional = name in {"most_in_total", "budget_minor"}
    if (value is None and optional) or (value is not None and least <= value <= most):
        return
    raise RuleError(
        _("Write a number between %(least)s and %(most)s.") % {"least": least, "most": most},
        field=name,
    )


def check_segment(query: str) -> None:
    if not query:
        return
    try:
        segment(query, Customer.objects.all())
    except RuleError as error:
        raise RuleError(str(error), field="eligible") from error


def checked_texts(texts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Title, text and button by language; English has at least a title and a text."""
    kept = {}
    for language, _name in settings.LANGUAGES:
        told = texts.get(language) or {}
        found = {name: tidy(told.get(name, ""), name, language) for name in LONGEST}
        if any(found.values()):
            kept[language] = {name: text for name, text in found.items() if text}
    for name in ("title", "text"):
        if not kept.get(SOURCE_LANGUAGE, {}).get(name):
            raise RuleError(
                _("Write it in English first: other languages fall back to it."),
                field=f"{name}_{SOURCE_LANGUAGE}",
            )
    return kept


def tidy(text: Any, name: str, language: str) -> str:
    plain = CONTROL.sub("", str(text).replace("\r\n", "\n")).strip()
    plain = plain if name == "text" else " ".join(plain.split())
    if len(plain) > LONGEST[name]:
        raise RuleError(
            _("Use at most %(limit)s characters.") % {"limit": LONGEST[name]},
            field=f"{name}_{language}",
        )
    return plain
