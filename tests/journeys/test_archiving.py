"""A manager archives a survey from its page, takes that back, and finds it among the archived."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_user
from tests.feedback_factories import make_open_link, make_survey
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.mark.parametrize("width, theme", [(1280, "light"), (390, "dark")])
def test_a_survey_is_archived_taken_back_and_found_again(open_page, transactional_db, width, theme):
    bob = make_user("manager", email="bob@example.com", name="Bob Dahl")
    survey = make_survey(name="Autumn round")
    make_open_link(survey)
    page = open_page(f"/surveys/{survey.pk}/results/", bob, width=width, theme=theme)

    page.get_by_role("link", name="Archive").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 open link says that the survey is closed.")).to_be_visible()
    accessible(page)
    screenshot(page, f"archiving-{width}")
    dialog.get_by_role("button", name="Archive").click()
    rests = page.get_by_text("its rules send nothing and remind nobody")
    expect(rests).to_be_visible()
    accessible(page)
    no_sideways_scroll(page)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Brought back: Autumn round.")).to_be_visible()
    expect(rests).to_have_count(0)

    page.get_by_role("link", name="Archive").click()
    dialog.get_by_role("button", name="Archive").click()
    expect(rests).to_be_visible()
    page.goto("/surveys/")
    expect(page.get_by_text("No survey is in use")).to_be_visible()
    page.get_by_role("link", name="Look at the archived ones").click()
    expect(page.get_by_role("link", name="Autumn round")).to_be_visible()
    accessible(page)
    no_sideways_scroll(page)
