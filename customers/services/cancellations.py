"""Record, amend and withdraw a cancellation.

Recording one ends the terms; what it lost is asked of the terms, never stored. Amending and
withdrawing work from what was believed just before it was recorded, so that terms run on as they
would have, and keep what was corrected since.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.periods import check_year
from churnapp.models import User
from customers.models import (
    Cancellation,
    CancellationReason,
    Customer,
    ReasonKind,
    RiskFlag,
    Subscription,
    Term,
)
from customers.reading.renewing import read_departures
from customers.services.ledger import Ledger, changed_meanwhile
from customers.services.prices import brought_back
from customers.services.reason_views import NewViews, Views, first_known, keep_views
from customers.services.schedule import (
    Schedule,
    before,
    last_day_known,
    running_on,
    running_on_again,
)
from customers.services.traces import Deed, leave_trace

LONGEST_NAME = 200
VIEWS = {"stated_reason": ReasonKind.STATED, "csm_reason": ReasonKind.CSM}


@dataclass(frozen=True)
class CancellationDetails:
    """`effective_on` is the first day not paid for; without a subscription all of them end.

    `reason` is the headline; who records it without a view of its own gives theirs by it.
    """

    effective_on: date
    requested_at: datetime | None = None
    reason: CancellationReason | None = None
    stated_reason: CancellationReason | None = None
    csm_reason: CancellationReason | None = None
    comment: str = ""
    competitor: str = ""
    missing_feature: str = ""
    involuntary: bool = False
    subscription: Subscription | None = None


@transaction.atomic
def record_cancellation(
    customer: Customer, details: CancellationDetails, *, by: User | None
) -> Cancellation:
    """Record that a customer leaves, or that one subscription ends, and end the terms.

    Where the terms are known to end on that day already, it only says why.
    """
    ledger, schedules = _hold_to_end(customer, details)
    ended = {pk: before(schedule, details.effective_on) for pk, schedule in schedules.items()}
    cancellation = Cancellation(
        customer=customer,
        recorded_at=ledger.at,
        recorded_by=by,
        ended_terms=ended != schedules,
    )
    views = _views_given(details, None)
    _write(cancellation, details, details.reason or first_known(views))
    cancellation.save()
    deed = Deed("cancellation_recorded", by, ledger.at)
    if any(views.values()):  # of a new one none stands yet
        _keep_views(cancellation, views, deed)
    ledger.become(ended)
    _finish(cancellation, ledger, deed)
    read_departures([cancellation], now=ledger.at, said={})  # of a new one nothing is said yet
    return cancellation


@transaction.atomic
def record_cancellation_once(
    customer: Customer, details: CancellationDetails, external_id: str, *, by: User | None
) -> tuple[Cancellation, bool]:
    """Record what another program knows by `external_id`, and say whether it is new.

    Sent again, it is found and nothing changes. Raises RuleError as `record_cancellation` does, and
    for an id under which the departure of something else, or on another day, was recorded.
    """
    list(Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk))  # the second waits
    known = Cancellation.objects.filter(external_id=external_id).first()
    if known is None:
        recorded = record_cancellation(customer, details, by=by)
        try:
            with transaction.atomic():
                Cancellation.objects.filter(pk=recorded.pk).update(external_id=external_id)
        except IntegrityError as error:  # of another customer, at the same time
            raise changed_meanwhile() from error
        return recorded, True
    is_same = (
        known.customer_id == customer.pk
        and known.subscription_id == (details.subscription.pk if details.subscription else None)
        and known.effective_on == details.effective_on
    )
    if not is_same:
        raise RuleError(_("Something else was recorded under this id."), field="external_id")
    return known, False


@transaction.atomic
def check_cancellation(customer: Customer, details: CancellationDetails) -> None:
    """Raise RuleError where recording this would; changes nothing."""
    _hold_to_end(customer, details)


@transaction.atomic
def amend_cancellation(
    cancellation: Cancellation, details: CancellationDetails, *, by: User | None
) -> Cancellation:
    """Say what was different about a cancellation; another day moves the ends of its terms."""
    ledger, cancellation = _hold(cancellation)
    if details.subscription != cancellation.subscription:
        raise RuleError(
            _("Withdraw this cancellation and record another for something else."),
            field="subscription",
        )
    _check_details(details, ledger)
    headline = _headline(cancellation, details)
    deed = Deed("cancellation_amended", by, ledger.at)
    was = _told(cancellation)
    if headline != cancellation.reason:
        _check_reason(headline)
    _keep_views(cancellation, _views_given(details, cancellation.reason), deed)
    if details.effective_on != cancellation.effective_on:
        _move(cancellation, details.effective_on, ledger)
    _write(cancellation, details, headline)
    cancellation.save()
    now = _told(cancellation)
    changes = {name: [was[name], now[name]] for name in now if was[name] != now[name]}
    if any(was[name] != now[name] for name in ("comment", "involuntary")):
        read_departures([cancellation], now=ledger.at)
    _finish(cancellation, ledger, deed, changes)
    return cancellation


@transaction.atomic
def withdraw_cancellation(cancellation: Cancellation, *, by: User | None) -> Cancellation:
    """Say that a cancellation does not stand: its terms run on as they would have."""
    ledger, cancellation = _hold(cancellation)
    ledger.become(_as_if_not(cancellation, ledger))
    cancellation.withdrawn_at = ledger.at
    cancellation.save(update_fields=["withdrawn_at"])
    changes = {"withdrawn_at": [None, ledger.at.isoformat()]}
    _finish(cancellation, ledger, Deed("cancellation_withdrawn", by, ledger.at), changes)
    return cancellation


def _hold_to_end(
    customer: Customer, details: CancellationDetails
) -> tuple[Ledger, dict[int, Schedule]]:
    """The terms that a new cancellation is to end, once all rules have said yes to it."""
    ledger = Ledger([customer.pk])
    schedules = {pk: ledger.schedule(pk) for pk in _scope(ledger, details.subscription)}
    _check_details(details, ledger)
    for reason in (details.reason, details.stated_reason, details.csm_reason):
        _check_reason(reason)
    _check_once(customer, details, schedules.values())
    _check_runs(schedules.values(), details.effective_on)
    return ledger, schedules


def _hold(cancellation: Cancellation) -> tuple[Ledger, Cancellation]:
    """The cancellation as it is once its customer's lock is ours."""
    ledger = Ledger([cancellation.customer_id])
    held = Cancellation.objects.in_force().filter(pk=cancellation.pk).first()
    if held is None:
        raise RuleError(_("This cancellation has been withdrawn already."))
    if held.customer_id not in ledger.customer_ids:
        raise changed_meanwhile()
    return ledger, held


