"""The register of competitors, the page of each, their dialogs and files."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from customers.models import Competitor, CompetitorName, CompetitorOffer
from customers.services.competitors import merge_competitors
from customers.views.competitor_tables import offer_rows
from tests.factories import (
    make_cancellation,
    make_competitor,
    make_customer,
    make_offer,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
    today,
    today_here,
)

pytestmark = pytest.mark.django_db
REGISTER = reverse("customers:competitors")
INSIGHTS = reverse("customers:insights")


def address(name, pk):
    return reverse(f"customers:{name}", args=[pk])


def leaver(competitor, *, arr=1_200, days_ago=10, **fields):
    """A customer who went to somebody, with what it took along."""
    day = today() - timedelta(days=days_ago)
    customer = make_customer(owner=fields.pop("owner", None))
    make_subscription(customer, arr=arr, starts_on=day - timedelta(days=400), ends_on=day)
    return make_cancellation(customer, effective_on=day, competitor=competitor, **fields)


def told(client, **query):
    """What the register says: name, departures and money of each, and names it doesn't know."""
    listing = client.get(REGISTER, query).context["listing"]
    rows = [(row.competitor.name, row.toll.count, row.toll.lost_minor) for row in listing.rows]
    return rows, [(one.name, one.count) for one in listing.strangers]


def test_the_register_adds_up_what_was_lost_to_each_by_whatever_name(alices_client):
    make_competitor("Planvind", "Planvind ApS")
    make_competitor("Skiftly")
    leaver("planvind", arr=1_200)
    leaver("PLANVIND  APS", arr=2_400)
    leaver("Skiftly", arr=12_000)
    leaver("Rutebok")
    leaver("", arr=600)
    leaver("Planvind", days_ago=800)
    rows, strangers = told(alices_client)
    assert rows == [("Planvind", 2, 360_000), ("Skiftly", 1, 1_200_000)]
    assert strangers == [("Rutebok", 1)]
    assert told(alices_client, by="money")[0][0][0] == "Skiftly"
    assert told(alices_client, period="all")[0][0] == ("Planvind", 3, 480_000)
    listing = alices_client.get(REGISTER).context["listing"]
    assert (listing.said.count, listing.all.count) == (4, 5)


def test_every_figure_leads_to_its_departures(alices_client):
    planvind = make_competitor("Planvind", "PV")
    for name in ("planvind", "pv", "Rutebok"):
        leaver(name)
    listing = alices_client.get(REGISTER).context["listing"]
    for row in (*listing.rows, *listing.strangers):
        count = row.toll.count if row in listing.rows else row.count
        found = alices_client.get(row.href).context["departures"]
        assert found.totals.count == count > 0
    leaver("")
    found = alices_client.get(listing.href).context
    assert found["departures"].totals.count == listing.said.count == 3
    assert found["departures"].totals.lost_minor == listing.said.lost_minor
    shown = alices_client.get(REGISTER).content.decode()
    assert shown.count(f'<strong class="num"><a href="{listing.href}">') == 2
    assert [str(chip.value) for chip in found["chips"]] == ["anybody named"]
    page = alices_client.get(address("competitor", planvind.pk)).context["competitor"]
    assert alices_client.get(page.href).context["departures"].totals.count == page.toll.count == 2


def test_insights_count_every_name_as_one(alices_client):
    leaver("Planvind", arr=1_200)
    leaver("PV", arr=2_400)
    leaver("rutebok")

    def lines():
        insight = alices_client.get(INSIGHTS).context["insight"]
        return {line.label: line for line in insight.competitors()}

    assert {name: line.count for name, line in lines().items()} == {
        "Planvind": 1, "Pv": 1, "Rutebok": 1,
    }  # fmt: skip
    planvind = make_competitor("PlanVind", "pv")
    line = lines()["PlanVind"]
    assert (line.count, line.lost_minor) == (2, 360_000)
    assert alices_client.get(line.href).context["departures"].totals.count == 2
    merge_competitors(make_competitor("Rutebok"), planvind, by=None)
    assert {name: line.count for name, line in lines().items()} == {"Rutebok": 3}
    assert REGISTER in alices_client.get(INSIGHTS).content.decode()


def test_a_name_that_was_met_is_added_or_placed(alices_client):
    leaver("PV")
    leaver("Planvind")
    page = alices_client.get(REGISTER).content.decode()
    assert "Add to the register" in page
    alices_client.post(reverse("customers:add_competitor"), {"name": "Planvind"})
    planvind = Competitor.objects.get()
    form = {"name": "PV", "competitor": planvind.pk, "next": REGISTER}
    page = alices_client.post(reverse("customers:place_competitor"), form, follow=True)
    assert "PV counts as Planvind, in the past too." in page.content.decode()
    assert told(alices_client) == ([("Planvind", 2, 240_000)], [])

    undo = address("remove_competitor_name", CompetitorName.objects.get(text="PV").pk)
    assert undo in page.content.decode()
    alices_client.post(undo)
    assert told(alices_client)[1] == [("PV", 1)]


def test_a_name_that_is_taken_is_said_at_its_field(alices_client):
    make_competitor("Planvind")
    answer = alices_client.post(reverse("customers:add_competitor"), {"name": "planvind"})
    assert answer.status_code == 422
    assert "is a name of Planvind already" in answer.content.decode()


