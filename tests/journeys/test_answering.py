"""A departing customer answers in three taps on a phone, in Norwegian."""

import re

import pytest
from playwright.sync_api import Page, expect

from customers.models import Task
from feedback.models import Invitation, Response
from tests.factories import make_contact, make_customer, make_organisation, make_reason
from tests.feedback_factories import make_invitation, make_survey, token_of
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot

READY = ("exit", "nps", "csat", "ces", "product")
PHONES = pytest.mark.parametrize("width, theme", [(320, "light"), (390, "dark")])
SMALL_TARGETS = """[...document.querySelectorAll('a, button, label:not(.trap label), textarea')]
    .filter((each) => each.offsetParent && !each.closest('h1, h2'))
    .filter((each) => each.getBoundingClientRect().height < 44
                   || each.getBoundingClientRect().width < 44)
    .map((each) => each.outerHTML)"""


@pytest.fixture
def invitation(transactional_db: None) -> Invitation:
    make_organisation(name="Nordlys Programvare")
    make_reason("price", labels={"en": "Price too high", "nb": "For høy pris"})
    make_reason(
        "competitor",
        asks="competitor",
        labels={"en": "Moved to a competitor", "nb": "Gikk til en konkurrent"},
    )
    contact = make_contact(make_customer("Havbris Rederi AS"), language="nb")
    return make_invitation(make_survey("exit"), contact, language="nb")


def looked_at(page: Page, name: str) -> None:
    accessible(page)
    no_sideways_scroll(page)
    assert page.evaluate(SMALL_TARGETS) == []
    screenshot(page, name)


@PHONES
def test_three_taps_say_why(open_page, invitation, width, theme):
    page = open_page(f"/s/{token_of(invitation)}", width=width, theme=theme)
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    looked_at(page, f"survey-1-{width}")

    page.get_by_text("Gikk til en konkurrent").click()
    page.get_by_label("Hvilken?").fill("Fjordsoft")
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kunne noe fått deg til å bli?")
    page.get_by_text("Bedre hjelp underveis").click()
    looked_at(page, f"survey-2-{width}")
    page.get_by_role("button", name="Neste").click()
    page.get_by_role("textbox").fill("Ingen svarte da vi ringte.")
    looked_at(page, f"survey-3-{width}")
    page.wait_for_timeout(3000)  # as a person, who needs longer than three seconds
    page.get_by_role("button", name="Send svarene").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Takk for at du sa fra")
    looked_at(page, f"survey-4-{width}")
    response = Response.objects.counted().get()
    assert response.answers.get(question="reason").text == "Fjordsoft"
    assert "Ingen svarte" in Task.objects.get().what


def test_nothing_chosen_is_said_beside_the_question(open_page, invitation):
    page = open_page(f"/s/{token_of(invitation)}", width=390)

    page.get_by_role("button", name="Neste").click()

    expect(page.get_by_role("group")).to_have_accessible_description(re.compile("må besvares"))
    looked_at(page, "survey-error-390")


def test_the_keyboard_alone_is_enough(open_page, transactional_db):
    invitation = make_invitation(language="nb")
    page = open_page(f"/s/{token_of(invitation)}", width=390)

    tab_to(page, "input[type=radio]")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("viktigste grunnen"))
    tab_to(page, "textarea")
    page.keyboard.type("Greit nok")
    tab_to(page, "button")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Tusen takk")
    tab_to(page, "a.button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


@pytest.mark.parametrize(
    "kind, width, theme",
    [("nps", 320, "dark"), ("ces", 320, "light"), ("csat", 1280, "light"), ("exit", 1280, "dark")],
)
def test_all_questions_at_once(open_page, invitation, kind, width, theme):
    other = make_invitation(make_survey(kind), language="nb")

    page = open_page(f"/s/{token_of(other)}?all=1", width=width, theme=theme)

    looked_at(page, f"survey-all-{kind}-{width}")


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_every_ready_survey_in_every_language(open_page, invitation, language):
    for kind in READY:
        contact = make_contact(make_customer(f"{kind} AS"), language=language)
        mine = make_invitation(make_survey(kind), contact, language=language)

        page = open_page(f"/s/{token_of(mine)}?all=1", width=320, language=language)

        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.locator("script").count() == 0
        looked_at(page, f"survey-{kind}-{language}-320")


def test_a_link_that_is_over_says_so(open_page, transactional_db):
    page = open_page("/s/never-there", width=320, language="nb")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    looked_at(page, "survey-gone-320")
