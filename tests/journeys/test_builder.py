"""A manager words a survey anew, sees it as a customer does, and publishes it."""

import pytest
from playwright.sync_api import expect

from feedback.services.surveys import create_survey
from tests.factories import make_user
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_a_new_version_is_written_looked_at_and_published(
    open_page, transactional_db, width, theme
):
    bob = make_user("manager", email="bob@example.com", name="Bob Dahl")
    survey = create_survey("ces", "After a ticket", by=bob)
    page = open_page(f"/surveys/{survey.pk}/", bob, width=width, theme=theme)

    page.get_by_role("button", name="Write the next version").click()
    page.locator("[id='t-nb-title']").fill("Gikk det greit?")
    page.get_by_role("button", name="Save the draft").click()
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text("Gikk det greit?")
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"builder-{width}")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("Version 2, published")).to_be_visible()
