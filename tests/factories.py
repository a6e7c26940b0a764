"""Plain functions that make one row each, with what a test does not care about filled in.

Money is given in major units and whole or decimal numbers; facts are known `SINCE` unless said.
"""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.contrib.auth.models import Group
from django.utils import timezone

from churnapp.models import Job, Organisation, User
from customers.models import (
    Cancellation,
    CancellationReason,
    Competitor,
    CompetitorName,
    CompetitorOffer,
    Complaint,
    Contact,
    Customer,
    Feature,
    FxRate,
    Import,
    Interaction,
    MailWishes,
    Mention,
    OutgoingEmail,
    Payment,
    Plan,
    ReasonVersion,
    RiskFlag,
    RiskRule,
    Segment,
    SegmentMember,
    Spend,
    Subscription,
    Task,
    Term,
    Topic,
    TopicWish,
    Usage,
)
from customers.standings import refresh_standings

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"
_number = itertools.count(1)


def minor(amount: Decimal | float | str, currency: str = "EUR") -> int:
    """Minor units of an amount in major units."""
    return int((Decimal(str(amount)) * 10 ** get_currency_precision(currency)).to_integral_value())


def today() -> date:
    """The organisation's day, which may not be the server's."""
    return timezone.localdate(timezone=Organisation.current().zone)


def today_here(moment: datetime | None = None) -> date:
    """The day of an organisation that has not been changed; asks no database."""
    zone = Organisation._meta.get_field("timezone").default
    return timezone.localdate(moment, timezone=ZoneInfo(zone))


def make_organisation(**fields: Any) -> Organisation:
    """The organisation of the installation with these fields changed."""
    Organisation.objects.filter(pk=1).update(**fields)
    return Organisation.current()


