"""A reader on a phone: from a mail to the page where they choose, and what comes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers.mail import outbox, providers
from customers.mail.rendering import Footer, frame, frame_text, html_of
from customers.models import Contact, OutgoingEmail, SendingRate, Topic
from tests.factories import (
    make_contact,
    make_customer,
    make_mail,
    make_organisation,
    make_user,
    stand,
)
from tests.faults.mail_sinks import free_port
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot
from tests.mail.conftest import Sink, by_smtp

LANGUAGES = ("nb", "en", "da", "sv")
NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)


@pytest.fixture
def sink(settings: Any, live_server: Any) -> Iterator[Sink]:
    kept = Sink()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.MAILERS = by_smtp(server.port)
    settings.BASE_URL = live_server.url
    yield kept
    server.stop()


@pytest.fixture
def csm(transactional_db: None) -> User:
    make_organisation(name="Lysbro")
    SendingRate.objects.update(per_minute=60_000, burst=1_000, tokens=1_000, quiet_until=0)
    SendingRate.objects.update(quiet_from=0)
    ida = make_user("csm", email="ida@example.com", name="Ida Moe")
    customer = make_customer("Nordlys Kraft AS", owner=ida)
    make_contact(customer, name="Kari Moe", email="kari@nordlys.example", language="nb")
    stand()
    return ida


def test_a_reader_leaves_topics_and_a_colleague_sees_why_nothing_came(
    open_page: OpenPage, csm: User, sink: Sink
) -> None:
    send_news("Nyheter i november")
    page = follow_the_link(open_page, sink)
    look_at(page)
    choose(page)
    send_news("Nyheter i desember")
    assert len(sink.mails) == 1, "the second was not sent"
    colleague_sees_why(open_page, csm)


def send_news(subject: str) -> None:
    """A mail of a campaign with product news, sent as the worker does."""
    contact = Contact.objects.get()
    footer = Footer(why="Lysbro skriver til deg.", organisation="Lysbro", language="nb")
    text = "Hei Kari, dette er nytt."
    make_mail(
        contact=contact,
        purpose="campaign",
        kind="campaign.news",
        language="nb",
        subject=subject,
        text=frame_text(text, None, footer),
        html=frame(subject, html_of(text), None, footer),
        unsubscribable=True,
        due_at=NOON,
    )
    with providers.post() as post:
        outbox.deliver_run(outbox.claim_many(NOON), post, clock=lambda: NOON)


def follow_the_link(open_page: OpenPage, sink: Sink) -> Page:
    """As a mail program shows it: the words of the footer, and where they lead."""
    text, _html = (part.get_payload(decode=True).decode() for part in sink.mails[0].get_payload())
    line = next(line for line in text.splitlines() if line.startswith("Velg hva vi sender deg: "))
    return open_page(line.rpartition(" ")[2], width=390)


def look_at(page: Page) -> None:
    """In four languages, light and dark, without anything to scroll to the side."""
    expect(page.get_by_role("heading", name="Hva vi sender deg")).to_be_visible()
    for language in LANGUAGES:
        if page.locator("html").get_attribute("lang") != language:
            page.locator(f"nav a[hreflang={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            accessible(page)
        no_sideways_scroll(page)
    page.emulate_media(color_scheme="light")
    page.locator("nav a[hreflang=nb]").click()
    screenshot(page, "preferences-phone")


def choose(page: Page) -> None:
    """Surveys and guides only; all of it left, and that taken back."""
    for topic in ("Produktnyheter", "Tilbud", "Anbefalinger"):
        page.get_by_label(topic, exact=True).uncheck()
    page.get_by_role("button", name="Lagre").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("Spørreundersøkelser og Veiledning og oppfølging")
    expect(page.get_by_label("Produktnyheter", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Meld deg av alt").click()
    expect(page.get_by_role("status")).to_contain_text("Du har meldt deg av all denne e-posten")
    page.get_by_role("button", name="Angre").click()
    expect(page.get_by_role("status")).to_contain_text("Spørreundersøkelser og Veiledning")
    screenshot(page, "preferences-phone-saved")
    accessible(page)


def colleague_sees_why(open_page: OpenPage, csm: User) -> None:
    contact = Contact.objects.get()
    mail = OutgoingEmail.objects.get(subject="Nyheter i desember")
    page = open_page(f"/mail/{mail.pk}/", csm)
    expect(page.get_by_text("The person does not want mail on this topic.").first).to_be_visible()
    page.goto(f"/customers/{contact.customer_id}/")
    contacts = page.locator("#contacts")
    left = "Does not want: Offers, Product news, Recommending us"
    expect(contacts.get_by_text(left)).to_be_visible()
    expect(page.get_by_text("Source: their preference page.").first).to_be_visible()
    contacts.get_by_label("Change Kari Moe").click()
    contacts.get_by_text("What mail they want").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Product news")).not_to_be_checked()
    screenshot(page, "wishes-dialog")
    accessible(page)


def test_an_administrator_words_a_topic_and_the_reader_sees_it(
    open_page: OpenPage, csm: User, sink: Sink
) -> None:
    admin = make_user("admin", email="ada@example.com")
    page = open_page("/mail/settings/", admin)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)
        no_sideways_scroll(page)
        screenshot(page, f"mail-topics-{width}")
    page.get_by_role("link", name="Edit Product news").click()
    expect(page.get_by_text("1 contact never chose")).to_be_visible()
    page.get_by_label("Name in Norwegian").fill("Tilbud")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Another topic is called this already")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)
        no_sideways_scroll(page)
        screenshot(page, f"mail-topic-{width}")
    page.get_by_label("Name in Norwegian").fill("Nytt fra Lysbro")
    page.get_by_label("Place in the list").select_option("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Topics that readers choose from")).to_be_visible()
    assert Topic.objects.first() == Topic.objects.get(code="news")
    send_news("Nyheter i november")
    expect(follow_the_link(open_page, sink).get_by_label("Nytt fra Lysbro")).to_be_checked()
