"""A year that can only be a slip of the pen is refused before it reaches the figures."""

from datetime import date
from decimal import Decimal

import pytest

from churnapp.common.errors import RuleError
from customers.models import Plan, Term
from customers.services.subscriptions import Price, start_subscription
from tests.factories import make_customer

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
