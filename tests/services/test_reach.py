"""A year that can only be a slip of the pen is refused before it reaches the figures."""

from datetime import date
from decimal import Decimal

import pytest

from churnapp.common.errors import RuleError
from customers.models import Plan, Term
from customers.services.subscriptions import Price, end_subscription, start_subscription
from tests.factories import make_customer, make_subscription

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_a_year_out_of_reach_is_refused(year):
    plan = Plan.objects.create(code="pro")
    price = Price(Decimal(100), "month", "EUR")
    with pytest.raises(RuleError, match="out of reach") as refused:
        start_subscription(
            make_customer(), plan=plan, price=price, starts_on=date(year, 6, 1), by=None
        )
    assert refused.value.field == "starts_on"
    assert not Term.objects.exists()


@pytest.mark.parametrize("year", [1899, 9999])
def test_an_end_out_of_reach_is_refused(year):
    subscription = make_subscription()
    with pytest.raises(RuleError, match="out of reach") as refused:
        end_subscription(subscription, on=date(year, 6, 1), by=None)
    assert refused.value.field == "on"
    assert subscription.terms.standing().get().ends_on is None