def make_user(role: str | None = "csm", **fields: Any) -> User:
    """A person in a role, who can sign in with `PASSWORD`; only administrators enter the admin."""
    number = next(_number)
    email = fields.pop("email", f"user{number}@example.com")
    fields = {"name": f"User {number}", "is_staff": role == "admin"} | fields
    user = User.objects.create_user(email, PASSWORD, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_customer(name: str | None = None, **fields: Any) -> Customer:
    number = next(_number)
    fields = {"external_id": f"C-{number}", "country": "NO", "currency": "EUR"} | fields
    return Customer.objects.create(name=name or f"Customer {number}", **fields)


def make_contact(customer: Customer | None = None, **fields: Any) -> Contact:
    number = next(_number)
    fields = {"email": f"person{number}@example.com", "name": f"Person {number}"} | fields
    return Contact.objects.create(customer=customer or make_customer(), **fields)


def make_plan(code: str = "pro", **fields: Any) -> Plan:
    """The plan of that code; made when there is none yet."""
    return Plan.objects.get_or_create(code=code, defaults={"name": code.capitalize()} | fields)[0]


def make_feature(code: str = "reports", *, plans: tuple[str, ...] = (), **fields: Any) -> Feature:
    """The feature of that code; made when there is none yet."""
    defaults = {"name": code.capitalize()} | fields
    feature = Feature.objects.get_or_create(code=code, defaults=defaults)[0]
    feature.plans.add(*(make_plan(plan) for plan in plans))
    return feature


def make_term(subscription: Subscription, *, arr: Decimal | float = 1200, **fields: Any) -> Term:
    """One term; `arr` is a year's revenue in major units of its currency."""
    fields = {
        "kind": "paid",
        "currency": "EUR",
        "starts_on": date(2024, 1, 1),
        "recorded_at": SINCE,
        "fx_rate": Decimal(1),
    } | fields
    plan = fields.pop("plan", "pro")
    if isinstance(plan, str):
        plan = make_plan(plan)
    native = minor(arr, fields["currency"]) if fields["kind"] == "paid" else 0
    scale = get_currency_precision("EUR") - get_currency_precision(fields["currency"])
    exact = native * Decimal(str(fields["fx_rate"])) * Decimal(10) ** scale
    fields = {"arr_native_minor": native, "arr_minor": round(exact)} | fields
    return Term.objects.create(subscription=subscription, plan=plan, **fields)


def make_subscription(
    customer: Customer | None = None, *, arr: Decimal | float = 1200, **fields: Any
) -> Subscription:
    """A subscription with one term; `fields` are the subscription's or the term's."""
    own = ("external_id", "contract_ends_on", "notice_by", "auto_renews")
    of_subscription = {name: fields.pop(name) for name in own if name in fields}
    of_subscription = {"external_id": f"S-{next(_number)}"} | of_subscription
    subscription = Subscription.objects.create(
        customer=customer or make_customer(), **of_subscription
    )
    make_term(subscription, arr=arr, **fields)
    return subscription


def stand(*customers: Customer, now: datetime | None = None) -> None:
    """Renew the standings of these customers, or of all, as the services do."""
    ids = [customer.pk for customer in customers] or None
    refresh_standings(ids, now=now or timezone.now())


def make_rate(currency: str, rate: Decimal | str, on: date = date(2020, 1, 1)) -> FxRate:
    return FxRate.objects.create(currency=currency, rate=Decimal(str(rate)), on=on)


def make_reason(key: str = "price", **version: Any) -> CancellationReason:
    """A reason with its first version."""
    reason = CancellationReason.objects.create(key=key, feature=version.pop("feature", None))
    fields = {
        "version": 1,
        "category": "price",
        "labels": {"en": key.replace("-", " ").capitalize()},
    }
    ReasonVersion.objects.create(reason=reason, **(fields | version))
    return reason


def make_cancellation(customer: Customer | None = None, **fields: Any) -> Cancellation:
    """A cancellation as an import leaves it: it ends no term."""
    fields = {"effective_on": date(2025, 3, 1), "recorded_at": SINCE} | fields
    reason = fields.get("reason")
    if reason is not None:
        fields.setdefault("reason_version", reason.versions.first())
    return Cancellation.objects.create(customer=customer or make_customer(), **fields)


def make_interaction(customer: Customer | None = None, **fields: Any) -> Interaction:
    fields = {"kind": "call", "occurred_at": timezone.now(), "summary": "Talked"} | fields
    return Interaction.objects.create(customer=customer or make_customer(), **fields)


def make_complaint(customer: Customer | None = None, **fields: Any) -> Complaint:
    """An open complaint; `words` and `occurred_at` are its entry's."""
    said = {"summary": fields.pop("words", "It is slow"), "complaint": True, "status": "open"}
    if "occurred_at" in fields:
        said["occurred_at"] = fields.pop("occurred_at")
    entry = make_interaction(customer, **(said | {"kind": "note"}))
    return Complaint.objects.create(entry=entry, **({"due_on": date(2100, 1, 1)} | fields))


def make_mention(**fields: Any) -> Mention:
    fields = {"kind": "review", "text": "Rather good", "occurred_at": timezone.now()} | fields
    return Mention.objects.create(**fields)


def make_competitor(name: str = "", *names: str, **fields: Any) -> Competitor:
    """A competitor with the other names it goes by."""
    name = name or f"Rival {next(_number)}"
    competitor = Competitor.objects.create(name=name, **fields)
    for text in (name, *names):
        CompetitorName.objects.create(competitor=competitor, text=text)
    return competitor


def make_segment(name: str = "", **fields: Any) -> Segment:
    """A segment of Norwegian customers, unless `query` says otherwise."""
    now = timezone.now()
    fields = {"query": "country=NO", "created_at": now, "changed_at": now} | fields
    return Segment.objects.create(name=name or f"Segment {next(_number)}", **fields)


def make_member(customer: Customer) -> SegmentMember:
    """That a customer is in a frozen segment of its own."""
    segment = make_segment(frozen_at=timezone.now())
    return SegmentMember.objects.create(segment=segment, customer=customer)


def make_offer(competitor: Competitor | None = None, **fields: Any) -> CompetitorOffer:
    fields = {"name": "Team", "seen_on": date(2025, 1, 1), "recorded_at": SINCE} | fields
    if "amount_minor" in fields:
        fields = {"currency": "EUR", "per": "month"} | fields
    return CompetitorOffer.objects.create(competitor=competitor or make_competitor(), **fields)


def make_usage(
    customer: Customer, day: date, *, count: int = 10, feature: str = "reports"
) -> Usage:
    return Usage.objects.create(
        customer=customer, day=day, count=count, feature=make_feature(feature)
    )


def make_payment(customer: Customer, **fields: Any) -> Payment:
    fields = {
        "due_on": date(2025, 1, 1),
        "amount_minor": 10_000,
        "currency": "EUR",
        "status": "paid",
    } | fields
    return Payment.objects.create(customer=customer, **fields)


def make_spend(month_on: date, amount: Decimal | float = 1000, **fields: Any) -> Spend:
    fields = {"channel": "ads", "currency": "EUR"} | fields
    amount_minor = minor(amount, fields["currency"])
    return Spend.objects.create(month_on=month_on, amount_minor=amount_minor, **fields)


def make_task(customer: Customer | None = None, **fields: Any) -> Task:
    return Task.objects.create(customer=customer, **({"what": "Call them"} | fields))


def make_rule(key: str = "no_use", **fields: Any) -> RiskRule:
    """The first early-warning rule of that key; made when there is none yet."""
    rule = RiskRule.objects.filter(key=key).first()
    return rule or RiskRule.objects.create(key=key, **fields)


def make_flag(customer: Customer | None = None, **fields: Any) -> RiskFlag:
    rule = fields.pop("rule", None) or make_rule()
    fields = {
        "severity": rule.severity,
        "raised_on": date(2025, 1, 1),
        "seen_on": date(2025, 1, 1),
        "changed_at": timezone.now(),
    } | fields
    return RiskFlag.objects.create(customer=customer or make_customer(), rule=rule, **fields)


def make_import(kind: str = "customers", **fields: Any) -> Import:
    """A finished import; its job is done."""
    job = fields.pop("job", None) or Job.objects.create(kind="import", state=Job.State.DONE)
    return Import.objects.create(
        job=job,
        kind=kind,
        **({"file_name": f"{kind}.csv", "published_at": timezone.now()} | fields),
    )


def make_topic_wish(contact: Contact, topic: str = "news", **fields: Any) -> TopicWish:
    """That a contact does not want a topic, or what else is said."""
    fields = {"wanted": False, "at": timezone.now(), "source": "on the phone"} | fields
    return TopicWish.objects.create(contact=contact, topic=Topic.objects.get(code=topic), **fields)


def make_wishes(contact: Contact, **fields: Any) -> MailWishes:
    """That a contact wants mail less often, or what else is said."""
    fields = {"at": timezone.now(), "source": "on the phone"} | fields
    if "paused_until" not in fields:
        fields = {"days_between": 30} | fields
    return MailWishes.objects.create(contact=contact, **fields)


def make_mail(customer: Customer | None = None, **fields: Any) -> OutgoingEmail:
    """A mail that waits to be sent to a contact of the customer, or to `contact`."""
    contact = fields.pop("contact", None) or make_contact(customer)
    fields = {
        "dedupe_key": f"test:{next(_number)}",
        "purpose": "survey",
        "to_email": contact.email,
        "subject": "A question",
        "text": "What do you think?",
        "due_at": timezone.now(),
    } | fields
    return OutgoingEmail.objects.create(customer=contact.customer, contact=contact, **fields)
