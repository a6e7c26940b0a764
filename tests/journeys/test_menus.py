"""Menus, sheets and dialogs: where they open, and what closes them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from churnapp.models import User
from customers.models import Customer, SavedView
from tests.factories import (
    make_customer,
    make_flag,
    make_rule,
    make_subscription,
    make_user,
    stand,
)
from tests.journeys.conftest import accessible

LONG = "Customers in Denmark and Sweden who pay more than they did last year and use it"
WIDTHS = pytest.mark.parametrize("width", [1280, 390])
INSIDE = """panel => {
    const {left, top, right, bottom} = panel.getBoundingClientRect();
    const {clientWidth, clientHeight} = document.documentElement;
    return left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight;
}"""
HIT = """part => {
    const {x, y, width, height} = part.getBoundingClientRect();
    return part.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture
def ida(transactional_db: None) -> User:
    """Ida with customers that differ in all that a filter asks for, and with views of her own."""
    ida = make_user("manager", email="ida@example.com", name="Ida Moe")
    for number in range(8):
        customer = make_customer(
            f"Kunde {number}",
            owner=ida,
            country="SE" if number % 2 else "NO",
            attributes={name: f"{name} {number % 3}" for name in ("channel", "industry", "size")},
        )
        make_subscription(customer, arr=60_000 - number, plan=f"plan-{number % 4}")
    make_flag(Customer.objects.get(name="Kunde 0"), rule=make_rule("no_use"), facts={})
    for name in (LONG, "Enterprise at risk", "Start in Sweden", "Set up by themselves", "Ours"):
        SavedView.objects.create(owner=ida, page="customers", name=name, query=f"q={name[:3]}")
    stand()
    return ida


def menus(page: Page) -> list[Locator]:
    return page.locator("main details[data-menu]").all()


def a_customer() -> str:
    return f"/customers/{Customer.objects.get(name='Kunde 0').pk}/"


@WIDTHS
@pytest.mark.parametrize("path", ["/customers/", "/risk/", "/overview/", "/cancellations/"])
def test_every_panel_opens_inside_the_window(open_page, ida, path, width):
    page = open_page(path, ida, width=width)
    assert menus(page)
    for menu in menus(page):
        summary = menu.locator("> summary")
        summary.click()
        panel = menu.locator("> .menu-panel")
        expect(panel).to_be_visible()
        assert panel.evaluate(INSIDE), f"{summary.inner_text()} at {width}"
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


@pytest.mark.parametrize("height", [600, 420, 380])
def test_a_panel_stays_inside_a_low_window(open_page, ida, height):
    page = open_page("/customers/", ida)
    page.set_viewport_size({"width": 1000, "height": height})
    for menu in menus(page):
        menu.locator("> summary").scroll_into_view_if_needed()
        menu.locator("> summary").click()
        panel = menu.locator("> .menu-panel")
        assert panel.evaluate(INSIDE), menu.inner_text()
        assert panel.bounding_box()["height"] > 75
        page.keyboard.press("Escape")


def test_a_sheet_on_a_phone_closes_by_its_shade(open_page, ida):
    page = open_page("/customers/", ida, width=390)
    page.get_by_text("More", exact=True).first.click()
    page.get_by_text("Risk and complaints").click()
    expect(page.get_by_label("Risk, at least")).to_be_visible()
    accessible(page)
    page.mouse.click(195, 30)
    expect(page.get_by_label("Risk, at least")).to_be_hidden()


def test_groups_in_a_panel_show_that_they_open(open_page, ida):
    page = open_page("/customers/", ida)
    page.get_by_text("More", exact=True).first.click()
    group = page.locator(".choice-group summary").first
    assert group.evaluate("summary => getComputedStyle(summary).listStyleType") != "none"


@WIDTHS
def test_a_long_name_of_a_view_leaves_the_others_whole(open_page, ida, width):
    page = open_page("/customers/", ida, width=width)
    tabs = page.get_by_role("navigation", name="Views").locator(".views-list > a")
    whole = tabs.evaluate_all("all => all.filter(a => a.scrollWidth <= a.clientWidth).length")
    assert whole == tabs.count() - 1
    long = tabs.filter(has_text=LONG)
    assert long.evaluate("a => a.scrollWidth > a.clientWidth")
    expect(long).to_have_attribute("title", LONG)


def test_the_button_of_a_tall_panel_is_always_in_sight(open_page, ida):
    page = open_page("/overview/", ida)
    page.get_by_text("Segment", exact=True).click()
    button = page.get_by_role("button", name="Apply").element_handle()
    for width, height in ((1280, 900), (1280, 500), (390, 600)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(HIT, arg=button)  # once the page is laid out anew


def test_a_menu_closes_when_it_opens_a_dialog(open_page, ida):
    page = open_page(a_customer(), ida)
    more = page.get_by_label("More", exact=True)
    more.click()
    page.get_by_role("link", name="Hand over").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(more).to_be_focused()


@pytest.mark.parametrize("path", ["/risk/", "/"])
def test_a_menu_of_a_row_closes_when_it_opens_a_dialog(open_page, ida, path):
    page = open_page(path, ida)
    page.get_by_text("More for Kunde 0").locator("..").click()
    page.get_by_role("link", name="Snooze").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("details[data-menu][open]")).to_have_count(0)


def test_a_menu_closes_for_the_list_of_keys(open_page, ida):
    page = open_page("/customers/", ida)
    page.get_by_text("Columns", exact=True).first.click()
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    expect(page.locator("details[data-menu][open]")).to_have_count(0)


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(open_page, ida):
    page = open_page(a_customer(), ida)
    more, item = page.get_by_label("More", exact=True), page.get_by_role("link", name="Hand over")
    more.click()
    page.get_by_role("heading", level=1).click()
    expect(item).to_be_hidden()
    more.click()
    page.keyboard.press("Escape")
    expect(item).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    page.get_by_label("Your account").click()
    expect(item).to_be_hidden()


def test_a_field_made_taller_breaks_no_policy_when_the_dialog_comes_back(open_page, ida):
    """The height is an inline style; whatever of it reached the answer was refused aloud."""
    page = open_page(a_customer(), ida)
    page.get_by_role("link", name="Record a cancellation").click()
    words = page.get_by_role("dialog").get_by_label("In the customer's words")
    box = words.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] + 40, steps=4)
    page.mouse.up()
    assert "height" in words.get_attribute("style")
    page.locator("#dialog input[type=date]").first.fill("")
    page.get_by_role("button", name="See what it means").click()
    expect(page.locator("#dialog .errorlist").first).to_be_visible()
