"""The timeline's lines on orders and notices, told as the services tell them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from customers.demo.catalogue import PERIODS_A_YEAR, PLANS
from customers.demo.departures import CancellationRow
from customers.demo.lives import Kind, Life, Revision, Stream
from customers.demo.rates import Rates
from customers.demo.timeline import InteractionRow

Facts = dict[str, Any]


def order_events(life: Life, rates: Rates) -> Iterator[InteractionRow]:
    """A line for each order, change, pause, return and end."""
    for stream in life.streams:
        before: Revision | None = None
        for revision in stream.revisions:
            verb = _verb(before, revision)
            facts = _facts(life, stream, revision, rates)
            facts |= _earlier(life, before, rates) if before else {}
            yield event(life, verb, facts, revision.known_at)
            if revision.withdrawn_at is None:
                before = revision


def notice_events(life: Life, rows: list[CancellationRow]) -> Iterator[InteractionRow]:
    """A line for each notice, and for each one taken back."""
    for row in rows:
        facts = {
            "effective_on": row.effective_on.isoformat(),
            "requested_at": row.requested_at.isoformat() if row.requested_at else None,
            "reason": row.reason_id,
            "involuntary": row.involuntary,
            "competitor": row.competitor,
            "missing_feature": row.missing_feature,
            "comment": row.comment,
            "subscription": row.subscription_id or "",
        }
        yield event(life, "cancellation_recorded", facts, row.recorded_at)
        if row.withdrawn_at:
            yield event(life, "cancellation_withdrawn", facts, row.withdrawn_at)


def event(life: Life, verb: str, facts: Facts, at: datetime) -> InteractionRow:
    return InteractionRow(
        customer_id=life.profile.number,
        kind="event",
        occurred_at=at,
        verb=verb,
        facts=facts,
        author_id=life.profile.owner,
    )


def _verb(before: Revision | None, revision: Revision) -> str:
    if before is None:
        return "subscription_started"
    if revision.kind is Kind.END:
        return "subscription_ended"
    if revision.kind is Kind.PAUSED:
        return "subscription_paused"
    return "subscription_resumed" if before.kind is Kind.PAUSED else "subscription_changed"


def _facts(life: Life, stream: Stream, revision: Revision, rates: Rates) -> Facts:
    """An end speaks of what ran until then."""
    paid = revision.kind in {Kind.PAID, Kind.END}
    return {
        "subscription": stream.external_id,
        "plan": PLANS[revision.order.plan].name,
        "kind": "paid" if revision.kind is Kind.END else str(revision.kind),
        "arr_minor": _arr(life, revision, rates) if paid else 0,
        "currency": rates.reporting,
        "on": revision.on.isoformat(),
    }


def _earlier(life: Life, before: Revision, rates: Rates) -> Facts:
    return {
        "plan_before": PLANS[before.order.plan].name,
        "arr_before_minor": _arr(life, before, rates) if before.kind is Kind.PAID else 0,
    }


def _arr(life: Life, revision: Revision, rates: Rates) -> int:
    order = revision.order
    native = order.amount_minor * order.seats * PERIODS_A_YEAR[order.interval]
    return round(native * rates.rate(life.profile.currency, revision.on))
