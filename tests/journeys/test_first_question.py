"""The first question stands in the mail: a scanner's visits say nothing, a person's click marks."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from churnapp.models import Organisation
from customers.mail.links import SURVEY, hash_of, token_of, with_links
from customers.mail.unsubscribe import CHOOSING, PLACE
from feedback.inviting.letters import Writer
from feedback.models import Answer, Invitation, Response
from tests.factories import make_contact, make_customer, make_organisation, make_reason
from tests.feedback_factories import make_invitation, make_survey
from tests.journeys.conftest import AXE_RULES, broken_rules, no_sideways_scroll, screenshot

WCAG = {"type": "tag", "values": [rule for rule in AXE_RULES if rule.startswith("wcag")]}
KEYS = "a[href*='score='], a[href*='pick=']"
SMALL = """(keys) => [...document.querySelectorAll(keys)].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width < 44 || box.height < 44 || box.right > innerWidth;
}).map((each) => each.outerHTML)"""


@pytest.fixture
def asked(transactional_db: None, live_server: Any, settings: Any) -> Any:
    """`asked(kind, language)` gives an invitation and the HTML of its mail."""
    settings.BASE_URL = live_server.url
    make_organisation(name="Nordlys Programvare")
    make_reason("price", labels={"en": "Price too high", "nb": "For høy pris"})
    make_reason("competitor", asks="competitor", labels={"nb": "Gikk til en konkurrent"})

    def asked(kind: str, language: str = "nb") -> tuple[Invitation, str]:
        contact = make_contact(make_customer(), name="Kari Moe", language=language)
        invitation = make_invitation(make_survey(kind), contact, language=language)
        writer = Writer(Organisation.current())
        letter = writer.letter("mail", invitation.version, contact, language)
        html = letter.html.replace(PLACE, "#").replace(CHOOSING, "#")
        link = {"path": "/s/{token}", "purpose": "survey", "nonce": invitation.nonce}
        tie(invitation)
        return invitation, with_links(html, {"survey": link})

    return asked


def tie(invitation: Invitation) -> None:
    """Let the link of the mail open the invitation, whose token is another one in tests."""
    from_nonce = hash_of(token_of(SURVEY, invitation.nonce))
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=from_nonce)


def in_the_mail(open_page: Any, html: str, width: int) -> Page:
    page = open_page("about:blank", width=width)
    page.set_content(html)
    return page


def keys_of(page: Page) -> list[str]:
    return page.eval_on_selector_all(KEYS, "(keys) => keys.map((key) => key.href)")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("kind, count", [("nps", 11), ("csat", 5), ("ces", 7), ("exit", 2)])
def test_every_answer_is_large_enough_for_a_thumb(asked, open_page, kind, count, width):
    page = in_the_mail(open_page, asked(kind)[1], width)

    assert len(keys_of(page)) == count
    assert page.evaluate(SMALL, KEYS) == []
    no_sideways_scroll(page)
    assert broken_rules(page, WCAG) == []
    screenshot(page, f"mail-{kind}-{width}")


@pytest.mark.parametrize("kind", ["nps", "exit"])
def test_a_scanner_answers_nothing(asked, open_page, live_server, kind):
    page = in_the_mail(open_page, asked(kind)[1], 320)
    client = Client(enforce_csrf_checks=True)

    for link in keys_of(page):
        path = link.removeprefix(live_server.url)
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        assert page.request.get(link).status == 200

    assert not Response.objects.exists()
    assert not Answer.objects.exists()


def test_a_score_is_marked_by_the_click_and_kept_by_sending(asked, open_page):
    page = in_the_mail(open_page, asked("nps")[1], 320)

    page.get_by_role("link", name="9", exact=True).click()

    expect(page.locator("html")).to_have_attribute("lang", "nb")
    expect(page.get_by_role("radio", name="9", exact=True)).to_be_checked()
    assert not Response.objects.exists()

    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("textbox")).to_be_visible()
    assert Answer.objects.get().number == 9
    assert Response.objects.get().answered_at is None
    page.wait_for_timeout(3000)  # as a person, who needs longer than three seconds
    page.get_by_role("button", name="Send svarene").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tusen takk")
    assert Response.objects.counted().get().answered_at <= timezone.now()


def test_a_reason_is_marked_with_what_it_asks_for_beside_it(asked, open_page):
    page = in_the_mail(open_page, asked("exit")[1], 390)

    page.get_by_role("link", name="Gikk til en konkurrent").click()

    expect(page.get_by_role("radio", name="Gikk til en konkurrent")).to_be_checked()
    assert not Response.objects.exists()
    page.get_by_label("Hvilken?").fill("Fjordsoft")
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kunne noe fått deg til å bli?")
    kept = Answer.objects.get()
    assert (kept.choices, kept.text) == (["competitor"], "Fjordsoft")
