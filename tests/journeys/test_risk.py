"""From a warning to what is done about it, in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers import night
from customers.models import Cancellation, RiskFlag, Usage
from tests.factories import (
    PASSWORD,
    make_contact,
    make_customer,
    make_feature,
    make_payment,
    make_reason,
    make_subscription,
    make_user,
    today_here,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot, sign_in

SENTENCE = "Use of Reports fell 61%, from 41 to 16 a week."
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
def csm(transactional_db: None) -> User:
    """A customer-success manager whose customers use less, fail to pay and lose a champion."""
    csm = make_user("csm", email="ida@example.com", name="Ida Moe")
    today = today_here()
    falling = make_customer("Nordlys Kraft AS", owner=csm)
    make_subscription(falling, arr=60_000)
    make_contact(falling, role="champion", left_on=today - timedelta(days=20))
    reports = make_feature("reports")
    Usage.objects.bulk_create(
        Usage(
            customer=falling,
            feature=reports,
            day=today - timedelta(days=7 * week + 1),
            count=16 if week < 2 else 41,
        )
        for week in range(10)
    )
    late = make_customer("Havbris Rederi AS", owner=csm)
    make_subscription(late, arr=3_000)
    make_payment(late, due_on=today - timedelta(days=9), status="failed")
    make_subscription(make_customer("Solid Bygg AS"), starts_on=today - timedelta(days=3))
    make_reason("price")
    now = timezone.now()
    night.run(as_of=today_here(now), now=now)
    return csm


def row(page: Page, name: str):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def lost_customers(page: Page) -> str:
    page.goto("/overview/")
    expect(page.get_by_text("Computed")).to_be_visible()
    return page.get_by_role("article", name="Lost customers").locator(".tile-value").inner_text()


def test_from_a_warning_to_a_recorded_cancellation(open_page, csm):
    page = open_page("/risk/")
    sign_in(page, csm.email, PASSWORD)
    before = lost_customers(page)

    page.goto("/risk/")
    expect(row(page, "Nordlys Kraft AS")).to_contain_text(SENTENCE)
    screenshot(page, "risk")
    page.get_by_role("link", name="Nordlys Kraft AS").click()
    expect(page.locator("#risk")).to_contain_text(SENTENCE)
    screenshot(page, "risk-customer")
    page.get_by_role("link", name="Record a cancellation").click()
    page.get_by_label("What the customer says").select_option(label="Price")
    page.get_by_role("button", name="See what it means").click()
    page.get_by_role("button", name="Record the cancellation").click()
    expect(page.get_by_text("Recorded: Nordlys Kraft AS leaves on")).to_be_visible()

    assert Cancellation.objects.get().reason.key == "price"
    assert (before, lost_customers(page)) == ("0", "1")
    page.goto("/risk/")
    expect(row(page, "Havbris Rederi AS")).to_be_visible()
    expect(row(page, "Nordlys Kraft AS")).to_have_count(0)


def test_being_on_it_and_taking_it_back(open_page, csm):
    page = open_page("/risk/", csm)
    row(page, "Nordlys Kraft AS").get_by_role("button", name="I’m on it").click()
    expect(row(page, "Nordlys Kraft AS")).to_contain_text("Ida Moe is on it")

    page.get_by_role("button", name="Undo").click()

    expect(row(page, "Nordlys Kraft AS")).not_to_contain_text("Ida Moe is on it")
    expect(row(page, "Nordlys Kraft AS").get_by_role("button", name="I’m on it")).to_be_visible()


def test_snoozing_in_a_dialog_by_keyboard(open_page, csm):
    page = open_page("/risk/", csm)
    page.get_by_text("More for Havbris Rederi AS").locator("..").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Snooze Havbris Rederi AS")
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Snooze").click()

    expect(page.get_by_text("Snoozed until")).to_be_visible()
    expect(row(page, "Havbris Rederi AS")).to_have_count(0)
    flags = RiskFlag.objects.filter(customer__name="Havbris Rederi AS")
    assert set(flags.values_list("state", flat=True)) == {"snoozed"}


def test_dismissing_one_of_two_warnings_on_the_customer_s_page(open_page, csm):
    page = open_page("/risk/", csm)
    page.get_by_role("link", name="Nordlys Kraft AS").click()
    warning = page.locator("#risk li").filter(has_text="The champion left")
    warning.locator("summary").click()
    warning.get_by_role("link", name="Resolve").click()
    page.get_by_label("Known and expected").check()
    page.get_by_role("dialog").get_by_role("button", name="Resolve").click()

    expect(page.locator("#risk")).to_contain_text("1 earlier warning")
    expect(page.locator("#risk")).to_contain_text(SENTENCE)
    assert RiskFlag.objects.get(dismissal="expected").rule.key == "champion_left"


def test_filters_stand_in_the_address(open_page, csm):
    page = open_page("/risk/", csm)
    page.locator("summary").filter(has_text="Reason").click()
    page.get_by_label("Payment failed").check()
    expect(row(page, "Nordlys Kraft AS")).to_have_count(0)
    expect(row(page, "Havbris Rederi AS")).to_be_visible()
    assert "rule=payment_failed" in page.url

    page.go_back()

    expect(row(page, "Nordlys Kraft AS")).to_be_visible()


@LOOKS
def test_the_list_is_accessible(open_page, csm, width, theme, language):
    page = open_page("/risk/", csm, width=width, theme=theme, language=language)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"risk-{width}-{theme}-{language}")


@LOOKS
def test_the_rules_are_accessible(open_page, csm, width, theme, language):
    manager = make_user("manager")
    page = open_page("/risk/rules/", manager, width=width, theme=theme, language=language)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"rules-{width}-{theme}-{language}")
    page.locator(".rule-edit a").first.click()
    page.get_by_role("dialog").wait_for()
    accessible(page)


def test_an_empty_list_is_accessible(open_page, transactional_db):
    page = open_page("/risk/", make_user("viewer"))
    accessible(page)
    screenshot(page, "risk-empty")