def _scope(ledger: Ledger, subscription: Subscription | None) -> list[int]:
    if subscription is None:
        return list(ledger.subscriptions)
    return [ledger.subscription(subscription.pk).pk]


def _check_details(details: CancellationDetails, ledger: Ledger) -> None:
    check_year(details.effective_on, field="effective_on")
    if details.requested_at and details.requested_at > ledger.at:
        raise RuleError(_("Notice can't have been given in the future."), field="requested_at")
    for name in ("competitor", "missing_feature"):
        if len(getattr(details, name)) > LONGEST_NAME:
            raise RuleError(
                _("At most %(limit)s characters.") % {"limit": LONGEST_NAME}, field=name
            )


def _check_reason(reason: CancellationReason | None) -> None:
    if reason and (reason.retired_at or reason.merged_into_id):
        raise RuleError(_("This reason is no longer in use. Choose another."), field="reason")


def _check_once(
    customer: Customer, details: CancellationDetails, schedules: Iterable[Schedule]
) -> None:
    """Refuse a second cancellation of the same, while one stands for that day or later."""
    standing = customer.cancellations.in_force().filter(
        effective_on__gte=details.effective_on, subscription=details.subscription
    )
    other = standing.order_by("effective_on").first()
    if other is None:
        return
    if other.ended_terms or all(last_day_known(one) for one in schedules if one):
        sentence = _("A cancellation on %(day)s has been recorded already. Amend it instead.")
    else:
        sentence = _(
            "A cancellation on %(day)s came without an end of what is paid, as files bring them."
            " End the subscription, or withdraw that cancellation and record it here."
        )
    raise RuleError(sentence % {"day": formats.day(other.effective_on)}, field="effective_on")


def _check_runs(schedules: Iterable[Schedule], day: date) -> None:
    if not any(running_on(schedule, day - date.resolution) for schedule in schedules):
        raise RuleError(
            _("Nothing runs on the day before %(day)s, so nothing can end there.")
            % {"day": formats.day(day)},
            field="effective_on",
        )


def _move(cancellation: Cancellation, to: date, ledger: Ledger) -> None:
    """End the same terms on another day."""
    again = _as_if_not(cancellation, ledger)
    if cancellation.ended_terms:
        _check_runs(again.values(), to)
    ledger.become({pk: before(schedule, to) for pk, schedule in again.items()})


def _as_if_not(cancellation: Cancellation, ledger: Ledger) -> dict[int, Schedule]:
    """The schedules that this cancellation cut, running on as if it had not been recorded.

    What was withdrawn meanwhile had not ended them either; what was recorded later and still stands
    cuts them in its turn.
    """
    if not cancellation.ended_terms:
        return {}
    scope = _scope(ledger, cancellation.subscription)
    again = {
        pk: running_on_again(ledger.schedule(pk), original, cancellation.effective_on)
        for pk, original in ledger.believed_before(cancellation.recorded_at).items()
        if pk in scope
    }
    for gone in _withdrawn_during(cancellation):
        for pk, original in ledger.believed_before(gone.recorded_at).items():
            if pk in again and gone.subscription_id in {None, pk}:
                again[pk] = running_on_again(again[pk], original, gone.effective_on)
    for other in Cancellation.objects.in_force().filter(
        customer=cancellation.customer_id,
        ended_terms=True,
        recorded_at__gt=cancellation.recorded_at,
    ):
        for pk in again.keys() & ({other.subscription_id} if other.subscription_id else again):
            again[pk] = before(again[pk], other.effective_on)
    return {
        pk: brought_back(schedule, ledger.schedule(pk), ledger) for pk, schedule in again.items()
    }


