"""From the customer list to a segment: conditions are counted while they are chosen, then kept."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from customers.models import Segment
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_feature,
    make_reason,
    make_segment,
    make_subscription,
    make_user,
    stand,
    today_here,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.fixture
def bob(transactional_db):
    return make_user("manager", email="bob@example.com", name="Bob Dahl")


@pytest.fixture
def company(bob):
    """Twelve who pay, and three who left over the price, the product and nothing."""
    make_feature("reports", plans=("pro",))
    price, product = make_reason("price"), make_reason("missing-part", category="product")
    for number in range(12):
        customer = make_customer(f"Fjord Bygg {number}")
        make_contact(customer)
        make_subscription(customer, arr=12_000 + 1_200 * number)
    for name, reason in (("Price AS", price), ("Part AS", product), ("Mute AS", None)):
        customer = make_customer(name, country="SE")
        make_contact(customer)
        day = today_here() - timedelta(days=20)
        make_subscription(customer, arr=2_400, ends_on=day)
        make_cancellation(customer, effective_on=day, reason=reason)
    stand()


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
@pytest.mark.usefixtures("company")
def test_a_list_becomes_a_segment_that_is_counted_and_frozen(open_page, bob, width, theme):
    page = open_page("/customers/?state=lost&state=active", bob, width=width, theme=theme)
    page.get_by_text("More", exact=True).first.click()
    page.get_by_text("Why they left").click()
    panel = page.locator("#list-form .condition-group", has_text="Why they left")
    expect(panel.get_by_text("Reason for leaving").first).to_be_visible()
    screenshot(page, f"segment-filters-{width}")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Save as segment").click()
    look = page.locator("#segment-look")
    expect(look.get_by_text("15", exact=True).first).to_be_visible()
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"segment-new-{width}")

    page.get_by_text("Why they left").click()
    page.get_by_text("Reason for leaving").first.click()
    page.get_by_label("Price", exact=True).check()
    expect(look.get_by_role("link", name="Price AS")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Left over the price")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Left over the price")).to_be_visible()
    assert Segment.objects.get().query == "reason=price&state=active&state=lost"

    page.get_by_role("button", name="Freeze members").click()
    expect(page.get_by_text("Its members are kept as they are now.")).to_be_visible()
    expect(page.get_by_role("button", name="Thaw")).to_be_visible()
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"segment-frozen-{width}")


@pytest.mark.parametrize("width, theme", [(1280, "dark"), (390, "light")])
@pytest.mark.usefixtures("company")
def test_the_list_counts_each_row(open_page, bob, width, theme):
    north = make_segment("Norway", description="Everyone in the north")
    make_segment("Both", query=f"segment={north.pk}&state=active")
    page = open_page("/segments/", bob, width=width, theme=theme)
    expect(page.get_by_role("link", name="12", exact=True).first).to_be_visible()
    expect(page.get_by_text("not counted yet")).to_have_count(0)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"segments-{width}")
    page.get_by_label("Search by name").press_sequentially("nor")
    expect(page).to_have_url(re.compile("q=nor"))
    expect(page.get_by_role("link", name="Both")).to_have_count(1)
    expect(page.get_by_text("not counted yet")).to_have_count(0)


@pytest.mark.usefixtures("company")
def test_a_preview_that_can_not_be_read_says_why(open_page, bob):
    page = open_page("/segments/new/", bob)
    page.get_by_text("What they pay and when").click()
    page.get_by_label("Lost in the last … days").fill("soon")
    page.keyboard.press("Tab")
    expect(page.locator("#segment-look").get_by_text("Enter a whole number.")).to_be_visible()
