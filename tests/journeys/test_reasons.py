"""Reasons in a browser: the list, what waits to be sorted, how the kinds agree."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from churnapp.models import User
from customers.models import CancellationReason, ReasonKind
from customers.reading.renewing import read_departures
from customers.services.reason_views import state_reason
from customers.services.reasons import install_reason_list, rename_reason
from tests.factories import make_cancellation, make_customer, make_user, stand, today
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot

WORDS = ("It got too expensive for us.", "Vi gikk til en konkurrent", "Too much downtime", "Bye")


@pytest.fixture
def manager(transactional_db: None) -> User:
    install_reason_list("subscription")
    ida = make_user("manager", email="ida@example.com", name="Ida Moe")
    reasons = {reason.key: reason for reason in CancellationReason.objects.all()}
    rename_reason(reasons["price"], labels={"en": "Too expensive"}, by=ida)
    named = [reasons[key] for key in ("price", "competitor", "reliability", "other")]
    gone = []
    for number in range(16):
        one = make_cancellation(
            make_customer(f"Nordlys Kraft {number} AS"),
            effective_on=today() - timedelta(days=number),
            comment=WORDS[number % 4],
        )
        state_reason(one, ReasonKind.STATED, named[number * number % 4], by=None)
        state_reason(one, ReasonKind.CSM, named[number % 3], by=ida)
        gone.append(one)
    more = [make_cancellation(effective_on=today(), comment=words) for words in WORDS]
    read_departures([*gone, *more], now=timezone.now())
    stand()
    return ida


@pytest.mark.parametrize("width, theme, language", [(1280, "light", "en"), (390, "dark", "nb")])
def test_what_waits_is_sorted_by_a_click(
    open_page: OpenPage, manager: User, width: int, theme: str, language: str
) -> None:
    looks = {"width": width, "theme": theme, "language": language}
    addresses = {
        "insights": "/cancellations/insights/",
        "departures": "/cancellations/",
        "customer": f"/customers/{make_shown()}/",
        "reasons": "/cancellations/reasons/",
    }
    for name, address in addresses.items():
        page = open_page(address, manager, **looks)
        accessible(page)
        no_sideways_scroll(page)
        screenshot(page, f"reasons-{name}-{width}-{theme}")
    waiting = page.locator("button[name=only]:not([formaction])")
    before = waiting.count()
    waiting.first.click()
    expect(waiting).to_have_count(before - 1)
    page.locator("button[name=only][formaction]").first.click()  # not this
    expect(waiting).to_have_count(before - 2)


def make_shown() -> int:
    """The customer of a departure of which several kinds speak."""
    gone = CancellationReason.objects.get(key="price").views.filter(suggested=True).first()
    return int(gone.cancellation.customer_id)
