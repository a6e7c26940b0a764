"""The timeline of a customer: everything said, done, paid late and warned of, newest first.

Interactions are read page by page; what stands in other tables (an imported cancellation, a late
payment, a warning, a change of revenue) is fitted in between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.money import mrr, to_major
from churnapp.common.typed_numbers import fits_bigint
from customers.models import Cancellation, Customer, Interaction, Payment, RiskFlag, Term
from customers.models.customer import CustomerQuerySet
from customers.risk.sentences import sentence
from customers.services.mail import not_delivered
from customers.views.revenue import Step, steps
from customers.views.timeline_words import event_words

PAGE = 25
MOST_TOLD = 500
Kind = Interaction.Kind
EVERYTHING = ""
# What a reader may narrow the timeline to, beside the kinds of interactions.
REVENUE, RISK = "revenue", "risk"
FILTERS: tuple[tuple[str, str | Promise], ...] = (
    (EVERYTHING, _lazy("Everything")),
    (Kind.NOTE, _lazy("Notes")),
    ("talk", _lazy("Talks and mails")),
    (Kind.TICKET, _lazy("Tickets")),
    ("complaint", _lazy("Complaints")),
    (Kind.ANSWER, _lazy("Answers")),
    (REVENUE, _lazy("Revenue")),
    (RISK, _lazy("Warnings")),
    (Kind.EVENT, _lazy("Done here")),
)
ICONS = {
    Kind.EMAIL: "mail",
    Kind.CALL: "phone",
    Kind.MEETING: "users",
    Kind.TICKET: "ticket",
    Kind.SOCIAL: "message-circle",
    Kind.REVIEW: "star",
    Kind.NOTE: "notes",
    Kind.ANSWER: "message",
    Kind.EVENT: "bolt",
}
TALKS = (Kind.EMAIL, Kind.CALL, Kind.MEETING, Kind.SOCIAL, Kind.REVIEW)
REVENUE_VERBS = ("subscription_", "cancellation_", "term_", "contract_", "subscriptions_")
# Events that tell by how much the revenue changes on a day, and so stand for the step itself.
TELL_A_STEP = (
    "subscription_started",
    "subscription_changed",
    "subscription_paused",
    "subscription_resumed",
    "subscription_ended",
    "cancellation_recorded",
    "cancellation_amended",
)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `whole_day` hides a clock that nobody recorded."""

    at: datetime
    icon: str
    title: str
    text: str = ""
    who: str = ""
    tone: str = ""
    whole_day: bool = False
    source: Interaction | None = None
    tags: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class TimelinePage:
    """Entries newest first; `before` is the cursor of the next page, empty at the end."""

    entries: list[Entry]
    before: str
    kind: str


@dataclass(frozen=True)
class Window:
    """What lies between two cursors: `[since, until)`."""

    since: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def with_story(customers: CustomerQuerySet, kind: str = EVERYTHING) -> CustomerQuerySet:
    """Customers with what only files told of them, by the same query that finds them."""
    if kind not in {EVERYTHING, REVENUE}:
        return customers
    return customers.annotate(
        cancellations_told=rows_told(
            Cancellation.objects.in_force().filter(source__isnull=False, customer=OuterRef("pk")),
            ("effective_on", "requested_at", "involuntary", "comment"),
        ),
        payments_told=rows_told(
            Payment.objects.exclude(status=Payment.Status.PAID).filter(customer=OuterRef("pk")),
            ("due_on", "amount_minor", "currency", "status"),
        ),
        terms_told=rows_told(
            Term.objects.standing().filter(subscription__customer=OuterRef("pk")),
            ("starts_on", "ends_on", "arr_minor"),
        ),
        steps_told=ArraySubquery(days_told()),
    )


def days_told() -> QuerySet[Any, Any]:
    """The days on which revenue changes by an event that stands on the timeline itself."""
    told = Interaction.objects.filter(
        customer=OuterRef("pk"), kind=Kind.EVENT, verb__in=TELL_A_STEP
    )
    on = Coalesce(KT("facts__on"), KT("facts__effective_on"))
    return told.order_by("-pk").annotate(on=on).values("on")[:MOST_TOLD]


def rows_told(rows: QuerySet[Any], fields: Sequence[str]) -> ArraySubquery:
    told = JSONObject(**{name: name for name in fields})
    return ArraySubquery(rows.order_by("-pk").values(told=told)[:MOST_TOLD])


def timeline_page(
    customer: Customer, *, kind: str = "", before: str = "", today: date, currency: str
) -> TimelinePage:
    """A page of the timeline, from the cursor `before` backwards, of one kind or of everything.

    `customer` comes from `with_story`.
    """
    cursor = read_cursor(before)
    rows = list(until(narrowed(customer.interactions.all(), kind), cursor)[: PAGE + 1])
    is_last = len(rows) <= PAGE
    rows = rows[:PAGE]
    window = Window(None if is_last else rows[-1].occurred_at, cursor and cursor[0])
    lost = not_delivered(row.external_id or "" for row in rows)
    entries = [interaction_entry(row, is_lost=row.external_id in lost) for row in rows]
    if kind in {EVERYTHING, REVENUE}:
        told = story(customer, currency, today)
        entries += [entry for entry in told if window.holds(entry.at)]
    if kind in {EVERYTHING, RISK}:
        entries += [entry for entry in warnings(customer, today) if window.holds(entry.at)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    following = "" if is_last else f"{rows[-1].occurred_at.isoformat()}_{rows[-1].pk}"
    return TimelinePage(entries, following, kind)


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """A moment and a key; what can't be read is the beginning."""
    moment, _sep, key = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or not fits_bigint(key):
        return None
    return at, int(key)


def until(
    rows: QuerySet[Interaction], cursor: tuple[datetime, int] | None
) -> QuerySet[Interaction]:
    rows = rows.select_related("author", "contact").order_by("-occurred_at", "-pk")
    if cursor is None:
        return rows
    at, key = cursor
    return rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=key))


