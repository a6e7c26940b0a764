"""Every string of ours is said in every language; `python -m churnapp.messages` collects them."""

import pytest
from django.test import Client

from churnapp import messages


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_is_left_in_english(language):
    assert not messages.missing(language)


def test_strings_are_found_in_code_and_in_templates():
    found = {str(message) for message, _context, _place in messages.messages()}
    assert {"Sign in", "reporting currency"} <= found


@pytest.mark.parametrize(
    "language, heading",
    [("en", "Sign in"), ("nb", "Logg inn"), ("da", "Log ind"), ("sv", "Logga in")],
)
def test_the_sign_in_page_speaks_the_readers_language(db, language, heading):
    page = Client(headers={"Accept-Language": language}).get("/accounts/sign-in/")
    assert f">{heading}<" in page.content.decode()
