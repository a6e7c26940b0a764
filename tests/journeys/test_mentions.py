"""A mention is matched by a customer's name and marked as answered, in a browser."""

import pytest
from playwright.sync_api import expect

from customers.models import Mention
from tests.factories import make_customer, make_mention, make_user, today_here
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.fixture
def bob(transactional_db):
    return make_user("manager", email="bob@example.com", name="Bob Dahl")


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_a_mention_is_matched_by_name_and_answered(open_page, bob, width, theme):
    fjord = make_customer("Fjord Bygg AS", external_id="f-7")
    make_mention(text="Rather slow", reply_by=today_here())
    page = open_page("/mentions/", bob, width=width, theme=theme)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"mentions-{width}")

    page.get_by_role("link", name="Match", exact=True).click()
    typed = page.get_by_label("Customer", exact=True)
    typed.press_sequentially("bygg")
    expect(page.locator("#customer-choices option")).to_have_attribute(
        "value", "Fjord Bygg AS (f-7)"
    )
    expect(typed).to_be_focused()
    typed.fill("Fjord Bygg AS (f-7)")
    page.locator("#dialog").get_by_role("button", name="Match").click()
    expect(page.get_by_text("Matched to Fjord Bygg AS")).to_be_visible()

    page.get_by_role("link", name="Mark as answered").click()
    page.get_by_label("What was answered").fill("We have mended it.")
    accessible(page)
    page.locator("#dialog").get_by_role("button", name="Mark as answered").click()
    expect(page.get_by_text("Answered.", exact=True)).to_be_visible()
    mention = Mention.objects.get()
    assert (mention.customer, mention.reply_text) == (fjord, "We have mended it.")
