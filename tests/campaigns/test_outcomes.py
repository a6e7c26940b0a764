"""Who counts as having reached a goal: both arms alike, by days of the organisation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.effects.rates import Outcome
from campaigns.effects.variants import Arm
from campaigns.results.outcomes import outcomes_of
from customers.services.merges import merge_customers
from customers.services.privacy import erase_person
from tests.campaign_factories import make_grant
from tests.campaigns.results import (
    ENTERED,
    HORIZON,
    READ_ON,
    after,
    asked_on,
    draw,
    draw_many,
    pays,
    run_campaign,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_feature,
    make_organisation,
    make_reason,
    make_usage,
)

pytestmark = pytest.mark.django_db


def outcomes(campaign, day=READ_ON):
    return outcomes_of(asked_on(day, campaign), [campaign])[campaign.pk]


def reached(campaign, day=READ_ON):
    """Of the only recipient: whether the goal is reached, and whether they pay at the end."""
    (cell,) = outcomes(campaign, day).cells
    return cell.reached, cell.pays


def test_ten_treated_and_ten_held_out_counted_by_hand():
    campaign = run_campaign()
    treated = draw_many(campaign, 10)
    holdout = draw_many(campaign, 10, held_out=True)
    for recipient in treated[:4]:  # four come back, one of them for ten days only
        pays(recipient, after(5), after(15) if recipient == treated[0] else None)
    pays(treated[4], HORIZON)  # comes back on the last day
    pays(treated[5], HORIZON + timedelta(days=1))  # a day too late
    pays(holdout[0], after(20))
    pays(holdout[1], date(2024, 1, 1), ENTERED)  # left on the day they came in, and stayed away

    found = outcomes(campaign)
    assert found.is_readable
    assert found.outcome == Outcome(5, 10, 1, 10)
    assert found.paying == Outcome(4, 10, 1, 10)


@pytest.mark.parametrize(
    "starts_on, ends_on, expected",
    [
        (after(1), None, (1, 1)),
        (after(1), after(2), (1, 0)),
        (HORIZON, None, (1, 1)),
        (HORIZON, after(31), (1, 1)),
        (after(31), None, (0, 0)),
        (ENTERED, None, (0, 1)),  # paid on the day they came in: they can't come back
        (ENTERED, after(1), (0, 0)),
        (date(2024, 1, 1), ENTERED, (0, 0)),
        (date(2024, 1, 1), None, (0, 1)),
    ],
)
def test_who_has_come_back(starts_on, ends_on, expected):
    campaign = run_campaign()
    pays(draw(campaign), starts_on, ends_on)
    assert reached(campaign) == expected


def test_a_corrected_term_a_trial_and_a_free_one_are_no_payment():
    campaign = run_campaign()
    recipient = draw(campaign)
    now = datetime(2025, 3, 20, tzinfo=UTC)
    pays(recipient, after(2), superseded_at=now)
    pays(recipient, after(2), kind="trial")
    pays(recipient, after(2), kind="free")
    pays(recipient, after(2), arr=0)
    assert reached(campaign) == (0, 0)


@pytest.mark.parametrize(
    "ends_on, expected", [(None, 1), (after(31), 1), (HORIZON, 0), (after(9), 0)]
)
def test_who_has_stayed(ends_on, expected):
    campaign = run_campaign(goal="stayed", kind="retention")
    pays(draw(campaign), date(2024, 1, 1), ends_on)
    assert reached(campaign) == (expected, expected)


@pytest.mark.parametrize(
    "contract_ends_on, ends_on, expected",
    [
        (after(10), None, 1),  # runs on past it
        (after(300), None, 1),  # was moved past the horizon
        (after(300), after(300), 0),  # but its end is known
        (after(10), after(10), 0),
        (after(10), after(40), 1),  # ran on past its end, and stops later
        (None, None, 0),  # without a contract there is nothing to renew
    ],
)
def test_who_has_renewed(contract_ends_on, ends_on, expected):
    campaign = run_campaign(goal="renewed", kind="renewal")
    pays(draw(campaign), date(2024, 1, 1), ends_on, contract_ends_on=contract_ends_on)
    assert reached(campaign)[0] == expected


@pytest.mark.parametrize(
    "code, day, expected",
    [
        ("maps", ENTERED, 1),
        ("maps", HORIZON, 1),
        ("maps", after(31), 0),
        ("maps", after(-1), 0),
        ("reports", after(3), 0),
    ],
)
def test_who_has_used_the_feature(code, day, expected):
    campaign = run_campaign(goal="used", goal_feature=make_feature("maps"))
    make_usage(draw(campaign).customer, day, feature=code)
    assert reached(campaign)[0] == expected


def test_only_the_treated_can_accept_so_nothing_is_compared():
    campaign = run_campaign(goal="accepted")
    recipient = draw(campaign)
    draw(campaign, held_out=True)
    at = datetime(2025, 3, 9, tzinfo=UTC)
    grant = make_grant(customer=recipient.customer, state="accepted", made_at=at)
    recipient.steps.create(step="deal", at=at, outcome="offered", grant=grant)
    make_grant(customer=recipient.customer, state="accepted", made_at=at)  # not of the campaign
    found = outcomes(campaign)
    assert not found.compares
    assert found.outcome == Outcome(1, 1, 0, 0)


def test_who_was_left_out_counts_nowhere_and_who_went_early_counts_where_drawn():
    campaign = run_campaign()
    draw(campaign, state="left_out", why="nobody")
    pays(draw(campaign, state="exited", why="unsubscribed"), after(3))
    assert outcomes(campaign).outcome == Outcome(1, 1, 0, 0)


def test_a_frozen_campaign_is_read_when_the_last_day_of_all_is_over():
    campaign = run_campaign()
    pays(draw(campaign), after(3))
    draw(campaign, on=after(2), held_out=True)
    before = outcomes(campaign, date(2025, 4, 2))
    assert (before.read, before.people, before.is_readable) == (1, 2, False)
    assert before.readable_on == date(2025, 4, 3)
    assert before.outcome == Outcome(1, 1, 0, 1)  # so far
    assert outcomes(campaign, date(2025, 4, 3)).is_readable


def test_of_a_flowing_campaign_those_are_read_who_came_in_long_enough_ago():
    campaign = run_campaign(entry="flowing")
    pays(draw(campaign), after(3))
    draw(campaign, held_out=True)
    pays(draw(campaign, on=after(10)), after(12))
    assert not outcomes(campaign, HORIZON).is_readable
    found = outcomes(campaign)
    assert (found.is_readable, found.read, found.people) == (True, 2, 3)
    assert found.readable_on == READ_ON
    assert found.outcome == Outcome(1, 1, 0, 1)


def test_before_the_horizon_only_what_has_happened_counts():
    campaign = run_campaign()
    pays(draw(campaign), after(12))
    assert reached(campaign, after(11)) == (0, 0)
    assert reached(campaign, after(12)) == (1, 1)


@pytest.mark.parametrize("zone, expected", [("UTC", 0), ("Europe/Oslo", 1)])
def test_the_days_are_those_of_the_organisation(zone, expected):
    """Came in at 23:30 UTC on 28 February: in Oslo, where it is 1 March, paying from 31 March on
    is in time; by UTC 30 March was the last day.
    """
    make_organisation(timezone=zone)
    campaign = run_campaign()
    recipient = draw(campaign, entered_at=datetime(2025, 2, 28, 23, 30, tzinfo=UTC))
    pays(recipient, HORIZON)
    assert reached(campaign)[0] == expected


def test_who_comes_in_after_the_moment_asked_about_is_not_there():
    campaign = run_campaign()
    draw(campaign, on=after(5))
    assert outcomes(campaign, after(4)).people == 0
    assert outcomes(campaign, after(4)).readable_on is None


def test_an_erased_person_leaves_the_figures_as_they_were():
    campaign = run_campaign()
    contact = make_contact(email="kari@example.com")
    pays(draw(campaign, contact.customer, contact=contact), after(3))
    erase_person("kari@example.com", by=None)
    assert outcomes(campaign).outcome == Outcome(1, 1, 0, 0)


def test_of_a_merged_customer_what_was_paid_under_the_other_record_counts():
    campaign = run_campaign()
    recipient = draw(campaign)
    kept = make_customer()
    merge_customers(kept, recipient.customer, by=None)
    pays(recipient.campaign.recipients.get(), after(3))
    assert outcomes(campaign).outcome == Outcome(1, 1, 0, 0)


def test_reasons_are_those_of_the_last_departure_known_when_they_came_in():
    price, feature, merged = make_reason("price"), make_reason("feature"), make_reason("dear")
    merged.merged_into = price
    merged.save()
    campaign = run_campaign()
    one, two, three = draw_many(campaign, 3)
    make_cancellation(one.customer, reason=feature, effective_on=date(2024, 5, 1))
    make_cancellation(one.customer, reason=merged, effective_on=date(2025, 2, 1))
    make_cancellation(one.customer, reason=feature, effective_on=after(9))  # left again later
    make_cancellation(two.customer, reason=feature, effective_on=date(2025, 2, 1))
    pays(two, after(3))
    found = outcomes(campaign).by_reason
    assert found == {
        None: Outcome(0, 1, 0, 0),
        price.pk: Outcome(0, 1, 0, 0),
        feature.pk: Outcome(1, 1, 0, 0),
    }
    assert three.customer.cancellations.count() == 0


def test_variants_are_of_the_treated_alone():
    campaign = run_campaign()
    pays(draw(campaign, variant="a"), after(3))
    draw(campaign, variant="b")
    draw(campaign, variant="b", held_out=True)
    assert outcomes(campaign).by_variant == {"a": Arm(1, 1), "b": Arm(0, 1)}