def _withdrawn_during(cancellation: Cancellation) -> QuerySet[Cancellation]:
    """Older ones of the customer, withdrawn while this one hid their ends; the newest first."""
    return Cancellation.objects.filter(
        customer=cancellation.customer_id,
        ended_terms=True,
        recorded_at__lt=cancellation.recorded_at,
        withdrawn_at__gt=cancellation.recorded_at,
    ).order_by("-recorded_at")


def _write(
    cancellation: Cancellation, details: CancellationDetails, headline: CancellationReason | None
) -> None:
    if headline != cancellation.reason:
        cancellation.reason_version = headline.versions.first() if headline else None
    for name, value in vars(replace(details, reason=headline)).items():
        if name not in VIEWS:
            setattr(cancellation, name, value)


def _views_given(details: CancellationDetails, before: CancellationReason | None) -> Views:
    """The views that details speak of; a new headline without another view is the recorder's."""
    named: NewViews = {kind: getattr(details, name) for name, kind in VIEWS.items()}
    given: Views = {kind: reason for kind, reason in named.items() if reason}
    own = {ReasonKind.CSM: before} if before else {}
    if details.reason != before and given == own:
        return {ReasonKind.CSM: details.reason} if details.reason else {}
    return given


def _keep_views(cancellation: Cancellation, views: Views, deed: Deed) -> None:
    now: NewViews = {kind: views.get(kind) for kind in VIEWS.values()}
    for reason in keep_views(cancellation, now, deed):
        if reason != cancellation.reason:
            _check_reason(reason)


def _headline(
    cancellation: Cancellation, details: CancellationDetails
) -> CancellationReason | None:
    """What is chosen; else it goes along with the views, if it did so far."""
    if details.reason != cancellation.reason:
        return details.reason
    told = cancellation.reasons_by_kind()
    if first_known(told) != cancellation.reason:
        return details.reason
    others = {kind: reason for kind, reason in told.items() if kind not in VIEWS.values()}
    return first_known(others | _views_given(details, cancellation.reason))


def _finish(
    cancellation: Cancellation, ledger: Ledger, deed: Deed, changes: dict[str, Any] | None = None
) -> None:
    deed.facts.update(_told(cancellation))
    told = {name: [None, value] for name, value in deed.facts.items()}
    if _pays_or_pauses(ledger) and not _leaves(cancellation.customer_id, ledger):
        _reopen_flags(cancellation, ledger, deed.by)
    else:
        _close_flags(cancellation.customer_id, ledger, deed.by)
    leave_trace(deed, cancellation.customer_id, cancellation, told if changes is None else changes)


def _pays_or_pauses(ledger: Ledger) -> bool:
    runs = [running_on(ledger.schedule(pk), ledger.today) for pk in ledger.subscriptions]
    return any(stretch and stretch.kind in {Term.Kind.PAID, Term.Kind.PAUSED} for stretch in runs)


def _leaves(customer_id: int, ledger: Ledger) -> bool:
    """Whether a departure is ahead after which nothing is left."""
    return Cancellation.objects.leaving(ledger.today).filter(customer=customer_id).exists()


def _close_flags(customer_id: int, ledger: Ledger, by: User | None) -> None:
    """A customer who left, or is about to, leaves the list of those at risk."""
    RiskFlag.objects.filter(customer=customer_id, state__in=RiskFlag.STANDING).update(
        state=RiskFlag.State.CHURNED,
        snoozed_until=None,
        closed_on=Greatest(F("raised_on"), ledger.today),
        changed_at=ledger.at,
        changed_by=by,
    )


def _reopen_flags(cancellation: Cancellation, ledger: Ledger, by: User | None) -> None:
    """Who stays after all is at risk as before; the night closes what is no longer so."""
    flags = RiskFlag.objects.filter(customer=cancellation.customer_id)
    standing = flags.filter(state__in=RiskFlag.STANDING)
    same = standing.filter(rule=OuterRef("rule"), subject=OuterRef("subject"))
    flags.filter(
        ~Exists(same), state=RiskFlag.State.CHURNED, changed_at__gte=cancellation.recorded_at
    ).update(state=RiskFlag.State.OPEN, closed_on=None, changed_at=ledger.at, changed_by=by)


def _told(cancellation: Cancellation) -> dict[str, Any]:
    """The names and numbers of the timeline's sentence."""
    requested_at = cancellation.requested_at
    return {
        "effective_on": cancellation.effective_on.isoformat(),
        "requested_at": requested_at.isoformat() if requested_at else None,
        "reason": cancellation.reason.key if cancellation.reason else "",
        "involuntary": cancellation.involuntary,
        "competitor": cancellation.competitor,
        "missing_feature": cancellation.missing_feature,
        "comment": cancellation.comment,
        "subscription": cancellation.subscription.external_id if cancellation.subscription else "",
    }
