"""How long those who came back, or were kept, go on paying."""

from datetime import date

import pytest

from campaigns.results.lasting import HOLDOUT, OTHERS, TREATED, lasting_of
from customers.metrics.survival import Spell
from tests.campaigns.results import after, asked_on, draw, draw_many, pays, run_campaign
from tests.factories import make_customer, make_subscription

pytestmark = pytest.mark.django_db
ASKED_ON = after(100)


def lasting(campaign, day=ASKED_ON):
    return lasting_of(asked_on(day, campaign), campaign)


def spells(campaign, kind, day=ASKED_ON):
    curve = lasting(campaign, day).curve(kind)
    return sorted(curve.spells, key=lambda spell: spell.days) if curve else []


def test_the_clock_of_who_came_back_starts_on_the_day_they_did():
    campaign = run_campaign()
    one, two, three, four = draw_many(campaign, 4)
    pays(one, after(10))  # still there: known for 90 days
    pays(two, after(10), after(25))  # left after 15
    pays(three, after(31))  # too late to be counted
    pays(four, after(-300), after(-20))
    pays(draw(campaign, held_out=True), after(20), after(100))  # left today
    assert spells(campaign, TREATED) == [Spell(15, True), Spell(90, False)]
    assert spells(campaign, HOLDOUT) == [Spell(80, True)]


def test_a_change_of_plan_and_a_pause_end_nothing_but_a_pause_past_its_limit_does():
    campaign = run_campaign()
    one, two = draw_many(campaign, 2)
    pays(one, after(10), after(20))
    pays(one, after(20), after(50), plan="large")
    for recipient, until in ((one, None), (two, after(400))):
        day = after(50) if recipient == one else after(30)
        if recipient == two:
            pays(two, after(5), day)
        make_subscription(recipient.customer, kind="paused", starts_on=day, ends_on=until)
    assert spells(campaign, TREATED) == [Spell(90, False), Spell(95, False)]
    late = spells(campaign, TREATED, after(300))
    assert late == [Spell(115, True), Spell(130, True)]  # 25 + 90 and 40 + 90 days


def test_who_comes_back_twice_counts_with_the_first_time():
    campaign = run_campaign()
    recipient = draw(campaign)
    pays(recipient, after(5), after(8)), pays(recipient, after(20))
    assert spells(campaign, TREATED) == [Spell(3, True)]


def test_where_customers_are_to_stay_the_clock_starts_when_they_came_in():
    campaign = run_campaign(goal="stayed", kind="retention")
    one, two = draw_many(campaign, 2)
    pays(one, date(2024, 1, 1)), pays(two, date(2024, 1, 1), after(40))
    pays(draw(campaign, held_out=True), after(3))  # did not pay when they came in
    pays(draw(campaign, held_out=True), date(2024, 1, 1), after(7))
    assert spells(campaign, TREATED) == [Spell(40, True), Spell(100, False)]
    assert spells(campaign, HOLDOUT) == [Spell(7, True)]
    assert not lasting(campaign).starts_anew


def returned(starts_on, **fields):
    """Somebody in no campaign who had left and came back."""
    customer = make_customer()
    make_subscription(customer, starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 1))
    make_subscription(customer, starts_on=starts_on, **fields)
    return customer


def test_others_are_who_came_back_in_the_same_time_and_were_treated_nowhere():
    campaign, elsewhere = run_campaign(), run_campaign()
    pays(draw(campaign), after(10))
    returned(after(12), ends_on=after(40))
    returned(after(60)), returned(after(-5))  # at another time
    make_subscription(make_customer(), starts_on=after(12))  # new, not back
    draw(elsewhere, returned(after(12)))
    draw(elsewhere, returned(after(14), ends_on=after(20)), held_out=True)
    assert spells(campaign, OTHERS) == [Spell(6, True), Spell(28, True)]


def test_others_on_the_same_plan_are_taken_where_there_are_enough(monkeypatch):
    campaign = run_campaign()
    pays(draw(campaign), after(10), plan="pro")
    returned(after(12), plan="pro"), returned(after(13), plan="large")
    found = lasting(campaign)
    assert (found.same_plan, found.curve(OTHERS).people) == (False, 2)
    monkeypatch.setattr("campaigns.results.lasting.ENOUGH", 1)
    found = lasting(campaign)
    assert (found.same_plan, found.curve(OTHERS).people) == (True, 1)


def test_two_curves_are_compared_and_an_empty_one_is_not():
    campaign = run_campaign()
    for days in (3, 5, 40, 60):
        recipient = draw(campaign)
        pays(recipient, after(2), after(2 + days))
    assert lasting(campaign).chance_apart(HOLDOUT) is None
    pays(draw(campaign, held_out=True), after(2), after(4))
    assert lasting(campaign).chance_apart(HOLDOUT) == pytest.approx(0.045, abs=0.02)
