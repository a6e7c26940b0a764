"""A price is told by the year while it is typed, in a browser."""

import pytest
from playwright.sync_api import expect

from churnapp.models import User
from customers.models import Subscription
from tests.factories import make_customer, make_subscription, make_user, stand
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.fixture
def csm(transactional_db: None) -> User:
    make_subscription(make_customer("Nordlys Kraft AS"), arr=1_200, quantity=2)
    stand()
    return make_user("csm", email="ida@example.com", name="Ida Moe")


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_a_price_is_told_by_the_year_while_it_is_typed(open_page, csm, width, theme):
    subscription = Subscription.objects.get()
    page = open_page(f"/customers/{subscription.customer_id}/", csm, width=width, theme=theme)
    page.get_by_label("Change Pro").click()
    page.get_by_role("link", name="Change plan or price").click()
    dialog = page.get_by_role("dialog")
    year = dialog.get_by_role("status")
    expect(year).to_contain_text("€1,200.00 a year = 2 × €600.00")
    quantity = dialog.get_by_label("Quantity")
    quantity.fill("3")
    expect(year).to_contain_text("€1,800.00 a year = 3 × €600.00")
    expect(quantity).to_be_focused()
    dialog.get_by_label("Price of one unit").fill("")
    expect(year).to_contain_text("Enter a price")
    dialog.get_by_role("button", name="Change").click()
    expect(dialog).to_contain_text("Enter the price of one unit.")
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"change-price-{width}")
    dialog.get_by_label("Price of one unit").fill("50")
    dialog.get_by_label("Interval").select_option(label="a month")
    expect(year).to_contain_text("= 3 × €50.00 × 12")
    dialog.get_by_role("button", name="Change").click()
    expect(page.locator("#toasts")).to_contain_text("€1,800.00 a year")
