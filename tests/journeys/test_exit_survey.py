"""From a recorded cancellation by mail to the customer's answer, and back to those who read it."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers.models import Cancellation, Customer, Interaction, OutgoingEmail, SendingRate
from feedback.models import Answer, Response, SendingRule
from feedback.scores import ANSWERING_TIME
from feedback.services.surveys import create_survey
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_reason,
    make_subscription,
    make_user,
    stand,
)
from tests.faults.mail_sinks import free_port
from tests.journeys.conftest import OpenPage, accessible, no_sideways_scroll, screenshot
from tests.mail.conftest import Sink
from tests.tasks.conftest import new_worker, redis_url, send, wait_until

__all__ = ["redis_url", "send"]


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
def csm(transactional_db: None) -> User:
    """Ida, whose customer has a Norwegian contact; the exit survey goes out after an hour."""
    ida = make_user("csm", email="ida@example.com", name="Ida Moe")
    make_organisation(name="Lysbro")
    make_reason("price", labels={"en": "Price too high", "nb": "For høy pris"})
    make_reason("support", labels={"en": "Quality of support", "nb": "Kvaliteten på støtten"})
    customer = make_customer("Nordlys Kraft AS", owner=ida)
    make_subscription(customer, arr=5_000)
    make_contact(customer, name="Kari Moe", email="kari@nordlys.example", language="nb")
    stand()
    SendingRate.objects.update(quiet_from=0, quiet_until=0)
    SendingRule.objects.create(
        survey=create_survey("exit", "Why they leave", by=None),
        trigger="cancellation",
        delay_minutes=60,
        on_since=timezone.now(),
    )
    return ida


def test_who_leaves_is_asked_answers_and_is_heard(
    open_page: OpenPage, csm: User, inbox: Sink, send: Callable[[str], None]
) -> None:
    page = record_cancellation(open_page, csm)
    an_hour_goes_by(inbox, send)
    mail = mail_for_kari(inbox, send)
    phone = open_page(path_in(mail), width=390)
    answer_in_norwegian(phone)

    response = Response.objects.counted().get()
    assert response.cancellation == response.customer.cancellations.get()
    page.reload()
    timeline = page.locator("#timeline")
    expect(timeline).to_contain_text("For høy pris")
    expect(timeline).to_contain_text("Dobbelt så dyrt som før")
    screenshot(page, "exit-answer-on-the-timeline")

    page.goto("/cancellations/insights/?period=all")
    reason = page.get_by_role("row").filter(has=page.get_by_role("link", name="Price too high"))
    expect(reason.first).to_contain_text("100")
    expect(reason.first).to_contain_text("€417")
    screenshot(page, "exit-answer-in-the-insights")

    page.goto(f"/surveys/{response.survey_id}/results/")
    results = page.locator("#results")
    expect(results).to_contain_text("1 asked in the last 3 days is not counted yet")
    asked_at = timezone.now() - ANSWERING_TIME - timedelta(minutes=1)
    OutgoingEmail.objects.update(sent_at=asked_at)
    page.reload()
    expect(results).to_contain_text("1 of 1")
    expect(results).to_contain_text("with 95 % certainty")
    expect(results).to_contain_text("Dobbelt så dyrt som før")
    accessible(page)
    screenshot(page, "exit-survey-results")

    change_the_answer(phone, response)


def record_cancellation(open_page: OpenPage, csm: User) -> Page:
    customer = Customer.objects.get(name="Nordlys Kraft AS")
    page = open_page(f"/customers/{customer.pk}/", csm)
    page.get_by_role("link", name="Record a cancellation").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What the customer says").select_option(label="Price too high")
    dialog.get_by_role("button", name="See what it means").click()
    dialog.get_by_role("button", name="Record the cancellation").click()
    expect(page.locator("#toasts")).to_contain_text("leaves on")
    return page


def an_hour_goes_by(inbox: Sink, send: Callable[[str], None]) -> None:
    """The mail waits for its hour, and for no longer; then the hour is over."""
    recorded_at = Cancellation.objects.get().recorded_at

    def is_written() -> bool:
        send("feedback.tasks.invite_due")
        send("customers.tasks.deliver_due_mail")
        time.sleep(0.5)
        return OutgoingEmail.objects.exists()

    wait_until(is_written, "the mail is written")
    mail = OutgoingEmail.objects.get()
    assert (mail.state, mail.due_at) == ("queued", recorded_at + timedelta(minutes=60))
    assert not inbox.mails
    OutgoingEmail.objects.update(due_at=timezone.now())


def mail_for_kari(inbox: Sink, send: Callable[[str], None]) -> Message:
    """Rings as beat does, until the one mail has come."""

    def has_come() -> bool:
        send("feedback.tasks.invite_due")
        send("customers.tasks.deliver_due_mail")
        time.sleep(0.5)
        return bool(inbox.mails)

    wait_until(has_come, "the mail has come")
    (mail,) = inbox.mails
    assert "kari@nordlys.example" in mail["To"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return mail


def path_in(mail: Message) -> str:
    """The survey's private path in the text of a mail."""
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    found = re.search(r"/s/[\w-]{43}", body.decode())
    assert found
    return found[0]


def answer_in_norwegian(phone: Page) -> None:
    expect(phone.locator("html")).to_have_attribute("lang", "nb")
    phone.get_by_text("For høy pris").click()
    phone.get_by_role("button", name="Neste").click()
    phone.get_by_role("radio").first.check()
    phone.get_by_role("button", name="Neste").click()
    phone.get_by_role("textbox").fill("Dobbelt så dyrt som før")
    no_sideways_scroll(phone)
    phone.wait_for_timeout(3_000)  # as a person, who needs longer than three seconds
    phone.get_by_role("button", name="Send svarene").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Takk for at du sa fra")


def change_the_answer(phone: Page, response: Response) -> None:
    """The same link again: the answers may change, the response stays one, the entry too."""
    phone.get_by_role("link", name="Endre svarene").click()
    phone.get_by_text("Kvaliteten på støtten").click()
    phone.get_by_role("button", name="Neste").click()
    phone.get_by_role("button", name="Neste").click()
    phone.get_by_role("button", name="Send svarene").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Takk for at du sa fra")

    again = Response.objects.get()
    assert (again.pk, again.answered_at) == (response.pk, response.answered_at)
    assert Answer.objects.get(response=again, question="reason").choices == ["support"]
    entry = Interaction.objects.get(kind="answer")
    assert "Kvaliteten på støtten" in entry.summary
    assert "For høy pris" not in entry.summary
