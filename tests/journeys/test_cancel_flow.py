"""A customer cancels on a phone in two taps, without script; colleagues' pages on every width."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.leaving.links import path_of
from campaigns.models import CancelVisit
from customers.models import Cancellation
from tests.campaign_factories import make_answer, make_flow, make_sales_offer
from tests.campaigns.leavers import fresh, visit_of
from tests.factories import (
    make_customer,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
    stand,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot
from tests.journeys.test_answering import looked_at

PHONES = pytest.mark.parametrize("width, theme", [(320, "light"), (390, "dark")])
TEXTS = {
    "en": {"title": "Half the price for three months", "text": "Stay a while.", "button": "Yes"},
    "nb": {"title": "Halv pris i tre måneder", "text": "Bli litt til.", "button": "Ja takk"},
}


@pytest.fixture
def visit(transactional_db: None) -> CancelVisit:
    make_organisation(name="Nordlys Programvare")
    price = make_reason("price", labels={"en": "Price too high", "nb": "For høy pris"})
    make_reason("rival", asks="competitor", labels={"en": "A competitor", "nb": "En konkurrent"})
    customer = make_customer("Havbris Rederi AS", country="NO", owner=make_user())
    make_subscription(customer, plan="pro")
    stand(customer)
    flow = make_flow(name="Way out")
    make_answer(flow, "offer", reason=price, offer=make_sales_offer(percent=50, texts=TEXTS))
    make_answer(flow, "help")
    return visit_of(customer, now=timezone.now(), language="nb")


@PHONES
def test_two_taps_lead_out(open_page, visit, width, theme):
    page = open_page(path_of(visit), width=width, theme=theme)
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    looked_at(page, f"cancel-1-{width}")

    page.get_by_text("For høy pris").click()
    page.get_by_role("button", name="Gå videre til oppsigelse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Si opp nå?")
    expect(page.get_by_role("heading", level=2)).to_have_text("Halv pris i tre måneder")
    looked_at(page, f"cancel-2-{width}")
    sizes = {
        (round(box["width"]), round(box["height"]))
        for box in (button.bounding_box() for button in page.get_by_role("button").all())
        if box
    }
    assert len(sizes) == 1
    page.get_by_role("button", name="Si opp nå").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Det er sagt opp")
    looked_at(page, f"cancel-3-{width}")
    assert Cancellation.objects.get().reason.key == "price"
    assert fresh(visit).clicks == 2


def test_whoever_accepts_stays_and_may_still_leave(open_page, visit):
    page = open_page(path_of(visit), width=390)
    page.get_by_text("For høy pris").click()
    page.get_by_role("button", name="Gå videre til oppsigelse").click()

    page.get_by_role("button", name="Ja takk").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ingenting er sagt opp")
    looked_at(page, "cancel-saved")
    page.get_by_role("button", name="Si opp nå").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det er sagt opp")


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_it_is_accessible_in_every_language(open_page, visit, language):
    page = open_page(f"{path_of(visit)}?lang={language}", width=390)
    looked_at(page, f"cancel-{language}")
    page.get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    looked_at(page, f"cancel-last-{language}")


def walked(page: Page, name: str) -> None:
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width, theme", [(1280, "light"), (320, "dark")])
def test_colleagues_pages_are_accessible(open_page, visit, width, theme):
    manager = make_user("manager")
    flow = visit.flow_id
    for name, path in (
        ("list", "/cancel-flows/"),
        ("editor", f"/cancel-flows/{flow}/edit/"),
        ("visits", "/cancel-flows/visits/"),
        ("results", f"/cancel-flows/{flow}/results/"),
        ("preview", f"/cancel-flows/{flow}/preview/?at=confirm&reason=price"),
    ):
        page = open_page(path, manager, width=width, theme=theme)
        walked(page, f"cancel-{name}-{width}")


def test_an_answer_asks_only_for_what_its_kind_needs(open_page, visit):
    page = open_page("/cancel-flows/new/", make_user("manager"))
    page.get_by_text("Price too high").click()
    needed = {"none": set(), "offer": {"offer"}, "help": {"address", "words"}, "call": {"words"}}
    places = {
        "offer": page.locator("[id='id_r-price_offer']"),
        "address": page.locator("[id='id_r-price_address']"),
        "words": page.locator(".answer[open] .answer-words"),
    }
    for kind, wanted in needed.items():
        page.locator("[id='id_r-price_kind']").select_option(kind)
        for name, place in places.items():
            expect(place).to_be_visible(visible=name in wanted)
