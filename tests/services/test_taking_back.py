"""Taking back the last change, or a term that is still ahead: as if it had not been recorded."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent, Organisation
from customers.metrics.question import ask
from customers.metrics.reports import metrics_report
from customers.models import Interaction, Standing, Term
from customers.services.cancellations import (
    CancellationDetails,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.connections import connect_subscriptions
from customers.services.subscriptions import (
    Price,
    TermChanges,
    change_subscription,
    correct_term,
    end_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
)
from customers.services.taking_back import (
    ahead,
    last_recorded_at,
    take_back_change,
    take_back_term,
)
from customers.views.timeline_words import event_words
from tests.factories import (
    make_cancellation,
    make_customer,
    make_import,
    make_plan,
    make_subscription,
    make_term,
    stand,
    today,
)

pytestmark = pytest.mark.django_db

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))
PRICE = Price(Decimal(300), "year", "EUR")
SOON, LATER = timedelta(days=30), timedelta(days=60)


def believed(subscription, moment=None):
    terms = subscription.terms.believed_at(moment) if moment else subscription.terms.standing()
    rows = terms.order_by("starts_on")
    return [(t.kind, t.arr_minor // 100, t.starts_on, t.ends_on) for t in rows]


def standing_of(subscription):
    fields = ("state", "arr_minor", "plan", "lost_on", "next_end_on")
    return Standing.objects.filter(pk=subscription.customer_id).values(*fields).get()


CHANGES = {
    "change": lambda s: change_subscription(s, on=FEB, price=PRICE, by=None),
    "change of plan": lambda s: change_subscription(s, on=FEB, plan=make_plan("max"), by=None),
    "pause": lambda s: pause_subscription(s, on=FEB, by=None),
    "resume": lambda s: resume_subscription(s, on=date(2025, 5, 1), by=None),
    "resume at once": lambda s: resume_subscription(s, on=APR, by=None),
    "end": lambda s: end_subscription(s, on=FEB, by=None),
    "end that only drops": lambda s: end_subscription(s, on=MAR, by=None),
    "correct": lambda s: correct_term(
        s.terms.earliest("starts_on"), changes=TermChanges(starts_on=FEB), by=None
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_after_taking_back_all_is_as_before(name, alice):
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=200, starts_on=MAR, ends_on=APR)
    make_term(subscription, kind="paused", starts_on=APR)
    stand(subscription.customer)
    was, stood = believed(subscription), standing_of(subscription)
    CHANGES[name](subscription)
    changed, at = believed(subscription), timezone.now()
    assert changed != was

    take_back_change(subscription, recorded_at=last_recorded_at(subscription), by=alice)

    assert believed(subscription) == was
    assert believed(subscription, at) == changed
    assert Term.objects.exclude(superseded_at=None).exists()
    line = Interaction.objects.first()
    assert (line.verb, line.author) == ("subscription_restored", alice)
    assert "was taken back" in event_words(line.verb, line.facts)
    assert AuditEvent.objects.latest("pk").verb == "subscription_restored"
    assert standing_of(subscription) == stood


def test_only_the_change_that_is_meant_is_taken_back():
    subscription = make_subscription(arr=100, starts_on=JAN)
    change_subscription(subscription, on=FEB, price=PRICE, by=None)
    first = last_recorded_at(subscription)
    end_subscription(subscription, on=APR, by=None)

    with pytest.raises(RuleError, match="Something else was recorded since"):
        take_back_change(subscription, recorded_at=first, by=None)
    take_back_change(subscription, by=None)
    with pytest.raises(RuleError, match="no change, pause, end or correction"):
        take_back_change(subscription, by=None)

    assert believed(subscription) == [("paid", 100, JAN, FEB), ("paid", 300, FEB, None)]


def test_a_start_and_a_file_are_taken_back_elsewhere():
    started = start_subscription(
        make_customer(), plan=make_plan(), price=PRICE, starts_on=JAN, by=None
    )
    imported = make_subscription(source=make_import())
    for subscription in (started, imported):
        with pytest.raises(RuleError, match="Withdraw a start"):
            take_back_change(subscription, by=None)


def test_what_a_cancellation_explains_stays():
    subscription = make_subscription(arr=100, starts_on=JAN)
    end_subscription(subscription, on=MAR, by=None)
    details = CancellationDetails(MAR)
    cancellation = record_cancellation(subscription.customer, details, by=None)

    with pytest.raises(RuleError, match="recorded since"):
        take_back_change(subscription, by=None)
    withdraw_cancellation(cancellation, by=None)
    take_back_change(subscription, by=None)

    assert believed(subscription) == [("paid", 100, JAN, None)]


def test_the_cancellation_of_another_subscription_is_no_obstacle():
    subscription = make_subscription(arr=100, starts_on=JAN)
    other = make_subscription(subscription.customer)
    end_subscription(subscription, on=MAR, by=None)
    make_cancellation(
        subscription.customer, subscription=other, recorded_at=timezone.now(), effective_on=MAR
    )

    take_back_change(subscription, by=None)

    assert believed(subscription) == [("paid", 100, JAN, None)]


def test_what_a_connection_builds_upon_stays():
    subscription = make_subscription(arr=100, starts_on=JAN)
    end_subscription(subscription, on=MAR, by=None)
    later = make_subscription(subscription.customer, starts_on=MAR)
    connect_subscriptions(subscription, later, by=None)

    with pytest.raises(RuleError, match="recorded since"):
        take_back_change(subscription, by=None)


def planned(**fields):
    """A subscription that runs, with a change of price a month ahead."""
    subscription = make_subscription(arr=100, starts_on=JAN, **fields)
    change_subscription(subscription, on=today() + SOON, price=PRICE, by=None)
    return subscription


def take_back_last_term(subscription, by=None):
    take_back_term(subscription.terms.standing().latest("starts_on"), by=by)


@pytest.mark.parametrize("ends_on", [None, date(2099, 1, 1)])
def test_a_planned_change_is_taken_back_whatever_came_after_it(ends_on, alice):
    subscription = planned(ends_on=ends_on)
    first = subscription.terms.standing().earliest("starts_on")
    correct_term(first, changes=TermChanges(price=Price(Decimal(120), "year", "EUR")), by=None)

    take_back_last_term(subscription, alice)

    assert believed(subscription) == [("paid", 120, JAN, ends_on)]
    line = Interaction.objects.first()
    assert (line.verb, line.author) == ("term_taken_back", alice)
    assert event_words(line.verb, line.facts).startswith("What was planned for Pro from")


def test_what_was_planned_before_it_for_the_same_day_is_planned_again():
    subscription = planned()
    again = Price(Decimal(500), "year", "EUR")
    change_subscription(subscription, on=today() + SOON, price=again, by=None)

    take_back_last_term(subscription)

    assert believed(subscription)[-1] == ("paid", 300, today() + SOON, None)


def test_a_planned_term_that_went_and_came_back_can_still_be_taken_back():
    subscription = planned()
    end_subscription(subscription, on=today() + timedelta(days=5), by=None)
    take_back_change(subscription, by=None)

    take_back_last_term(subscription)

    assert believed(subscription) == [("paid", 100, JAN, None)]


def test_of_several_planned_ones_each_can_be_taken_back():
    subscription = planned()
    on = today() + LATER
    change_subscription(subscription, on=on, price=Price(Decimal(500), "year", "EUR"), by=None)
    middle = subscription.terms.standing().order_by("starts_on")[1]

    take_back_term(middle, by=None)

    assert believed(subscription) == [("paid", 100, JAN, on), ("paid", 500, on, None)]


def test_a_trial_ends_when_what_follows_is_taken_back():
    on = today() + SOON
    subscription = make_subscription(kind="trial", starts_on=JAN, ends_on=on)
    change_subscription(subscription, on=on, price=PRICE, by=None)

    take_back_last_term(subscription)

    assert believed(subscription) == [("trial", 0, JAN, on)]


@pytest.mark.parametrize("kind, goes_on", [("paid", True), ("paused", True), ("trial", False)])
def test_what_a_file_planned_gives_way_to_what_is_paid_before_it(kind, goes_on):
    on = today() + SOON
    subscription = make_subscription(kind=kind, starts_on=JAN, ends_on=on)
    make_term(subscription, arr=300, starts_on=on)

    take_back_last_term(subscription)

    assert [row[3] for row in believed(subscription)] == [None if goes_on else on]


def test_a_planned_pause_goes_with_all_that_waits_for_it():
    subscription = planned()
    was = believed(subscription)
    pause_subscription(subscription, on=today() + timedelta(days=5), by=None)
    first, waits = subscription.terms.standing().filter(kind="paused").order_by("starts_on")

    with pytest.raises(RuleError, match="Resume that one"):
        take_back_term(waits, by=None)
    take_back_term(first, by=None)

    assert believed(subscription) == was


def test_a_planned_resumption_is_taken_back_into_the_pause():
    subscription = make_subscription(arr=100, starts_on=JAN)
    pause_subscription(subscription, on=FEB, by=None)
    resume_subscription(subscription, on=today() + SOON, by=None)

    take_back_last_term(subscription)

    assert believed(subscription) == [("paid", 100, JAN, FEB), ("paused", 0, FEB, None)]


def test_a_subscription_that_is_nothing_but_planned_never_starts():
    subscription = make_subscription(starts_on=today() + SOON)

    take_back_last_term(subscription)

    assert believed(subscription) == []
    assert Interaction.objects.get().verb == "subscription_withdrawn"


def test_what_has_begun_is_corrected_instead_and_the_first_goes_last():
    begun = make_subscription(starts_on=today())
    starts = make_subscription(starts_on=today() + SOON, ends_on=today() + LATER)
    make_term(starts, arr=300, starts_on=today() + LATER)
    for term in (begun.terms.get(), starts.terms.earliest("starts_on")):
        with pytest.raises(RuleError) as refusal:
            take_back_term(term, by=None)
        assert refusal.value.field == "term"


def test_a_term_of_the_past_belief_is_none_to_take_back():
    subscription = planned()
    stale = subscription.terms.standing().latest("starts_on")
    end_subscription(subscription, on=today() + LATER, by=None)

    with pytest.raises(RuleError, match="Somebody else changed"):
        take_back_term(stale, by=None)


def test_exactly_what_is_offered_is_accepted():
    subscription = planned()
    change_subscription(subscription, on=today() + LATER, plan=make_plan("max"), by=None)
    pause_subscription(subscription, on=today() + SOON + timedelta(days=3), by=None)
    terms = list(subscription.terms.standing().order_by("starts_on"))
    offered = ahead(terms, today())
    assert [term.pk in offered for term in terms] == [False, True, True, False]
    for term in terms:
        if term.pk not in offered:
            with pytest.raises(RuleError):
                take_back_term(term, by=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["change", "pause", "end", "correct"])
def test_figures_are_as_before_and_those_known_in_between_stay(name):
    subscription = make_subscription(arr=100, starts_on=JAN, ends_on=MAR)
    make_term(subscription, arr=200, starts_on=MAR)
    was = figures()
    CHANGES[name](subscription)
    between, at = figures(), timezone.now()
    assert between != was

    take_back_change(subscription, by=None)

    assert figures() == was
    assert figures(at) == between


def figures(known_at=None):
    question = ask(Organisation.current(), JAN, APR, known_at=known_at or timezone.now())
    return [period.values for period in metrics_report(question).periods]


def test_what_never_started_earns_nothing_when_its_cancellation_is_withdrawn():
    on = today() + SOON
    subscription = start_subscription(
        make_customer(), plan=make_plan(), price=PRICE, starts_on=on, by=None
    )
    details = CancellationDetails(on + SOON)
    cancellation = record_cancellation(subscription.customer, details, by=None)
    take_back_term(subscription.terms.standing().get(), by=None)

    withdraw_cancellation(cancellation, by=None)

    assert believed(subscription) == []


def test_what_was_planned_last_comes_back_though_the_same_was_planned_once_before():
    subscription = make_subscription(arr=50, starts_on=today() - LATER)
    for amount in (200, 150, 200):
        price = Price(Decimal(amount), "year", "EUR")
        change_subscription(subscription, on=today() + SOON, price=price, by=None)

    take_back_term(subscription.terms.standing().get(starts_on=today() + SOON), by=None)

    assert believed(subscription)[-1][:3] == ("paid", 150, today() + SOON)