def test_the_page_tells_offers_with_their_days_and_the_customers_words(alices_client):
    planvind = make_competitor("Planvind", website="https://planvind.example", notes="Strong in DK")
    price = {"currency": "DKK", "per": "seat_month"}
    make_offer(planvind, amount_minor=8_000, seen_on=date(2025, 1, 10), **price)
    make_offer(planvind, name="team", amount_minor=10_000, seen_on=date(2025, 6, 1), **price)
    lost = leaver("Planvind", comment="They imported everything.", reason=make_reason("price"))
    page = alices_client.get(address("competitor", planvind.pk))
    latest, first = page.context["competitor"].offers
    assert (latest.change, latest.until) == (0.25, None)
    assert (first.until, first.is_over) == (date(2025, 6, 1), True)
    text = page.content.decode()
    for words in ("25.0% more than on 10 Jan 2025", "They imported everything.", "Strong in DK"):
        assert words in text
    assert address("detail", lost.customer_id) in text


@pytest.mark.parametrize(
    "later, change",
    [
        ({"amount_minor": 5_000}, -0.5),
        ({"amount_minor": 5_000, "currency": "NOK"}, None),
        ({"amount_minor": 5_000, "per": "year"}, None),
        ({}, None),
    ],
)
def test_only_what_can_be_compared_is(later, change):
    planvind = make_competitor()
    make_offer(planvind, amount_minor=10_000, seen_on=date(2025, 1, 1))
    make_offer(planvind, seen_on=date(2025, 2, 1), **later)
    row = offer_rows(CompetitorOffer.objects.all(), date(2025, 3, 1))[0]
    assert row.change == change


def test_an_offer_is_written_down_ended_and_taken_back(alices_client):
    planvind = make_competitor("Planvind")
    form = {"name": "Team", "seen_on": "2025-03-01", "amount": "99,50", "currency": "nok"}
    form |= {"per": "seat_month"}
    page = alices_client.post(address("add_offer", planvind.pk), form, follow=True)
    offer = CompetitorOffer.objects.get()
    assert (offer.amount_minor, offer.currency, offer.per) == (9950, "NOK", "seat_month")
    assert address("remove_offer", offer.pk) in page.content.decode()

    ended = {"ends_on": today_here().isoformat()}
    page = alices_client.post(address("end_offer", offer.pk), ended, follow=True)
    assert address("offer_runs_on", offer.pk) in page.content.decode()
    alices_client.post(address("offer_runs_on", offer.pk))
    offer.refresh_from_db()
    assert offer.ends_on is None

    form |= {"amount": "", "note": "Half price"}
    alices_client.post(address("edit_offer", offer.pk), form)
    offer.refresh_from_db()
    assert (offer.amount_minor, offer.currency, offer.note) == (None, "", "Half price")
    alices_client.post(address("remove_offer", offer.pk))
    assert not CompetitorOffer.objects.exists()


def test_merged_it_leads_to_the_other_and_is_separated(alices_client):
    kept, merged = make_competitor("Planvind"), make_competitor("Windplan")
    answer = alices_client.post(address("merge_competitor", merged.pk), {"into": kept.pk})
    assert answer.url == address("competitor", kept.pk)
    assert alices_client.get(address("competitor", merged.pk)).url == answer.url
    assert "Windplan is merged into it." in alices_client.get(answer.url).content.decode()
    alices_client.post(address("separate_competitor", merged.pk))
    assert alices_client.get(address("competitor", merged.pk)).status_code == 200


def test_a_retired_one_is_not_suggested_for_a_departure(alices_client, alice):
    make_competitor("Planvind")
    retired = make_competitor("Skiftly")
    alices_client.post(address("retire_competitor", retired.pk))
    customer = make_customer(owner=alice)
    text = alices_client.get(address("cancel", customer.pk)).content.decode()
    assert '<option value="Planvind">' in text
    assert '<option value="Skiftly">' not in text
    alices_client.post(address("bring_back_competitor", retired.pk))
    assert (
        '<option value="Skiftly">'
        in alices_client.get(address("cancel", customer.pk)).content.decode()
    )


def test_what_was_lost_with_others_customers_is_not_told(alices_client, alice):
    make_organisation(csm_sees_own_only=True)
    planvind = make_competitor("Planvind")
    leaver("Planvind", owner=alice)
    leaver("Planvind", owner=make_user(), comment="A secret")
    leaver("Rutebok", owner=make_user())
    assert told(alices_client) == ([("Planvind", 1, 120_000)], [])
    assert "A secret" not in alices_client.get(address("competitor", planvind.pk)).content.decode()


def test_the_files_hold_what_was_lost_and_what_is_offered(client, bob):
    client.force_login(bob)
    planvind = make_competitor("Planvind", "PV")
    make_offer(planvind, amount_minor=9_950, url="https://planvind.example/prices")
    leaver("=PV")
    leaver("pv", comment="Cheaper")
    leaver("")
    asked = {"competitor": "planvind"}

    def lines(name, **query):
        answer = client.get(reverse(f"customers:{name}"), query)
        return b"".join(answer.streaming_content).decode().splitlines()[1:]

    everyone = lines("export_losses")
    assert len(everyone) == 2
    assert any("'=PV" in line for line in everyone)
    (line,) = lines("export_losses", **asked)
    assert "Planvind" in line
    assert "Cheaper" in line
    (line,) = lines("export_offers")
    assert "99.50" in line.replace(",", ".")
    assert "https://planvind.example/prices" in line


@pytest.mark.parametrize("rows", [1, 20])
def test_the_fragments_cost_the_same(alices_client, alice, rows, django_assert_max_num_queries):
    for number in range(rows):
        rival = make_competitor(f"Rival {number}", f"Other {number}")
        make_offer(rival)
        leaver(f"rival {number}", owner=alice)
        leaver(f"stranger {number}", owner=alice)
        leaver("Rival 0", owner=alice)
    with django_assert_max_num_queries(8):
        alices_client.get(REGISTER, headers={"HX-Request": "true"})
    page = address("competitor", Competitor.objects.get(name="Rival 0").pk)
    with django_assert_max_num_queries(9):
        alices_client.get(page, headers={"HX-Request": "true"})
