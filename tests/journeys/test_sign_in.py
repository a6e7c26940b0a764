"""Getting in, and what a stranger sees."""

import re

import pytest
from django.core import mail

from churnapp.models import User
from tests.factories import make_user
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot, sign_in


@pytest.fixture
def marit(transactional_db: None) -> User:
    return make_user("manager", email="marit@example.com", name="Marit Holm")


@pytest.mark.parametrize("width, theme", [(320, "light"), (1280, "dark")])
def test_sign_in_page_is_accessible(open_page, width, theme):
    page = open_page("/accounts/sign-in/", width=width, theme=theme)
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, f"sign-in-{width}-{theme}")


def test_wrong_password_keeps_the_address(open_page, marit):
    page = open_page("/accounts/sign-in/")
    sign_in(page, marit.email, "wrong")
    page.get_by_text("not correct").wait_for()
    assert page.get_by_label("Email").input_value() == marit.email


def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(open_page, marit):
    page = open_page("/accounts/password/reset/")
    page.get_by_role("textbox").fill(marit.email)
    page.locator("main .card button").click()
    page.wait_for_url("**/accounts/password/reset/sent/")
    link = re.search(r"/accounts/password/reset/\S+", str(mail.outbox[-1].body))
    page.goto(link[0])
    for field in page.locator("input[type=password]").all():
        field.fill("a staple of another horse")
    page.locator("main .card button").click()
    page.wait_for_url("**/accounts/password/reset/done/")
    marit.refresh_from_db()
    assert marit.check_password("a staple of another horse")


def test_theme_and_single_keys_are_kept(open_page, marit):
    page = open_page("/accounts/password/change/", marit)
    page.get_by_label("Theme").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Switch single keys off").click()
    page.wait_for_function("document.documentElement.dataset.singleKeys === 'off'")
    marit.refresh_from_db()
    assert (marit.theme, marit.single_keys) == ("dark", False)
    accessible(page)


def test_question_mark_lists_the_keys(open_page, marit):
    page = open_page("/accounts/password/change/", marit)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard").wait_for()
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Keyboard").wait_for(state="hidden")


def test_the_menu_opens_on_a_phone(open_page, marit):
    page = open_page("/accounts/password/change/", marit, width=390)
    no_sideways_scroll(page)
    toggle = page.get_by_role("button", name="Menu")
    toggle.click()
    page.get_by_role("navigation", name="Main").wait_for()
    assert toggle.get_attribute("aria-expanded") == "true"
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Main").wait_for(state="hidden")
