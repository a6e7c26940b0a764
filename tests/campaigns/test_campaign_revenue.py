"""What came in, to the minor unit; and the sums of SQL against those of Python."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.effects.money import Revenue
from campaigns.models import HORIZONS
from campaigns.results.outcomes import outcomes_of
from campaigns.results.revenue import NOTHING, earned_in, gains_of
from churnapp.common.money import round_half_even
from customers.models import Customer
from tests.campaign_factories import make_grant, make_sales_offer
from tests.campaigns.results import (
    ENTERED,
    after,
    asked_on,
    draw,
    draw_many,
    noon,
    pays,
    run_campaign,
)
from tests.factories import make_subscription

pytestmark = pytest.mark.django_db


def earned(campaign, day=date(2027, 1, 1)):
    return earned_in(asked_on(day, campaign)).get(campaign.pk, {})


def gains(campaign, day):
    asked = asked_on(day, campaign)
    return gains_of(outcomes_of(asked, [campaign])[campaign.pk], earned(campaign, day))


def test_ten_treated_and_ten_held_out_by_hand():
    """1,000 minor units a day: (25 + 25 + 10 + 30) days against 20 days of one, of ten each."""
    campaign = run_campaign()
    treated, holdout = draw_many(campaign, 10), draw_many(campaign, 10, held_out=True)
    pays(treated[0], after(5))
    pays(treated[1], after(5))
    pays(treated[2], after(5), after(15))
    pays(treated[3], after(-40))  # paid all the time: counts from the day they came in
    pays(holdout[0], after(10))
    thirty = earned(campaign)[30]
    assert thirty.treated == Revenue.of(10, [25_000, 25_000, 10_000, 30_000])
    assert thirty.holdout == Revenue.of(10, [20_000])
    gain = thirty.gain
    assert (gain.total, gain.low, gain.verdict) == (70_000, None, "too_few")  # one payer there


def test_an_amount_is_rounded_once_to_the_nearest_minor_unit():
    campaign = run_campaign()
    recipient = draw(campaign)
    for cents in (1, 2):  # 30 days of 0.01 and of 0.02 a year: 90 / 365 of a cent; and of 10.00
        pays(recipient, ENTERED, arr=cents / 100)
    pays(recipient, ENTERED, after(7), arr=10)
    assert earned(campaign)[30].treated.total == round(Fraction(30 * 3 + 7 * 1_000, 365)) == 19


@pytest.mark.parametrize("currency, fx_rate, total", [("EUR", 1, 30_000), ("SEK", "0.1", 3_000)])
def test_amounts_are_those_of_the_reporting_currency(currency, fx_rate, total):
    campaign = run_campaign()
    pays(draw(campaign), ENTERED, currency=currency, fx_rate=fx_rate)
    assert earned(campaign)[30].treated.total == total


def accept(recipient, offer, day, **fields):
    fields = {"customer": recipient.customer, "state": "accepted"} | fields
    grant = make_grant(offer, made_at=noon(day), **fields)
    recipient.steps.create(step="deal", at=noon(day), outcome="offered", grant=grant)


@pytest.mark.parametrize(
    "state, day, total",
    [
        ("accepted", after(3), 25_000 - 700),
        ("accepted", after(29), 25_000 - 700),
        ("accepted", after(30), 25_000),  # after the thirty days
        ("declined", after(3), 25_000),
    ],
)
def test_an_accepted_offer_that_a_person_carries_out_costs_all_that_it_costs(state, day, total):
    campaign = run_campaign()
    recipient = draw(campaign)
    pays(recipient, after(5))
    accept(recipient, make_sales_offer(fixed_cost_minor=200), day, state=state, cost_minor=700)
    assert earned(campaign)[30].treated.total == total


def test_a_discount_in_the_subscription_shows_in_its_price_and_is_not_taken_off_again():
    campaign = run_campaign()
    recipient = draw(campaign)
    subscription = make_subscription(recipient.customer, arr=3_650, starts_on=after(5))
    offer = make_sales_offer(fixed_cost_minor=200)
    accept(recipient, offer, after(5), cost_minor=900, subscription=subscription)
    assert earned(campaign)[30].treated.total == 25_000 - 200


def test_who_paid_nothing_and_cost_something_counts_below_zero():
    campaign = run_campaign()
    recipient = draw(campaign)
    accept(recipient, make_sales_offer("call"), after(2), cost_minor=500)
    assert earned(campaign)[30].treated == Revenue(1, 1, -500, 250_000, -125_000_000)


def test_lengths_of_time_that_are_not_over_are_empty_and_not_zero():
    campaign = run_campaign()
    pays(draw(campaign), after(5))
    draw(campaign, held_out=True)
    assert gains(campaign, after(29)) == dict.fromkeys(HORIZONS)
    found = gains(campaign, after(30))
    assert found[30].total == 25_000
    assert [found[days] for days in (90, 180, 365)] == [None, None, None]
    assert gains(campaign, after(365))[365].total == 360_000


def test_a_frozen_campaign_waits_for_the_last_one_and_a_flowing_one_does_not():
    for entry, expected in (("frozen", None), ("flowing", 25_000)):
        campaign = run_campaign(entry=entry)
        pays(draw(campaign), after(5))
        draw(campaign, held_out=True)
        draw(campaign, on=after(3))
        gain = gains(campaign, after(30))[30]
        assert (gain and gain.total) == expected


def test_without_a_holdout_there_is_no_gain():
    campaign = run_campaign(holdout_percent=0)
    pays(draw(campaign), after(5))
    assert earned(campaign)[30].gain.total is None


def test_only_customers_whom_the_reader_may_see_count():
    campaign = run_campaign()
    one, other = draw_many(campaign, 2)
    pays(one, after(5)), pays(other, after(5))
    mine = Customer.objects.filter(pk=one.customer_id)
    asked = asked_on(date(2027, 1, 1), campaign, customers=mine)
    assert earned_in(asked)[campaign.pk][30].treated.customers == 1


DAYS = st.integers(-60, 200)
TERMS = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), st.integers(1, 300)), st.integers(1, 10**9)), max_size=3
)
PEOPLE = st.lists(st.tuples(st.booleans(), st.integers(0, 40), TERMS), min_size=1, max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=PEOPLE, today=st.integers(0, 420))
def test_the_sums_are_those_of_python(people, today):
    """Terms of any history, days of entry and a day of asking: moments are equal to the unit."""
    campaign = run_campaign(entry="flowing")
    known = []
    for held_out, entered, terms in people:
        recipient = draw(campaign, held_out=held_out, on=after(entered))
        for start, length, arr in terms:
            ends_on = after(start + length) if length else None
            pays(recipient, after(start), ends_on, arr=0, arr_minor=arr, arr_native_minor=arr)
        known.append((held_out, entered, terms))
    found = earned(campaign, after(today))
    for days in HORIZONS:
        for held_out in (False, True):
            mine = [one for one in known if one[0] == held_out and one[1] + days <= today]
            amounts = [
                round_half_even(Fraction(sum(overlap(term, entered, days) for term in terms), 365))
                for _arm, entered, terms in mine
            ]
            expected = Revenue.of(len(mine), amounts)
            there = found.get(days)
            sums = (there.holdout if held_out else there.treated) if there else NOTHING
            assert sums == expected


def overlap(term, entered, days):
    """A year's amount times the days of `[entered, entered + days)` that a term runs."""
    start, length, arr = term
    ends = start + length if length else 10**6
    return arr * max(0, min(ends, entered + days) - max(start, entered))
