"""Whatever people do, in any order: what we believed at any moment can be asked again, exactly."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churnapp.common.errors import RuleError
from customers.models import Standing, Term
from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
    withdraw_cancellation,
)
from customers.services.ledger import database_clock
from customers.services.subscriptions import (
    Price,
    TermChanges,
    change_subscription,
    correct_term,
    end_subscription,
    pause_subscription,
    resume_subscription,
)
from customers.services.taking_back import ahead, take_back_change, take_back_term
from tests.factories import make_customer, make_organisation, make_plan, make_subscription, today

pytestmark = pytest.mark.django_db

VERBS = ("change", "pause", "resume", "end", "correct", "cancel", "amend", "withdraw")
TAKEN_BACK = {"change", "pause", "resume", "end", "correct"}
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(-200, 60), st.integers(1, 9)),
    min_size=1,
    max_size=8,
)


def perform(subscription, verb, on, amount):
    """Do it, or be refused; nothing else may happen."""
    price = Price(Decimal(amount), "month", "EUR")
    details = CancellationDetails(on)
    standing = subscription.customer.cancellations.in_force().last()
    term = subscription.terms.standing().order_by("starts_on").last()
    deeds = {
        "change": lambda: change_subscription(subscription, on=on, price=price, by=None),
        "pause": lambda: pause_subscription(subscription, on=on, by=None),
        "resume": lambda: resume_subscription(subscription, on=on, by=None),
        "end": lambda: end_subscription(subscription, on=on, by=None),
        "correct": lambda: correct_term(term, changes=TermChanges(price=price), by=None),
        "cancel": lambda: record_cancellation(subscription.customer, details, by=None),
        "amend": lambda: standing and amend_cancellation(standing, details, by=None),
        "withdraw": lambda: standing and withdraw_cancellation(standing, by=None),
    }
    try:
        deeds[verb]()
    except RuleError:
        return False
    return True


def planned(subscription):
    """At most one of the terms ahead that can be taken back."""
    terms = subscription.terms.standing().order_by("starts_on")
    offered = ahead(terms, today())
    return [term for term in terms if term.pk in offered][:1]


def believed(moment=None):
    terms = Term.objects.believed_at(moment) if moment else Term.objects.standing()
    fields = ("subscription", "kind", "plan", "arr_minor", "starts_on", "ends_on")
    return sorted(terms.values_list(*fields), key=str)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_every_belief_of_the_past_can_be_asked_again(db, steps):
    make_organisation(currency="EUR")
    plan = make_plan()
    customer = make_customer()
    subscription = make_subscription(customer, plan=plan, starts_on=date(2025, 1, 1))
    known = {}
    for verb, days, amount in steps:
        was = believed()
        done = perform(subscription, verb, today() + timedelta(days), amount)
        known[database_clock()] = believed()
        if done and verb in TAKEN_BACK and amount > 6:
            take_back_change(subscription, by=None)
            assert believed() == was
            known[database_clock()] = was
        for term in planned(subscription) if amount < 3 else []:
            take_back_term(term, by=None)
            known[database_clock()] = believed()

    for moment, terms in known.items():
        assert believed(moment) == terms
    running = Term.objects.standing().filter(subscription=subscription).running_on(today())
    standing = Standing.objects.filter(pk=customer.pk).first()
    if standing:
        assert standing.arr_minor == sum(term.arr_minor for term in running)
        assert (standing.state == "active") is any(term.arr_minor for term in running)
    Term.objects.all().delete()
