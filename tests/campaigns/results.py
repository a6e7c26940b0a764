"""Campaigns whose recipients have a past, and what is asked of them, for tests of results.

Everybody comes in on `ENTERED` at noon unless said; the campaign is judged 30 days later.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from campaigns.models import Campaign, Recipient
from campaigns.results.asking import Asked
from churnapp.models import Organisation
from customers.models import Customer, MailBatch
from tests.campaign_factories import make_campaign, make_recipient
from tests.factories import make_customer, make_subscription

ENTERED = date(2025, 3, 1)
HORIZON = date(2025, 3, 31)
READ_ON = date(2025, 4, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def run_campaign(**fields: Any) -> Campaign:
    """A campaign that has run: customers are to come back within 30 days."""
    fields = {
        "kind": "win_back",
        "goal": "returned",
        "horizon_days": 30,
        "holdout_percent": 50,
        "state": "running",
        "launched_at": noon(ENTERED),
        "batch": MailBatch.objects.create(name="Campaign"),
    } | fields
    return make_campaign(**fields)


def draw(campaign: Campaign, customer: Customer | None = None, **fields: Any) -> Recipient:
    """Somebody who was drawn; `held_out=True` for the holdout, `on` for another day."""
    on = fields.pop("on", ENTERED)
    state = "held_out" if fields.get("held_out") else "done"
    fields = {"state": state, "step": "", "entered_at": noon(on)} | fields
    return make_recipient(campaign, customer=customer or make_customer(), **fields)


def draw_many(campaign: Campaign, count: int, **fields: Any) -> list[Recipient]:
    return [draw(campaign, **fields) for _ in range(count)]


def pays(recipient: Recipient, starts_on: date, ends_on: date | None = None, **fields: Any) -> None:
    """What the customer paid: 3,650 a year unless said, which is 10 a day."""
    fields = {"arr": 3_650} | fields
    make_subscription(recipient.customer, starts_on=starts_on, ends_on=ends_on, **fields)


def asked_on(day: date, *campaigns: Campaign, **fields: Any) -> Asked:
    """Asked at noon of a day, in the zone of the organisation."""
    keys = [campaign.pk for campaign in campaigns]
    return Asked.of(keys, Organisation.current(), now=noon(day), **fields)


def after(days: int) -> date:
    return ENTERED + timedelta(days=days)