def narrowed(rows: QuerySet[Interaction], kind: str) -> QuerySet[Interaction]:
    if kind == EVERYTHING:
        return rows
    if kind == "talk":
        return rows.filter(kind__in=TALKS)
    if kind == "complaint":
        return rows.filter(complaint=True)
    if kind in {REVENUE, RISK}:
        begins = REVENUE_VERBS if kind == REVENUE else ("flag_",)
        wanted = Q()
        for beginning in begins:
            wanted |= Q(verb__startswith=beginning)
        return rows.filter(wanted, kind=Kind.EVENT)
    return rows.filter(kind=kind)


def interaction_entry(row: Interaction, *, is_lost: bool = False) -> Entry:
    """One line of it; `is_lost` for a mail that did not arrive."""
    is_event = row.kind == Kind.EVENT
    title = event_words(row.verb, row.facts) if is_event else headline(row)
    text = row.summary if not is_event else row.summary or str(row.facts.get("comment") or "")
    return Entry(
        at=row.occurred_at,
        icon=ICONS[Kind(row.kind)],
        title=title,
        text=text,
        who=str(row.author or ""),
        tone="bad" if row.complaint or (row.sentiment or 0) < 0 else "",
        source=None if is_event else row,
        tags=(*tags_of(row), *([("pill-bad", _("not delivered"))] if is_lost else [])),
    )


def headline(row: Interaction) -> str:
    """What it was, and with whom."""
    kind = str(row.get_kind_display()).capitalize()
    return (
        _("%(kind)s with %(name)s") % {"kind": kind, "name": row.contact} if row.contact else kind
    )


def tags_of(row: Interaction) -> Iterator[tuple[str, str]]:
    """Tone and words: complaint, status, how fast the first reply came, score."""
    if row.complaint:
        yield "pill-bad", _("complaint")
    if row.status:
        tones = {"open": "pill-warn", "pending": "pill-accent", "closed": "pill-good"}
        yield tones.get(row.status, ""), str(row.get_status_display())
    if row.first_reply_at:
        hours = (row.first_reply_at - row.occurred_at).total_seconds() / 3600
        yield "", _("first reply after %(time)s") % {"time": spell(hours)}
    elif row.status == Interaction.Status.OPEN and row.kind == Kind.TICKET:
        yield "pill-warn", _("no reply yet")
    if row.score is not None:
        yield "", _("score %(score)s") % {"score": formats.number(row.score, 1)}


def spell(hours: float) -> str:
    """A stretch of time in the unit that fits it."""
    if hours < 1:
        return _("%(count)s min") % {"count": round(hours * 60)}
    if hours < 48:
        return _("%(count)s h") % {"count": formats.number(round(hours))}
    return _("%(count)s days") % {"count": formats.number(round(hours / 24))}


def noon(day: date) -> datetime:
    """A day without a clock, sorted among the moments of that day."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def story(customer: Any, currency: str, today: date) -> Iterator[Entry]:
    """What only files told: cancellations, late payments, changes of revenue up to today."""
    for told in customer.cancellations_told:
        yield cancellation_entry(told)
    for told in customer.payments_told:
        yield payment_entry(told)
    for step in steps(Term(**with_days(told)) for told in customer.terms_told):
        if step.on <= today and step.on.isoformat() not in customer.steps_told:
            yield step_entry(step, currency)


def with_days(told: dict[str, Any]) -> dict[str, Any]:
    """A row of JSON with its days as days."""
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in told.items()
    }


def step_entry(step: Step, currency: str) -> Entry:
    now = formats.money(mrr(step.arr_minor, currency), currency)
    change = formats.money(mrr(abs(step.change_minor), currency), currency)
    words = {"now": now, "change": change}
    if step.arr_minor == 0:
        title = _("Stopped paying: %(change)s a month.") % words
    elif step.arr_minor == step.change_minor:
        title = _("Started paying: %(change)s a month.") % words
    elif step.change_minor > 0:
        title = _("Pays %(change)s a month more: %(now)s.") % words
    else:
        title = _("Pays %(change)s a month less: %(now)s.") % words
    icon = "trending-up" if step.change_minor > 0 else "trending-down"
    tone = "good" if step.change_minor > 0 else "bad"
    return Entry(noon(step.on), icon, title, tone=tone, whole_day=True)


def cancellation_entry(told: dict[str, Any]) -> Entry:
    notice, last_day = told["requested_at"], date.fromisoformat(told["effective_on"])
    at = datetime.fromisoformat(notice) if notice else noon(last_day)
    title = event_words("cancellation_recorded", told)
    return Entry(at, "user-minus", title, told["comment"], tone="bad", whole_day=True)


def payment_entry(told: dict[str, Any]) -> Entry:
    amount = formats.money(to_major(told["amount_minor"], told["currency"]), told["currency"])
    words = {"amount": amount, "status": Payment.Status(told["status"]).label}
    title = _("Payment of %(amount)s: %(status)s.") % words
    tone = "" if told["status"] == Payment.Status.RECOVERED else "bad"
    at = noon(date.fromisoformat(told["due_on"]))
    return Entry(at, "credit-card", title, tone=tone, whole_day=True)


def warnings(customer: Customer, today: date) -> Iterator[Entry]:
    """A line for each warning on the day it was raised."""
    for flag in RiskFlag.objects.filter(customer=customer).select_related("rule"):
        title = _("Warning: %(sentence)s") % {"sentence": sentence(flag, today=today)}
        yield Entry(noon(flag.raised_on), "flag", title, tone="bad", whole_day=True)
