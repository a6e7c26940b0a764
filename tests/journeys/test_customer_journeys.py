"""From a list to a customer and back, and a day's work on its page, in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers.models import Customer
from tests.factories import (
    PASSWORD,
    make_cancellation,
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_reason,
    make_rule,
    make_subscription,
    make_task,
    make_usage,
    make_user,
    stand,
    today_here,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot, sign_in

TODAY = today_here()
LOOKS = pytest.mark.parametrize(
    "width, theme, language",
    [
        (1280, "light", "en"),
        pytest.param(1280, "dark", "nb", marks=pytest.mark.long),
        pytest.param(768, "light", "da", marks=pytest.mark.long),
        pytest.param(320, "dark", "sv", marks=pytest.mark.long),
    ],
)
LONG_NAME = "Aktieselskabet " + "Nordjyskeentreprenørvirksomhedssammenslutning " * 3


@pytest.fixture
def csm(transactional_db: None) -> User:
    """Ida and her customers: one with warnings, one who left, one with a very long name."""
    ida = make_user("csm", email="ida@example.com", name="Ida Moe")
    falling = make_customer("Nordlys Kraft AS", owner=ida, attributes={"industry": "energy"})
    make_subscription(falling, arr=60_000, contract_ends_on=TODAY + timedelta(days=30))
    make_flag(falling, rule=make_rule("no_use", severity=5), facts={})
    make_contact(falling, name="Siri Lund", role="champion")
    make_task(falling, what="Call Siri", assignee=ida, due_on=TODAY)
    make_interaction(falling, kind="ticket", summary="It hangs", status="open", complaint=True)
    for week in range(8):
        make_usage(falling, TODAY - timedelta(days=7 * week), count=9 + week)
    left = make_customer("Havbris Rederi AS", country="SE")
    make_subscription(left, arr=3_000, ends_on=TODAY - timedelta(days=3))
    make_cancellation(
        left,
        effective_on=TODAY - timedelta(days=3),
        reason=make_reason("price"),
        comment="Too dear for what it does.",
        competitor="Rival",
    )
    make_subscription(make_customer(LONG_NAME), arr=900)
    stand()
    return ida


@pytest.fixture
def manager(csm: User) -> User:
    return make_user("manager", email="marit@example.com", name="Marit Holm")


def nordlys() -> str:
    return f"/customers/{Customer.objects.get(name='Nordlys Kraft AS').pk}/"


def lost_customers(page: Page) -> int:
    """The figure of this month on the overview."""
    page.goto("/overview/")
    tile = page.get_by_role("article", name="Lost customers")
    return int(tile.get_by_role("paragraph").first.inner_text())


def test_a_departure_changes_this_month_and_the_at_risk_list(open_page, csm):
    page = open_page("/risk/")
    sign_in(page, csm.email, PASSWORD)
    before = lost_customers(page)
    page.goto("/risk/")
    page.get_by_role("link", name="Nordlys Kraft AS").click()
    expect(page.locator("#risk")).to_contain_text("No use")
    page.get_by_role("link", name="Record a cancellation").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What the customer says").select_option(label="Price")
    dialog.get_by_label("In the customer's words").fill("Too dear")
    dialog.get_by_role("button", name="See what it means").click()
    expect(dialog).to_contain_text("€5,000.00")
    screenshot(page, "cancellation-second-step")
    accessible(page)
    dialog.get_by_role("button", name="Record the cancellation").click()
    expect(page.locator("#toasts")).to_contain_text("leaves on")
    expect(page.locator(".headline")).to_contain_text("lost")
    screenshot(page, "customer-lost")

    assert lost_customers(page) == before + 1
    expect(page.locator(".freshness").first).to_be_visible()
    page.goto("/risk/")
    expect(page.get_by_role("main")).not_to_contain_text("Nordlys Kraft AS")


def test_a_cancellation_is_undone_from_its_toast(open_page, csm):
    page = open_page(nordlys(), csm)
    page.get_by_role("link", name="Record a cancellation").click()
    page.get_by_role("button", name="See what it means").click()
    page.get_by_role("button", name="Record the cancellation").click()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("stays")
    expect(page.locator(".headline")).to_contain_text("paying")


def test_search_as_you_type_and_back(open_page, csm):
    page = open_page("/customers/", csm)
    page.get_by_label("Search by name, id or organisation number").press_sequentially("havb")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.wait_for_url("**/customers/?q=havb")
    page.get_by_role("link", name="Havbris Rederi AS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Havbris Rederi AS")
    page.go_back()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.go_back()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_filters_and_columns_are_ticked(open_page, csm):
    page = open_page("/customers/", csm)
    page.get_by_text("State", exact=True).first.click()
    page.get_by_label("lost", exact=True).check()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_text("Columns", exact=True).first.click()
    page.get_by_label("Customer id").check()
    expect(page.locator("#customer-table thead")).to_contain_text("Customer id")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="State: lost").click()
    expect(page.locator("[data-row]")).to_have_count(3)


def test_rows_are_ticked_and_change_hands(open_page, manager):
    page = open_page("/customers/", manager)
    page.locator("body").press("j")
    page.locator("body").press("x")
    expect(page.locator("[data-selection-count]")).to_have_text("1 selected")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[data-selection-count]")).to_have_text("3 selected")
    page.get_by_role("button", name="Change owner").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 customers")
    accessible(page)
    screenshot(page, "hand-over-many")
    page.get_by_label("New owner").select_option(label="Ida Moe")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("#toasts")).to_contain_text("takes over 2 customers")


def test_a_dialog_says_what_is_wrong_and_keeps_what_was_typed(open_page, csm):
    page = open_page(nordlys(), csm)
    page.get_by_role("link", name="Task", exact=True).click()
    dialog = page.get_by_role("dialog")
    accessible(page)
    dialog.get_by_label("By").fill("2030-05-01")
    dialog.get_by_role("button", name="Add task").click()
    expect(dialog).to_contain_text("required")
    expect(dialog.get_by_label("By")).to_have_value("2030-05-01")
    expect(dialog.get_by_label("What is to be done")).to_be_focused()
    dialog.get_by_label("What is to be done").fill("Send the offer")
    dialog.get_by_role("button", name="Add task").click()
    expect(page.locator("#tasks")).to_contain_text("Send the offer")


def test_a_day_is_worked_by_keys(open_page, csm):
    page = open_page("/?kind=task", csm)
    page.locator("body").press("j")
    page.locator("body").press("e")
    expect(page.locator("#toasts")).to_contain_text("Done: Call Siri")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Open again")


def test_the_pages_work_without_script(browser, live_server, open_page, csm):
    signed_in = open_page("/", csm).context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(signed_in)
    page = context.new_page()
    page.goto("/customers/?q=nordlys")
    page.get_by_role("link", name="Nordlys Kraft AS").click()
    page.get_by_role("link", name="Record a cancellation").click()
    page.get_by_role("button", name="See what it means").click()
    expect(page.get_by_role("main")).to_contain_text("Lost each month")
    page.get_by_role("button", name="Record the cancellation").click()
    expect(page.locator(".headline")).to_contain_text("lost")
    context.close()


@LOOKS
@pytest.mark.parametrize("name", ["today", "customers", "customer", "cancellations", "add"])
def test_pages_are_accessible(open_page, manager, name, width, theme, language):
    paths = {
        "today": "/",
        "customers": "/customers/",
        "customer": nordlys(),
        "cancellations": "/cancellations/",
        "add": "/customers/add/",
    }
    page = open_page(paths[name], manager, width=width, theme=theme, language=language)
    page.wait_for_load_state("networkidle")
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"{name}-{width}-{theme}-{language}")


@pytest.mark.parametrize("path", ["/", "/customers/", "/cancellations/"])
def test_empty_pages_are_accessible(open_page, transactional_db, path):
    page = open_page(path, make_user("csm"), width=390)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"empty-{path.strip('/') or 'today'}")
