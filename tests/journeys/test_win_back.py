"""From customers who left over a missing feature to one who is back, and what it proves.

The feature is fixed, a win-back with an offer, a holdout, two variants and two languages is built
in the browser, real workers send it to a real mail server, and one customer accepts on a phone.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from campaigns.models import Campaign, Grant, Recipient
from churnapp.models import User
from customers.models import OutgoingEmail, SendingRate, Standing, Term
from tests.campaign_factories import make_sales_offer
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_feature,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today_here,
)
from tests.faults.mail_sinks import free_port
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot
from tests.mail.conftest import Sink
from tests.tasks.conftest import new_worker, redis_url, send, wait_until

__all__ = ["redis_url", "send"]

OFFER = {
    "en": {"title": "20 % off for three months", "text": "Come back.", "button": "Yes, please"},
    "sv": {"title": "20 % rabatt i tre månader", "text": "Kom tillbaka.", "button": "Ja tack"},
}


@pytest.fixture
def inbox(
    live_server: Any, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sink]:
    """A real mail server, and a real worker that sends to it with links to the live server."""
    kept = Sink()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    monkeypatch.setenv("EMAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("EMAIL_PORT", str(server.port))
    monkeypatch.setenv("CHURNAPP_URL", live_server.url)
    worker = new_worker(redis_url, tmp_path / "worker.log")
    yield kept
    worker.kill()
    server.stop()


@pytest.fixture
def bob(transactional_db: None) -> User:
    """A marketer, and forty customers who left two hundred days ago, half of them Swedish."""
    bob = make_user("manager", email="bob@example.com", name="Bob Dahl")
    make_organisation(name="Lysbro")
    make_feature("sync", name="Calendar sync")
    missing = make_reason("missing-feature", category="product", asks="feature")
    dear = make_reason("price")
    gone = today_here() - timedelta(days=200)
    for number in range(44):
        swedish = number % 2 == 0
        customer = make_customer(f"Havet {number}", country="SE" if swedish else "NO")
        make_contact(customer, name=f"Siri Lund {number}", language="sv" if swedish else "en")
        make_subscription(customer, arr=1_200, ends_on=gone)
        left_over_it = number < 40
        make_cancellation(
            customer,
            effective_on=gone,
            reason=missing if left_over_it else dear,
            missing_feature="Calendar sync" if left_over_it else "",
        )
    make_sales_offer("percent", name="Twenty off", texts=OFFER)
    stand()
    SendingRate.objects.update(quiet_from=0, quiet_until=0, hold_minutes=0)
    return bob


def test_who_left_over_a_missing_feature_is_won_back(
    open_page: OpenPage, bob: User, inbox: Sink, send: Callable[[str], None]
) -> None:
    page = open_page("/segments/new/?state=lost&reason=missing-feature", bob)
    keep_the_segment(page)
    record_the_fix(page)
    begin_the_campaign(page)
    write_the_path(page)
    look_at_it_as_a_swede(page)
    launch(page)
    mails = mails_of_all(inbox, send)
    accept_as_one(open_page, mails)
    read_the_results(page)


def keep_the_segment(page: Page) -> None:
    expect(page.locator("#segment-look").get_by_text("40", exact=True).first).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Left over calendar sync")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Left over calendar sync")).to_be_visible()


def record_the_fix(page: Page) -> None:
    page.goto("/campaigns/fixes/new/")
    page.get_by_label("What is fixed").fill("Calendar sync is there")
    page.get_by_label("Feature that was missing").select_option(label="Calendar sync")
    page.get_by_label(re.compile("Missing.feature", re.IGNORECASE)).check()
    page.get_by_label("As mails name it, English").fill("calendar sync")
    page.get_by_label("As mails name it, Svenska").fill("kalendersynk")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="40 customers")).to_be_visible()


def begin_the_campaign(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Begin with").select_option("win_back")
    page.get_by_label("Name").fill("It syncs now")
    page.get_by_role("button", name="Make the campaign").click()
    page.get_by_label("Whom it is for").select_option(label="Left over calendar sync")
    page.get_by_label("Tells of a fix").select_option(label="Calendar sync is there")
    expect(page.get_by_label("Holdout, percent")).to_have_value("10")
    page.get_by_role("button", name="Save and go on to the path").click()


def write_the_path(page: Page) -> None:
    """Two mails that lead to the offer, in two languages; the first one in two variants."""
    for language in ("Norsk bokmål", "Dansk"):
        page.get_by_role("checkbox", name=language, exact=True).uncheck()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_label("Subject, Norsk bokmål")).to_have_count(0)
    page.get_by_role("button", name="Add a variant").click()
    expect(page.locator("[id='variant-b-name']")).to_be_visible()
    page.get_by_role("button", name="Offer", exact=True).click()
    expect(page.locator("[id='offer1-offer']")).to_be_visible()
    page.locator("[id='offer1-offer']").select_option(label="Twenty off")
    while page.locator("[id='up-offer1']").is_enabled():
        place = page.locator("[data-question]").evaluate_all(
            "cards => cards.findIndex(card => card.dataset.question == 'offer1')"
        )
        page.locator("[id='up-offer1']").click()
        moved = page.locator("[data-question]").nth(place - 1)
        expect(moved).to_have_attribute("data-question", "offer1")
    page.locator("[data-question='mail1']").get_by_role("button", name="Write its own").click()
    for mail in ("mail1", "mail2"):
        fill_mail(page, mail)
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("heading", name="Nothing stops the launch")).to_be_visible()
    screenshot(page, "win-back-checks")


def fill_mail(page: Page, mail: str) -> None:
    page.locator(f"[id='{mail}-leads']").select_option("offer")
    words = {
        "en": ("{{ fix.name }} is there", "See the offer", "You left over {{ reason }}."),
        "sv": (
            "{{ fix.name }} finns nu",
            "Se erbjudandet",
            "Du slutade för: {{ reason }}.",
        ),
    }
    variants = ("a", "b") if mail == "mail1" else ("a",)
    for variant in variants:
        for language, (subject, button, body) in words.items():
            at = f"{mail}.text.{variant}.{language}"
            said = f"{subject} ({variant})"
            page.locator(f"[id='{at}-subject']").fill(said)
            page.locator(f"[id='{at}-body']").fill(f"Hi {{{{ contact.first_name }}}},\n\n{body}")
            page.locator(f"[id='{at}-button']").fill(button)


def look_at_it_as_a_swede(page: Page) -> None:
    page.get_by_role("link", name="Preview", exact=True).click()
    page.locator("main li a", has_text="Havet 0").first.click()
    expect(page.get_by_role("heading", name="kalendersynk finns nu")).to_be_visible()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_text("Hi Siri,")).to_be_visible()
    expect(mail.get_by_text("Se erbjudandet")).to_be_visible()
    accessible(page)
    screenshot(page, "win-back-preview")


def launch(page: Page) -> None:
    page.get_by_role("link", name="Checks").click()
    page.get_by_role("link", name="Go on to the launch").click()
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("It syncs now runs.")).to_be_visible()


def mails_of_all(inbox: Sink, send: Callable[[str], None]) -> list[Message]:
    """Rings as beat does, until everybody who was not held out has their mail."""

    def have_come() -> bool:
        send("campaigns.tasks.advance_campaigns")
        send("customers.tasks.deliver_due_mail")
        time.sleep(0.5)
        expected = Recipient.objects.filter(held_out=False).count()
        return bool(expected) and len(inbox.mails) >= expected

    wait_until(have_come, "the mails have come")
    held_out = Recipient.objects.filter(held_out=True)
    assert Recipient.objects.count() == 40
    assert 0 < held_out.count() < 20
    assert len(inbox.mails) == 40 - held_out.count()
    assert {row.variant for row in Recipient.objects.all()} == {"a", "b"}
    written_to = {mail["To"].partition("<")[2].strip(">") for mail in inbox.mails}
    assert not written_to & set(held_out.values_list("contact__email", flat=True))
    return inbox.mails


def accept_as_one(open_page: OpenPage, mails: list[Message]) -> None:
    """A Swede follows the link on a phone, sees what it costs, and accepts."""
    mail = next(mail for mail in mails if "finns" in decoded(mail["Subject"]))
    recipient = Recipient.objects.get(contact__email=mail["To"].partition("<")[2].strip(">"))
    OutgoingEmail.objects.update(sent_at=recipient.entered_at - timedelta(minutes=5))
    phone = open_page(path_in(mail), width=390)
    expect(phone.locator("html")).to_have_attribute("lang", "sv")
    expect(phone.get_by_role("heading", level=1)).to_have_text("20 % rabatt i tre månader")
    no_sideways_scroll(phone)
    accessible(phone)
    screenshot(phone, "win-back-offer")
    phone.get_by_role("button", name="Ja tack").click()
    expect(phone.get_by_role("button", name="Ja tack")).to_have_count(0)
    grant = Grant.objects.get(customer=recipient.customer)
    assert grant.state == "accepted"
    standing = Standing.objects.get(customer=recipient.customer)
    assert (standing.state, standing.arr_minor) == ("active", 96_000)
    running = Term.objects.standing().filter(subscription__customer=recipient.customer)
    assert list(running.order_by("starts_on").values_list("arr_minor", flat=True)) == [
        120_000, 96_000, 120_000,
    ]  # fmt: skip


def read_the_results(page: Page) -> None:
    campaign = Campaign.objects.get()
    page.goto(f"/campaigns/{campaign.pk}/results/")
    results = page.locator("main")
    expect(results).to_contain_text("Not yet readable")
    screenshot(page, "win-back-results-early")
    entered = Recipient.objects.values_list("entered_at", flat=True)[0] - timedelta(days=100)
    Recipient.objects.update(entered_at=entered)
    Term.objects.filter(arr_minor=96_000).update(starts_on=entered.date() + timedelta(days=3))
    page.reload()
    expect(results).to_contain_text("Too few to say")
    treated = Recipient.objects.filter(held_out=False).count()
    came_back = results.locator(".card", has_text="Treated who came back").first
    expect(came_back).to_contain_text(f"1 of {treated}")
    accessible(page)
    screenshot(page, "win-back-results")


def decoded(subject: str) -> str:
    return str(make_header(decode_header(subject)))


def path_in(mail: Message) -> str:
    """The private path in the text of a mail."""
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    found = re.search(r"/l/\d+-[\w-]{43}/\w+", body.decode())
    assert found
    return found[0]
