"""Which departures a period holds."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from customers.models import Cancellation, ReasonKind
from customers.services.reason_views import state_reason
from customers.views.departures import bounds_of, within
from tests.factories import make_cancellation, make_reason, stand, today_here

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


def test_our_note_on_an_involuntary_departure_is_not_shown_as_their_words(alices_client):
    make_cancellation(effective_on=today_here(), comment="We miss an app.")
    make_cancellation(effective_on=today_here(), comment="Card declined.", involuntary=True)
    page = alices_client.get(LIST).text
    assert "<q>We miss an app.</q>" in page
    assert "<q>Card declined.</q>" not in page
    assert "Our note: Card declined." in page

    insight = alices_client.get(reverse("customers:insights")).context["insight"]
    assert [row.comment for row in insight.comments()] == ["We miss an app."]


def test_the_competitor_stands_beside_the_reason_it_belongs_to(alices_client):
    rival = make_reason("rival", asks="competitor", labels={"en": "Moved to a rival"})
    merged = make_reason("merged", labels={"en": "Merged"})
    gone = make_cancellation(effective_on=today_here(), reason=merged, competitor="Planvind")
    stand()
    state_reason(gone, ReasonKind.STATED, rival, by=None, source="response:1")
    Cancellation.objects.filter(pk=gone.pk).update(
        reason=merged, reason_version=merged.versions.get()
    )

    page = alices_client.get(reverse("customers:detail", args=[gone.customer_id])).text
    head, kinds = page.split('<dl class="kinds">')
    assert "to Planvind" not in head
    assert re.search(r"Moved to a rival\s*<span class=\"pill\">to Planvind", kinds)
    assert "Counts: the reason that was recorded on" in head

    row = alices_client.get(LIST).text
    assert re.search(r"Moved to a rival\s*<span class=\"pill\">to Planvind", row)


def test_what_the_customer_says_counts_and_is_named(alices_client):
    rival = make_reason("rival", labels={"en": "Moved to a rival"})
    gone = make_cancellation(effective_on=today_here())
    stand()
    state_reason(gone, ReasonKind.STATED, rival, by=None, source="response:1")
    page = alices_client.get(reverse("customers:detail", args=[gone.customer_id])).text
    assert "Counts: the customer&#x27;s answer of" in page


def test_what_is_ahead_is_not_among_the_last_twelve_months(alices_client):
    make_cancellation(effective_on=today_here() + timedelta(days=40))
    assert alices_client.get(LIST).context["departures"].totals.count == 0
    assert alices_client.get(f"{LIST}?period=ahead").context["departures"].totals.count == 1
