"""Results of campaigns: a sentence first, figures that lead to people, and nothing too early."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import LinkHit
from tests.campaign_factories import make_campaign, make_grant, make_sales_offer, path_of
from tests.campaigns.results import after, draw, draw_many, noon, pays, run_campaign
from tests.factories import (
    make_cancellation,
    make_mail,
    make_organisation,
    make_reason,
    make_user,
    stand,
    today,
)

pytestmark = pytest.mark.django_db
ALL = "/campaigns/results/"


@pytest.fixture
def viewer(client):
    client.force_login(make_user("viewer"))
    return client


def page_of(campaign, more=""):
    return f"/campaigns/{campaign.pk}/results/{more}"


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def verdict_of(response):
    found = re.search(r'<h2 class="verdict"[^>]*>(.*?)</h2>', response.content.decode(), re.DOTALL)
    return found[1]


def drawn(campaign, *arms, **fields):
    """(how many, how many of them come back, held out?) of each arm."""
    for people, back, held_out in arms:
        for recipient in draw_many(campaign, people, held_out=held_out, **fields)[:back]:
            pays(recipient, after(5))


def winner(**fields):
    campaign = run_campaign(**fields)
    drawn(campaign, (60, 36, False), (40, 8, True))
    return campaign


def test_a_campaign_that_worked_says_so_in_customers(viewer):
    """36 of 60 against 8 of 40: 40 points, Newcombe 20.1 to 54.8, so 12 to 33 of 60."""
    response = viewer.get(page_of(winner()))
    assert verdict_of(response) == (
        "Between 12 and 33 more customers came back than would have without it."
    )
    said = text_of(response)
    assert "At the rate of the holdout, about 12 of these 36 would have anyway." in said
    assert "+40.0 pp" in said
    assert "36 of 60" in said
    assert "8 of 40" in said


def test_no_effect_is_no_effect(viewer):
    campaign = run_campaign()
    drawn(campaign, (60, 15, False), (40, 10, True))
    assert verdict_of(viewer.get(page_of(campaign))).startswith("No effect can be shown: it may be")


def test_too_few_says_how_many_it_would_take(viewer):
    campaign = run_campaign()
    drawn(campaign, (10, 5, False), (10, 1, True))
    said = verdict_of(viewer.get(page_of(campaign)))
    assert said.startswith("Too few to say: at least 1,")


def test_before_its_day_no_effect_is_told_however_good_it_looks(viewer):
    entered = today() - timedelta(days=10)
    campaign = run_campaign(launched_at=noon(entered))
    for held_out, back in ((False, 36), (True, 2)):
        for number in range(40):
            recipient = draw(campaign, held_out=held_out, on=entered)
            if number < back:
                pays(recipient, entered + timedelta(days=2))
    response = viewer.get(page_of(campaign))
    assert verdict_of(response).startswith("Not yet readable, until ")
    said = text_of(response)
    assert "more customers came back" not in said
    assert "At the rate of the holdout" not in said
    assert "0 of 80 customers have come to the day" in said
    assert "36 of 40" in said  # as far as they have come
    assert "+85.0 pp" not in said
    assert "Effect" in said
    assert " n/a not yet readable " in said
    assert said.count("not over yet") == 4
    assert "No campaign has come to its day yet" in text_of(viewer.get(ALL))


def test_a_campaign_without_recipients_and_none_at_all_say_so(viewer):
    assert "Nothing to measure yet" in text_of(viewer.get(page_of(make_campaign())))
    assert "No campaign with a holdout yet" in text_of(viewer.get(ALL))


def test_acceptance_is_not_compared(viewer):
    campaign = run_campaign(goal="accepted")
    recipient = draw(campaign)
    draw(campaign, held_out=True)
    grant = make_grant(
        make_sales_offer("call", name="A call"),
        recipient.customer,
        state="accepted",
        made_at=noon(after(1)),
        cost_minor=12_300,
    )
    recipient.steps.create(step="deal", at=noon(after(1)), outcome="offered", grant=grant)
    response = viewer.get(page_of(campaign))
    assert verdict_of(response).startswith("Only the treated can accept an offer")
    said = text_of(response)
    assert "Because of it" not in said
    assert "A call 1 1 1 €123.00" in said


def test_figures_lead_to_their_customers(viewer):
    campaign = run_campaign()
    keen, scanned = draw_many(campaign, 2)
    held_out = draw(campaign, held_out=True)
    pays(held_out, after(3))
    stand()
    for recipient, because in ((keen, ""), (scanned, "prefetch")):
        LinkHit.objects.create(
            recipient=recipient, step="hello", at=noon(after(1)), source="x", because=because
        )
    response = viewer.get(page_of(campaign))
    addresses = set(re.findall(r'href="([^"]*people/\?[^"]*)"', response.content.decode()))
    assert len(addresses) >= 12
    for address in addresses:
        assert viewer.get(address.replace("&amp;", "&")).status_code == 200
    there = text_of(viewer.get(page_of(campaign, "people/?reached=clicked")))
    assert str(keen.customer) in there
    assert str(scanned.customer) not in there
    there = text_of(viewer.get(page_of(campaign, "people/?reached=goal&arm=holdout")))
    assert str(held_out.customer) in there
    assert "1 customer" in there
    assert viewer.get(page_of(campaign, "people/?reached=nothing")).status_code == 404
    nobody = viewer.get(page_of(campaign, "people/?reached=accepted"))
    assert "Nobody is behind this figure" in text_of(nobody)


def test_a_long_list_of_people_has_pages(viewer):
    campaign = run_campaign()
    draw_many(campaign, 51)
    first = text_of(viewer.get(page_of(campaign, "people/")))
    assert "51 customers" in first
    assert "Next" in first
    assert "Previous" in text_of(viewer.get(page_of(campaign, "people/?page=2")))


def test_reasons_variants_and_what_did_not_come_about_are_told_apart(viewer):
    variants = [{"key": "a", "name": "Short"}, {"key": "b", "name": "Long"}]
    campaign = run_campaign(path=path_of(variants=variants))
    price = make_reason("price", labels={"en": "Price too high"})
    for variant, back in (("a", 20), ("b", 5)):
        for number in range(25):
            recipient = draw(campaign, variant=variant)
            make_cancellation(recipient.customer, reason=price, effective_on=after(-9))
            if number < back:
                pays(recipient, after(5))
    drawn(campaign, (20, 4, True))
    mail = make_mail(recipient.customer, state="bounced", error_code="hard_bounce")
    recipient.steps.create(step="hello", at=noon(after(0)), outcome="mailed", mail=mail)
    draw(campaign, state="left_out", why="stronger")
    said = text_of(viewer.get(page_of(campaign)))
    assert "Short works best: it is ahead of each of the others by more than chance." in said
    assert "Price too high" in said
    assert "No reason known" in said
    assert "Mail did not arrive The address does not exist: an earlier mail came back. 1" in said
    assert "They are in another campaign that is as strong or stronger. 1" in said


def test_money_is_told_with_its_interval(viewer):
    campaign = winner()
    said = text_of(viewer.get(page_of(campaign)))
    assert "€150.00 €50.00 €6,000.00" in said  # 36 × 250 / 60, 8 × 250 / 40, the difference × 60
    assert "It brought in between" in said


def test_all_campaigns_stand_together(viewer):
    won, lost = winner(name="Come back"), run_campaign(name="No use")
    drawn(lost, (60, 15, False), (40, 10, True))
    run_campaign(name="Without a holdout", holdout_percent=0)
    response = viewer.get(ALL)
    said = text_of(response)
    assert "percentage points more customers reached the goal of their campaign" in verdict_of(
        response
    )
    assert "All together" in said
    assert "Without a holdout" not in said
    assert f'href="/campaigns/{won.pk}/results/"' in response.content.decode()
    assert "Held out now 0" in said


def test_who_is_held_out_now_counts_once(viewer):
    yesterday = today() - timedelta(days=1)
    one, other = run_campaign(), run_campaign()
    recipient = draw(one, on=yesterday, held_out=True)
    draw(other, recipient.customer, on=yesterday, held_out=True)
    draw(one, on=yesterday), draw(one, held_out=True)
    assert "Held out now 1" in text_of(viewer.get(ALL))


@pytest.mark.parametrize("role, status", [("viewer", 403), ("manager", 200)])
def test_files_are_for_those_who_may_export(client, role, status):
    client.force_login(make_user(role))
    campaign = winner(name="=Come back")
    for address in (page_of(campaign, "export.csv"), f"{ALL}export.csv"):
        response = client.get(address)
        assert response.status_code == status
    if status == 200:
        (row,) = rows_of(client.get(f"{ALL}export.csv"), "Campaign")
        assert row[:6] == ["Campaign", "'=Come back", "60", "36", "40", "8"]
        assert float(row[6]) == pytest.approx(0.4)
        assert row[9] == "more than without it"
        (row,) = rows_of(client.get(page_of(campaign, "export.csv")), "Result", "Came back")
        assert row[2:6] == ["60", "36", "40", "8"]
        (row,) = rows_of(client.get(page_of(campaign, "export.csv")), "Revenue by days", "30")
        assert (row[6], row[10]) == ("6000.00", "EUR")


def rows_of(response, table, name=None):
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    return [
        row for row in csv.reader(io.StringIO(text)) if row[0] == table and name in {None, row[1]}
    ]


def test_the_file_tells_no_effect_before_its_day(client):
    client.force_login(make_user("manager"))
    day = today()
    campaign = run_campaign(launched_at=noon(day))
    draw(campaign, on=day), draw(campaign, on=day, held_out=True)
    for address in (page_of(campaign, "export.csv"), f"{ALL}export.csv"):
        rows = [*rows_of(client.get(address), "Result"), *rows_of(client.get(address), "Campaign")]
        assert rows
        assert {tuple(row[6:10]) for row in rows} == {("", "", "", "")}


def test_who_sees_own_customers_only_is_told_so_and_sees_no_others(client):
    make_organisation(csm_sees_own_only=True)
    alice = make_user("csm")
    client.force_login(alice)
    campaign = run_campaign()
    mine, other = draw_many(campaign, 2)
    mine.customer.owner = alice
    mine.customer.save()
    said = text_of(client.get(page_of(campaign)))
    assert "Only customers whom you may see are counted here." in said
    assert "0 of 1" in said
    there = text_of(client.get(page_of(campaign, "people/")))
    assert str(mine.customer) in there
    assert str(other.customer) not in there
    assert "Only customers whom you may see" in text_of(client.get(ALL))


@pytest.mark.parametrize("people", [2, 40])
def test_pages_ask_as_much_for_two_as_for_forty(viewer, people):
    campaign = run_campaign()
    reasons = [make_reason(key) for key in ("price", "feature")]
    for number in range(people):
        recipient = draw(campaign, held_out=number % 2 == 0)
        make_cancellation(recipient.customer, reason=reasons[number % 2], effective_on=after(-9))
        pays(recipient, after(3))
    stand()
    for address, most in ((page_of(campaign), 15), (page_of(campaign, "people/"), 8), (ALL, 10)):
        viewer.get(address)
        with CaptureQueriesContext(connection) as asked:
            viewer.get(address)
        assert len(asked) == most, address


def test_of_a_large_campaign_details_come_when_a_reader_comes_to_them(viewer, monkeypatch):
    monkeypatch.setattr("campaigns.views.results.SMALL", 1)
    campaign = run_campaign()
    draw_many(campaign, 2)
    said = text_of(viewer.get(page_of(campaign)))
    assert "How far the treated came" in said
    assert "Show revenue, how long they stay" in said
    assert "Net incremental revenue" not in said
    whole = viewer.get(page_of(campaign, "?part=details"))
    assert "How far the treated came" in text_of(whole)
    assert "Net incremental revenue" in text_of(whole)
    part = viewer.get(page_of(campaign, "?part=details"), headers={"HX-Request": "true"})
    assert "Net incremental revenue" in text_of(part)
    assert "How far the treated came" not in text_of(part)
    assert "HX-Request" in part["Vary"]
    nobody = viewer.get(page_of(make_campaign(), "?part=details"))
    assert "Nothing to measure yet" in text_of(nobody)
