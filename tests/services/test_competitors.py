"""The register of competitors: names that mean one, and offers with their prices and days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import Cancellation, Competitor, CompetitorName, CompetitorOffer
from customers.rivals import Register, named
from customers.services.competitor_offers import (
    OfferDetails,
    add_offer,
    edit_offer,
    end_offer,
    remove_offer,
    take_back_end,
)
from customers.services.competitors import (
    CompetitorDetails,
    add_competitor,
    add_name,
    bring_back_competitor,
    edit_competitor,
    merge_competitors,
    remove_competitor,
    retire_competitor,
    separate_competitor,
    take_name_away,
)
from tests.factories import (
    make_cancellation,
    make_competitor,
    make_customer,
    make_offer,
    make_subscription,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db


def added(name, **fields):
    return add_competitor(CompetitorDetails(name, **fields), by=None)


def lost_to(*names):
    """The names that were said by those who went to whoever goes by these names."""
    found = Cancellation.objects.with_rival().filter(named(names))
    return sorted(found.values_list("competitor", flat=True))


@pytest.fixture
def said():
    for name in ("Planvind", " planvind  APS ", "PV", "Skiftly"):
        make_cancellation(competitor=name)


def test_a_name_added_later_speaks_for_what_was_said_before(said):
    assert lost_to("planvind") == ["Planvind"]
    planvind = added("Planvind")
    add_name(planvind, "Planvind ApS", by=make_user())
    assert lost_to("planvind") == [" planvind  APS ", "Planvind"]
    assert lost_to("PLANVIND  aps") == [" planvind  APS ", "Planvind"]
    name = add_name(planvind, "pv", by=None)
    assert lost_to("Planvind") == [" planvind  APS ", "PV", "Planvind"]
    take_name_away(name, by=None)
    assert lost_to("Planvind") == [" planvind  APS ", "Planvind"]
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"competitor_added", "competitor_name_added", "competitor_name_removed"} <= verbs


def test_renamed_it_keeps_the_name_that_customers_said(said):
    planvind = added("Planvind")
    edit_competitor(planvind, CompetitorDetails("Windplan", notes=" New owners "), by=None)
    assert (planvind.name, planvind.notes) == ("Windplan", "New owners")
    assert lost_to("windplan") == ["Planvind"]
    edit_competitor(planvind, CompetitorDetails("WindPlan"), by=None)
    assert Register.read().other_names(planvind) == ["Planvind"]


@pytest.mark.parametrize("name", ["PLANVIND", " planvind ", "wind  plan"])
def test_no_two_go_by_one_name(name):
    add_name(added("Planvind"), "Wind Plan", by=None)
    other = added("Skiftly")
    for attempt in (
        lambda: added(name),
        lambda: add_name(other, name, by=None),
        lambda: edit_competitor(other, CompetitorDetails(name), by=None),
    ):
        with pytest.raises(RuleError, match="is a name of Planvind already") as refusal:
            attempt()
        assert refusal.value.field == "name"
    assert Competitor.objects.get(pk=other.pk).name == "Skiftly"
    with pytest.raises(IntegrityError), transaction.atomic():
        CompetitorName.objects.create(competitor=other, text=name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(RuleError):
        added(name)


def test_the_name_it_stands_under_stays():
    with pytest.raises(RuleError, match="Rename it first"):
        take_name_away(added("Planvind").names.get(), by=None)


def test_two_merged_count_as_one_and_can_be_separated(said):
    planvind, skiftly = added("Planvind"), added("Skiftly")
    make_offer(skiftly, name="Skift", seen_on=date(2025, 5, 1))
    make_offer(planvind, name="Team", seen_on=date(2025, 4, 1))
    merge_competitors(planvind, skiftly, by=None)
    assert lost_to("planvind") == lost_to("skiftly") == ["Planvind", "Skiftly"]
    assert Register.read().key("skiftly") == "planvind"
    assert [one.name for one in CompetitorOffer.objects.last_of_each()] == ["Skift"]
    assert set(CompetitorOffer.objects.of(planvind)) == set(CompetitorOffer.objects.all())

    with pytest.raises(RuleError, match="merged already"):
        merge_competitors(added("Rutebok"), skiftly, by=None)
    with pytest.raises(RuleError, match="other way round"):
        merge_competitors(added("Timeglad"), planvind, by=None)
    separate_competitor(skiftly, by=None)
    assert lost_to("planvind") == ["Planvind"]
    assert CompetitorOffer.objects.of(planvind).count() == 1


def test_none_is_merged_into_itself():
    planvind = added("Planvind")
    with pytest.raises(RuleError, match="two different"):
        merge_competitors(planvind, planvind, by=None)


def test_a_retired_one_is_not_suggested_and_comes_back():
    planvind = added("Planvind")
    retire_competitor(planvind, by=None)
    assert not Competitor.objects.on_offer()
    with pytest.raises(RuleError):
        retire_competitor(planvind, by=None)
    bring_back_competitor(planvind, by=None)
    assert Competitor.objects.on_offer().get() == planvind


def test_only_one_without_offers_is_removed():
    planvind = added("Planvind")
    offer = make_offer(planvind)
    with pytest.raises(RuleError, match="Retire it"):
        remove_competitor(planvind, by=None)
    remove_offer(offer, by=None)
    remove_competitor(planvind, by=None)
    assert not CompetitorName.objects.exists()
    assert AuditEvent.objects.get(verb="competitor_removed").changes == {
        "names": [["Planvind"], None]
    }


def test_an_offer_is_written_down_corrected_and_ended():
    user = make_user()
    price = {"amount_minor": 9900, "currency": "NOK", "per": "seat_month"}
    details = OfferDetails("Team", date(2025, 3, 1), **price)
    offer = add_offer(make_competitor(), details, by=user)
    assert (offer.recorded_by, offer.amount_minor) == (user, 9900)
    edit_offer(offer, OfferDetails("Team", date(2025, 3, 2), **price), by=user)
    assert AuditEvent.objects.get(verb="competitor_offer_edited").changes == {
        "seen_on": ["2025-03-01", "2025-03-02"]
    }
    with pytest.raises(RuleError, match="before it was seen"):
        end_offer(offer, date(2025, 3, 1), by=user)
    end_offer(offer, date(2025, 4, 1), by=user)
    with pytest.raises(RuleError, match="ended already"):
        end_offer(offer, date(2025, 4, 2), by=user)
    take_back_end(offer, by=user)
    assert CompetitorOffer.objects.get().ends_on is None


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "name"),
        ({"seen_on": date(2999, 1, 1)}, "seen_on"),
        ({"ends_on": date(2024, 1, 1)}, "ends_on"),
        ({"currency": "NOK"}, "amount_minor"),
        ({"amount_minor": 100, "per": "month"}, "currency"),
        ({"amount_minor": 100, "currency": "NOK"}, "per"),
        ({"amount_minor": 2**63, "currency": "NOK", "per": "month"}, "amount_minor"),
        ({"amount_minor": -1, "currency": "NOK", "per": "month"}, "amount_minor"),
    ],
)
def test_what_is_no_offer_is_refused(wrong, field):
    details = OfferDetails(**({"name": "Team", "seen_on": date(2025, 3, 1)} | wrong))
    with pytest.raises(RuleError) as refusal:
        add_offer(make_competitor(), details, by=None)
    assert refusal.value.field == field


def test_won_back_is_who_had_left_and_pays_again():
    left = today() - timedelta(days=100)
    since, back = left - timedelta(days=400), left + timedelta(days=30)

    def departure(name, *, ends_on, again=None, on=left, stays=False):
        customer = make_customer(name)
        make_subscription(customer, starts_on=since, ends_on=ends_on)
        if again:
            make_subscription(customer, starts_on=again)
        if stays:
            make_subscription(customer, starts_on=since)
        make_cancellation(customer, effective_on=on, competitor="Planvind")

    ahead = today() + timedelta(days=10)
    departure("back", ends_on=left, again=back)
    departure("gone", ends_on=left)
    departure("never left", ends_on=left, again=back, stays=True)
    departure("ahead", ends_on=ahead, on=ahead)
    departure("another on the day", ends_on=left, again=left)
    found = Cancellation.objects.with_won_back(today()).filter(won_back=True)
    assert [one.customer.name for one in found] == ["back"]
