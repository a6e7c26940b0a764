"""Facts by hand for the rules: a day, and customers with use, talk and money around it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from customers.models import Customer, Interaction, RiskFlag, RiskRule, Usage
from customers.risk.flags import FlagChanges, renew_flags
from customers.risk.sentences import sentence
from tests.factories import make_customer, make_feature, make_subscription, stand

TODAY = date(2025, 6, 15)  # a Sunday; the organisation is in Oslo
NOW = datetime(2025, 6, 15, 3, tzinfo=UTC)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def moment(days: int, hour: int = 12) -> datetime:
    """An hour of the day that lies `days` days back."""
    return datetime.combine(days_ago(days), time(hour), UTC)


def night(day: date = TODAY) -> FlagChanges:
    """What the night does about flags on a day: standings, then flags."""
    now = datetime.combine(day, time(3), UTC)
    stand(now=now)
    return renew_flags(as_of=day, now=now)


def payer(name: str = "Fjord", *, arr: int = 1200, **term: Any) -> Customer:
    """A customer who has paid since the beginning of 2024."""
    customer = make_customer(name)
    make_subscription(customer, arr=arr, **term)
    return customer


def use(customer: Customer, weekly: int, *, weeks: range, feature: str = "reports") -> None:
    """`weekly` uses in each of these weeks back from today; week 0 ended yesterday."""
    code = make_feature(feature)
    Usage.objects.bulk_create(
        Usage(customer=customer, feature=code, day=days_ago(7 * week + 1), count=weekly)
        for week in weeks
    )


def talk(customer: Customer, days: int, **fields: Any) -> Interaction:
    """An interaction `days` days ago, a call unless said."""
    fields = {"kind": "call", "occurred_at": moment(days)} | fields
    return Interaction.objects.create(customer=customer, **fields)


def only(*keys: str, **params: int) -> None:
    """Switch off all rules but these; `params` are numbers of each of them."""
    RiskRule.objects.exclude(key__in=keys).update(enabled=False)
    for rule in RiskRule.objects.filter(key__in=keys):
        rule.params |= params
        rule.save(update_fields=["params"])


def standing_flags(customer: Customer) -> list[RiskFlag]:
    flags = RiskFlag.objects.filter(customer=customer, state__in=RiskFlag.STANDING)
    return list(flags.select_related("rule").order_by("rule__key", "subject"))


def said(customer: Customer, today: date = TODAY) -> list[str]:
    """The sentences of a customer's standing flags, rule by rule."""
    return [sentence(flag, today=today) for flag in standing_flags(customer)]


def keys(customer: Customer) -> list[str]:
    return [flag.rule.key for flag in standing_flags(customer)]
