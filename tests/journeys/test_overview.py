"""From a figure to the customers behind it, in a browser."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from churnapp.models import User
from tests.factories import (
    PASSWORD,
    make_customer,
    make_interaction,
    make_subscription,
    make_user,
    stand,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot, sign_in

LOOKS = pytest.mark.parametrize(
    "width, theme, language",
    [
        (1280, "light", "en"),
        pytest.param(1280, "dark", "nb", marks=pytest.mark.long),
        pytest.param(768, "light", "da", marks=pytest.mark.long),
        pytest.param(320, "dark", "sv", marks=pytest.mark.long),
    ],
)


@pytest.fixture
def manager(transactional_db: None) -> User:
    """A manager of a company where one customer left in March 2025 and others came and grew."""
    left = make_customer("Fjellheim Regnskap AS")
    make_subscription(left, ends_on=date(2025, 3, 12))
    make_interaction(left, summary="Said that they leave for a cheaper tool")
    for number in range(12):
        customer = make_customer(f"Kunde {number:02}", country="SE" if number % 3 else "NO")
        make_subscription(customer, starts_on=date(2024, 1 + number, 1), arr=2400 + number)
    make_subscription(customer, starts_on=date(2025, 3, 3), arr=700, plan="extra")
    stand()
    return make_user("manager", email="marit@example.com", name="Marit Holm")


def figures_shown(page: Page) -> None:
    """Scroll to the figures that come when they are reached."""
    page.locator("#figures").scroll_into_view_if_needed()
    page.locator("#figures table").first.wait_for()


def test_from_lost_customers_of_a_month_to_a_timeline(open_page, manager):
    page = open_page("/overview/")
    sign_in(page, manager.email, PASSWORD)
    page.goto("/overview/?to=2025-03")
    expect(page.locator(".stepper")).to_contain_text("Mar 2025")
    page.get_by_role("article", name="Lost customers").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lost customers")
    screenshot(page, "lost-customers")
    page.get_by_role("link", name="Fjellheim Regnskap AS").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fjellheim Regnskap AS")
    expect(page.get_by_text("Said that they leave for a cheaper tool")).to_be_visible()
    screenshot(page, "lost-customer")


@LOOKS
def test_overview_is_accessible(open_page, manager, width, theme, language):
    page = open_page("/overview/?to=2025-03", manager, width=width, theme=theme, language=language)
    figures_shown(page)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"overview-{width}-{theme}-{language}")


@LOOKS
def test_cohorts_are_accessible(open_page, manager, width, theme, language):
    page = open_page("/cohorts/?measure=mrr", manager, width=width, theme=theme, language=language)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"cohorts-{width}-{theme}-{language}")


@pytest.mark.parametrize(
    "path",
    [
        "/overview/lost_customers/customers/?to=2025-03",
        "/overview/movements/?to=2025-03",
        "/overview/checks/",
        "/cohorts/customers/?start=2024-01&age=2",
        "/overview/?to=nonsense",
    ],
)
def test_pages_behind_a_figure_are_accessible(open_page, manager, path):
    page = open_page(path, manager, width=320)
    accessible(page)
    no_sideways_scroll(page)


def test_an_empty_overview_and_cohorts_are_accessible(open_page, transactional_db):
    page = open_page("/overview/", make_user("viewer"))
    accessible(page)
    screenshot(page, "overview-empty")
    page.goto("/cohorts/")
    accessible(page)


def test_a_chart_is_read_by_keyboard_and_leads_on(open_page, manager):
    page = open_page("/overview/?to=2025-03", manager)
    chart = page.locator("#chart-churn")
    chart.locator("[data-chart-area]").focus()
    page.keyboard.press("End")
    expect(chart.locator(".readout")).to_contain_text("Mar 2025")
    expect(chart.locator(".readout")).to_contain_text("7.7%")
    page.keyboard.press("ArrowLeft")
    expect(chart.locator(".readout")).to_contain_text("Feb 2025")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lost customers")
    expect(page.locator(".stepper")).to_contain_text("Mar 2025")


def test_a_chart_tells_its_table_on_hover(open_page, manager):
    page = open_page("/overview/?to=2025-03", manager)
    page.locator("#chart-movements .hit").last.hover()
    expect(page.locator("#chart-movements .readout")).to_contain_text("Churn −€100")


def test_a_definition_opens_on_focus_and_closes_with_escape(open_page, manager):
    page = open_page("/overview/?to=2025-03", manager)
    tile = page.get_by_role("article", name="Customer churn rate")
    tile.get_by_role("link").focus()
    page.keyboard.press("Tab")
    words = page.get_by_text("lost customers / customers at the start").first
    expect(words).to_be_visible()
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()


def test_a_segment_is_chosen_and_taken_away(open_page, manager):
    page = open_page("/overview/?to=2025-03", manager)
    page.get_by_text("Segment", exact=True).click()
    page.get_by_label("Country").select_option("NO")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**country=NO**")
    page.get_by_role("link", name="Country: NO").click()
    page.wait_for_url(lambda address: "country" not in address)
    page.go_back()
    expect(page.get_by_role("link", name="Country: NO")).to_be_visible()


def test_rows_are_walked_by_keys(open_page, manager):
    page = open_page("/overview/customers_end/customers/?to=2025-03", manager)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    name = page.locator("[data-row].is-current th").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_values_of_the_heat_map_can_be_hidden(open_page, manager):
    page = open_page("/cohorts/", manager)
    cell = page.locator(".heat td a").first
    shown = cell.evaluate("cell => getComputedStyle(cell).color")
    page.get_by_label("Show values").uncheck()
    assert cell.evaluate("cell => getComputedStyle(cell).color") != shown


def test_the_overview_works_without_script(browser, live_server, manager):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/sign-in/?next=/overview/%3Fto%3D2025-03")
    sign_in(page, manager.email, PASSWORD)
    page.get_by_role("link", name="Show all figures").click()
    expect(page.get_by_role("heading", name="Recurring revenue")).to_be_visible()
    context.close()
