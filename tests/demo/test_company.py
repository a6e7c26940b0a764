"""What the generator promises, without a database."""

import zoneinfo
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from customers.demo.company import Company, build
from customers.demo.lives import Life
from customers.demo.world import Story, World, add_months

OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
TODAY = date(2026, 11, 22)


def make_world(customers: int = 60, seed: int = 7, today: date = TODAY) -> World:
    return World(customers, seed, today, OSLO, "NOK")


@cache
def big_company() -> Company:
    return build(make_world(2000))


def tables(company: Company) -> list[object]:
    return [
        company.customers, company.contacts, company.subscriptions, company.terms,
        company.cancellations, company.interactions, company.payments, company.tasks,
        list(company.usage()), list(company.spend()), list(company.rate_rows()),
    ]  # fmt: skip


def test_same_seed_and_day_give_the_same_company() -> None:
    assert tables(build(make_world())) == tables(build(make_world()))


def test_another_seed_gives_another_company() -> None:
    one, other = build(make_world(seed=1)), build(make_world(seed=2))
    assert all(a != b for a, b in zip(tables(one), tables(other), strict=True))


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2025, 1, 1), date(2026, 10, 31)])
def test_any_day_can_be_today(today: date) -> None:
    company = build(make_world(40, today=today))
    assert company.world.story.opening_on <= company.customers[0].signed_up_on
    assert company.customers[-1].signed_up_on < today
    assert company.world.story.price_rise_on < today - timedelta(days=90)


def test_months_are_added_to_the_end_of_shorter_ones() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 12, 31), -1) == date(2024, 11, 30)
    assert add_months(date(2024, 11, 30), 1) == date(2024, 12, 30)


def test_nothing_is_known_that_has_not_happened() -> None:
    company, now = big_company(), big_company().world.now
    assert all(term.recorded_at <= now for term in company.terms)
    assert all((term.superseded_at or now) <= now for term in company.terms)
    assert all(row.recorded_at <= now for row in company.cancellations)
    assert all(row.occurred_at <= now for row in company.interactions)
    assert all(day < TODAY for _customer, _feature, day, _count in company.usage())


def test_names_are_unique_and_addresses_reach_nobody() -> None:
    company = big_company()
    assert max(Counter(row.name for row in company.customers).values()) == 1
    assert all(row.email.endswith(".example") for row in company.contacts)
    assert all(row.email.isascii() for row in company.contacts)


# The story


def lost_share(lives: list[Life], since: date, until: date) -> float:
    there = [life for life in lives if life.pays_on(since)]
    return sum(not life.pays_on(until) for life in there) / len(there)


def test_the_price_rise_cost_start_customers_in_sweden() -> None:
    company = big_company()
    story = company.world.story
    start = [life for life in company.lives if life.profile.plan in {"basis", "start"}]
    quarter = story.price_rise_on - timedelta(days=1), story.price_rise_on + timedelta(days=100)
    sweden = lost_share([life for life in start if life.profile.country == "SE"], *quarter)
    others = lost_share([life for life in start if life.profile.country != "SE"], *quarter)
    assert sweden > 1.8 * others


def test_guided_onboarding_keeps_customers() -> None:
    company = big_company()

    def kept(onboarding: str) -> float:
        old = TODAY - timedelta(days=400)
        lives = [
            life
            for life in company.lives
            if life.profile.onboarding == onboarding and life.paid_from and life.paid_from < old
        ]
        return sum(
            life.pays_on((life.paid_from or old) + timedelta(days=365)) for life in lives
        ) / len(lives)

    assert kept("guided") > kept("self-serve") + 0.1


def test_a_competitor_wins_in_denmark() -> None:
    company = big_company()
    danish = {life.profile.number for life in company.lives if life.profile.country == "DK"}
    named = [
        row.competitor
        for row in company.cancellations
        if row.customer_id in danish
        and row.competitor
        and row.effective_on >= company.world.story.competitor_since
    ]
    assert sum(name.startswith("Planvind") for name in named) > 0.6 * len(named) > 6


def test_a_good_part_of_those_who_own_forecast_never_opened_it() -> None:
    company = big_company()
    used = {
        customer for customer, feature, _day, _count in company.usage() if feature == "forecast"
    }
    owners = {
        life.profile.number
        for life in company.lives
        if life.profile.plan in {"business", "enterprise"} and life.pays_on(TODAY)
    }
    assert 0.15 < len(owners - used) / len(owners) < 0.45


def test_use_usually_falls_before_a_departure_but_not_always() -> None:
    company = big_company()
    departed = [
        row for row in company.cancellations if row.effective_on < TODAY and row.requested_at
    ]
    by_number = {life.profile.number: life for life in company.lives}
    slumped = sum(
        any(
            s.starts_on < row.effective_on <= (s.ends_on or TODAY)
            for s in by_number[row.customer_id].slumps
        )
        for row in departed
    )
    assert 0.5 < slumped / len(departed) < 0.9


def test_the_outage_brought_complaints() -> None:
    company = big_company()
    incident_on = company.world.story.incident_on
    by_day = Counter(row.occurred_at.date() for row in company.interactions if row.complaint)
    usual = sum(by_day[incident_on - timedelta(days=n)] for n in range(1, 61)) / 60
    assert by_day[incident_on] > 20 * usual


def test_comments_come_in_four_languages_and_many_words() -> None:
    company = big_company()
    said = {row.comment for row in company.cancellations if row.comment}
    assert len(said) > 0.6 * sum(bool(row.comment) for row in company.cancellations)
    languages = {row.id: row.language for row in company.customers}
    assert {languages[r.customer_id] for r in company.cancellations if r.comment} == {
        "en", "nb", "da", "sv",
    }  # fmt: skip
    assert not any("{" in text for text in said)


def test_some_customers_are_under_notice_and_some_notices_were_withdrawn() -> None:
    company = big_company()
    coming = [row for row in company.cancellations if row.effective_on > TODAY]
    assert len([row for row in coming if row.withdrawn_at is None]) >= 5
    assert any(row.withdrawn_at for row in company.cancellations)


def test_some_facts_became_known_after_their_month_was_reported() -> None:
    company = big_company()
    late = [r for r in company.cancellations if r.recorded_at.date() > r.effective_on]
    corrected = [
        t for t in company.terms if t.superseded_at and t.recorded_at.month != t.superseded_at.month
    ]
    assert late
    assert corrected


def test_story_dates_lie_in_order() -> None:
    story = Story.up_to(TODAY)
    assert story.opening_on < story.plan_migration_on < story.competitor_since < story.release_on
    assert story.price_rise_on == date(2025, 10, 1)


@pytest.mark.parametrize(
    "seed,today", [(2, date(2026, 11, 26)), (15, date(2026, 11, 26)), (7, TODAY)]
)
def test_no_news_is_older_than_what_it_replaces(seed: int, today: date) -> None:
    """A branch that began between notice and end was told to end before it was told to begin."""
    terms = build(make_world(300, seed, today)).terms
    assert [t for t in terms if t.superseded_at and t.superseded_at <= t.recorded_at] == []
