"""What a flow comes to: still paying at the horizon, by arm, once a customer, net of offers."""

from datetime import date, timedelta

import pytest

from campaigns.leaving.figures import figures_of
from campaigns.leaving.results import cells, kept, readable_from, split
from campaigns.leaving.words import kept_words
from campaigns.models import CancelVisit
from tests.campaign_factories import make_cancel_visit, make_flow, make_grant, make_sales_offer
from tests.campaigns.leavers import subscriber
from tests.campaigns.payers import NOW, march
from tests.factories import make_reason

__all__ = ["march"]
pytestmark = pytest.mark.django_db
ZONE = "UTC"


def visitor(flow, *, days_ago=40, held_out=False, left=False, **fields):
    """Somebody who went on so many days ago, and left within a month or still pays."""
    entered = NOW - timedelta(days=days_ago)
    ends_on = (entered + timedelta(days=10)).date() if left else None
    customer = subscriber(ends_on=ends_on)
    return make_cancel_visit(
        flow, customer=customer, made_at=entered, entered_at=entered, held_out=held_out, **fields
    )


def found(flow, days=30):
    return cells(flow, days, NOW.date(), ZONE)


def test_both_arms_are_counted_by_who_pays_on_the_day():
    flow = make_flow()
    visitor(flow)
    visitor(flow, left=True)
    visitor(flow, held_out=True, left=True)

    outcome = kept(30, found(flow)).outcome

    assert (outcome.returned_treated, outcome.treated) == (1, 2)
    assert (outcome.returned_holdout, outcome.holdout) == (0, 1)


def test_nothing_is_read_before_the_horizon():
    flow = make_flow()
    visitor(flow, days_ago=29)

    one = kept(30, found(flow))

    assert one.outcome.treated == 0
    assert not one.is_readable
    assert readable_from(flow, 30) == date(2025, 3, 11)
    assert kept_words(one, readable_from(flow, 30)) == (
        "Not yet readable: from 11 Mar 2025 at the earliest."
    )


def test_who_never_went_on_is_in_neither_arm():
    flow = make_flow()
    make_cancel_visit(flow, customer=subscriber(), made_at=NOW - timedelta(days=40))

    assert found(flow) == []
    assert readable_from(flow, 30) is None


def test_a_customer_counts_once_from_the_first_visit():
    flow = make_flow()
    first = visitor(flow, days_ago=60)
    CancelVisit.objects.exclude(pk=first.pk).delete()
    make_cancel_visit(
        flow,
        customer=first.customer,
        made_at=NOW - timedelta(days=35),
        entered_at=NOW - timedelta(days=35),
    )

    assert sum(cell.customers for cell in found(flow)) == 1


def test_revenue_is_what_was_paid_less_the_fixed_cost_of_what_was_accepted():
    flow = make_flow()
    offer = make_sales_offer(fixed_cost_minor=1_000)
    visit = visitor(flow, planned=offer)
    visit.grant = make_grant(offer, visit.customer, state="accepted")
    visit.save()

    (cell,) = found(flow)

    assert cell.total == round(120_000 / 365 * 30) - 1_000
    assert (cell.paying, cell.with_revenue, cell.offer_id) == (1, 1, offer.pk)
    assert cell.squares == cell.total**2


def test_enough_of_both_arms_show_an_effect_and_reasons_stand_apart():
    flow = make_flow()
    price = make_reason("price")
    for number in range(24):
        visitor(flow, reason=price, left=number < 4)
        visitor(flow, reason=price, held_out=True, left=number < 20)
    visitor(flow)

    all_of_them = kept(30, found(flow))
    by_reason = split(30, found(flow), lambda cell: cell.reason_id)

    assert all_of_them.effect.verdict == "positive"
    assert "more stay because of it" in kept_words(all_of_them, None)
    assert list(by_reason) == [price.pk, None]
    assert by_reason[price.pk].outcome.treated == 24
    assert by_reason[None].effect.verdict == "too_few"


def test_figures_count_what_became_of_visits(django_assert_num_queries):
    flow, other = make_flow(), make_flow()
    now = NOW
    make_cancel_visit(flow, state="saved", saved_at=now, saved_by="offer")
    make_cancel_visit(flow, state="left", left_at=now, ends_on=date(2025, 4, 1), held_out=True)
    make_cancel_visit(flow)

    with django_assert_num_queries(1):
        figures = figures_of([flow, other])

    assert (figures[flow.pk].visits, figures[flow.pk].saved, figures[flow.pk].left) == (3, 1, 1)
    assert figures[flow.pk].share == 0.5
    assert not figures[flow.pk].is_enough
    assert figures[other.pk].share is None
