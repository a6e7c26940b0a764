"""Which departures a period holds."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from customers.models import Cancellation
from customers.views.departures import bounds_of, within
from tests.factories import make_cancellation, today_here

pytestmark = pytest.mark.django_db
LIST = reverse("customers:cancellations")
DAYS_2026 = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 12, 1)]


@pytest.mark.parametrize(
    "period, today, found",
    [
        ("month", date(2026, 12, 10), [date(2026, 12, 1), date(2026, 12, 31)]),
        ("month", date(2026, 2, 10), [date(2026, 2, 28)]),
        ("quarter", date(2026, 3, 1), [date(2025, 12, 2), date(2026, 2, 28), date(2026, 3, 1)]),
        ("year", date(2026, 12, 1), [date(2025, 12, 2), *DAYS_2026]),
        ("year", date(2024, 2, 29), [date(2023, 3, 1)]),
        ("ahead", date(2026, 12, 10), [date(2026, 12, 31), date(2027, 1, 1)]),
    ],
)
def test_a_period_ends_where_it_says(period, today, found):
    days = [
        date(2023, 2, 28), date(2023, 3, 1), date(2025, 12, 1), date(2025, 12, 2),
        date(2026, 2, 28), date(2026, 3, 1), date(2026, 12, 1), date(2026, 12, 31),
        date(2027, 1, 1),
    ]  # fmt: skip
    for day in days:
        make_cancellation(effective_on=day)
    chosen = within(Cancellation.objects.all(), bounds_of(period, today)).order_by("effective_on")
    assert {row.effective_on for row in chosen} == set(found)


def test_what_is_ahead_is_not_among_the_last_twelve_months(alices_client):
    make_cancellation(effective_on=today_here() + timedelta(days=40))
    assert alices_client.get(LIST).context["departures"].totals.count == 0
    assert alices_client.get(f"{LIST}?period=ahead").context["departures"].totals.count == 1
