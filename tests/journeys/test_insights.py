"""Insight into departures in a browser: from a figure to its customers, and at phone width."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from churnapp.models import User
from tests.factories import (
    make_cancellation,
    make_customer,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today,
)
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot

LOOKS = pytest.mark.parametrize(
    "width, theme, language",
    [
        (1280, "light", "en"),
        (390, "dark", "nb"),
        pytest.param(1280, "dark", "da", marks=pytest.mark.long),
        pytest.param(320, "light", "sv", marks=pytest.mark.long),
    ],
)


@pytest.fixture
def manager(transactional_db: None) -> User:
    reasons = [
        make_reason("price", labels={"en": "Price too high"}),
        make_reason("support", category="service", labels={"en": "Quality of support"}),
        make_reason("merged", category="customer", avoidable=False, labels={"en": "Merged"}),
        None,
    ]
    ida = make_user("manager", email="ida@example.com", name="Ida Moe")
    for number in range(48):
        day = today() - timedelta(days=7 * number + 1)
        customer = make_customer(
            f"Nordlys Kraft {number} AS", country=("NO", "SE", "")[number % 3],
            owner=ida if number % 2 else None,
        )  # fmt: skip
        make_subscription(
            customer, arr=1_000_000 if number == 7 else 1_200 + number, ends_on=day,
            plan=("pro", "basic")[number % 2], starts_on=day - timedelta(days=40 * (number + 1)),
        )  # fmt: skip
        make_cancellation(
            customer, effective_on=day, reason=reasons[number * number % 4],
            competitor=("", "Rival", "rival ")[number % 3], involuntary=number % 9 == 0,
            comment="Too dear for what it does, and nobody answered when we called." * (number % 2),
        )  # fmt: skip
    stand()
    return ida


@LOOKS
def test_from_a_reason_to_its_customers(
    open_page: OpenPage, manager: User, width: int, theme: str, language: str
) -> None:
    split = (today() - timedelta(days=90)).isoformat()
    page = open_page(
        f"/cancellations/insights/?split={split}", manager, width=width, theme=theme,
        language=language,
    )  # fmt: skip
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"insights-{width}-{theme}")

    money = page.locator("section:has(#reasons-head) tbody td:nth-of-type(3)")
    for cell in money.all():  # what it cost is in sight without scrolling sideways
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    first = page.get_by_role("link", name="Price too high").first
    row = page.locator("tr", has=first)
    count = row.get_by_role("cell").first.inner_text()
    first.click()
    expect(page.locator("#departures .figure .num").first).to_have_text(count)
