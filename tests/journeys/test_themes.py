"""Themes in a browser: judged by single keys, one after the other, and taken back."""

import pytest
from playwright.sync_api import expect

from churnapp.models import User
from feedback.models import CommentTheme
from tests.factories import make_contact, make_customer, make_user, stand
from tests.feedback_factories import make_comment_theme, make_response, make_theme
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot

LOOKS = pytest.mark.parametrize(
    "width, theme",
    [(1280, "dark"), pytest.param(390, "light", marks=pytest.mark.long)],
)


@pytest.fixture
def csm(transactional_db: None) -> User:
    slow = make_theme()
    for number in range(3):
        contact = make_contact(make_customer(f"Kunde {number}"))
        make_comment_theme(slow, make_response(contact=contact, comment="The app is so slow"))
    stand()
    return make_user("csm")


@LOOKS
def test_comments_are_judged_by_key_and_taken_back(
    open_page: OpenPage, csm: User, width: int, theme: str
) -> None:
    page = open_page("/surveys/themes/", csm, width=width, theme=theme)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"themes-{width}-{theme}")
    waiting = page.locator("#waiting [data-row]")
    expect(waiting).to_have_count(3)
    page.keyboard.press("a")
    expect(waiting).to_have_count(2)
    page.keyboard.press("r")
    expect(waiting).to_have_count(1)
    page.keyboard.press("u")
    expect(waiting).to_have_count(2)
    states = CommentTheme.objects.values_list("state", flat=True)
    assert sorted(states) == ["confirmed", "suggested", "suggested"]
    page.locator("table .num a").first.click()
    expect(page.locator("#comments [data-row]")).to_have_count(1)
    accessible(page)
