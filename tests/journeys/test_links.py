"""Programs that open every link of every mail, and programs that guess: nothing is moved.

`python -m pytest -m long tests/journeys/test_links.py` does it with 1,000 mails and 100,000 tokens.
"""

import random
import re
import secrets
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from churnapp.common import public_limits as limits
from customers.mail import outbox, providers
from customers.models import OutgoingEmail, SendingRate
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, SendingRule
from feedback.services.surveys import create_survey
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_organisation,
    make_reason,
)
from tests.mail.conftest import Sink, sink

__all__ = ["sink"]
pytestmark = pytest.mark.django_db(transaction=True)

SCANNERS = (
    "Mozilla/5.0 (compatible; Barracuda Sentinel)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Microsoft Office SafeLinks",
    "Mimecast URL Protect",
    "Proofpoint URL Defense/1.0",
    "GoogleImageProxy",
)
FETCHES = ("get", "head", "get")
REASONS = ("competitor", "price")
LINK = re.compile(r"http://[^\s\"'<>]+")
# What a page view may leave: nothing of ours. Sessions and logs are not asked.
WATCHED = [
    model._meta.db_table
    for label in ("churnapp", "customers", "feedback", "campaigns")
    for model in apps.get_app_config(label).get_models()
]


def digest() -> dict[str, Any]:
    """What every table of ours holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in WATCHED:
            cursor.execute(f'SELECT count(*), sum(hashtext(t::text)) FROM "{table}" t')
            found[table] = cursor.fetchone()
    return found


def send_mails(count: int, base_url: str, settings: Any) -> None:
    """Invitations of customers who left, sent for good."""
    settings.BASE_URL = base_url
    make_organisation(name="Lysbro")
    SendingRate.objects.update(quiet_from=0, quiet_until=0, per_minute=600_000, hold_minutes=0)
    SendingRate.objects.update(burst=100_000, tokens=100_000)
    now = timezone.now()
    SendingRule.objects.create(
        survey=create_survey("exit", "Why they leave", by=None),
        trigger="cancellation",
        delay_minutes=0,
        on_since=now,
    )
    for key in REASONS:
        make_reason(key)
    for _number in range(count):
        customer = make_customer()
        make_contact(customer, language="nb")
        make_cancellation(customer, recorded_at=now)
    assert run_rules(now) == count
    with providers.post() as post:
        while mails := outbox.claim_many(timezone.now()):
            outbox.deliver_run(mails, post, clock=timezone.now)


def links_of(kept: Sink) -> list[str]:
    """Every link of every mail, of text and HTML, and of the headers."""
    found: set[str] = set()
    for mail in kept.mails:
        parts = [part.get_payload(decode=True).decode() for part in mail.walk()
                 if part.get_content_maintype() == "text"]  # fmt: skip
        found |= set(LINK.findall(" ".join([*parts, mail["List-Unsubscribe"]])))
    return sorted(link for link in found if "w3.org" not in link)


def tokens_in(links: list[str]) -> list[str]:
    """The token of each survey, however many links lead there."""
    ways = {link.partition("?")[0] for link in links if "/s/" in link}
    return sorted(way.rpartition("/")[2] for way in ways)


@pytest.mark.parametrize("mails", [5, pytest.param(1_000, marks=pytest.mark.long)])
def test_scanners_move_nothing(
    mails: int, live_server: Any, browser: Browser, sink: Sink, settings: Any
) -> None:
    send_mails(mails, live_server.url, settings)
    assert len(sink.mails) == mails
    links = links_of(sink)
    assert len(tokens_in(links)) == mails
    assert sum("/s/" in link for link in links) == mails * (1 + len(REASONS))
    for key in REASONS:  # the answers to the first question, each a link of the mail
        assert sum(link.endswith(f"?pick={key}") for link in links) == mails
    of_mail = [link for link in links if "/u/" in link]  # unsubscribing, and choosing what comes
    assert sum(link.endswith("/choose") for link in of_mail) == mails
    assert len(of_mail) == 2 * mails
    before = digest()

    client = Client(enforce_csrf_checks=True)
    for link in links:
        path = link.removeprefix(live_server.url)
        for agent in SCANNERS:
            for fetch in FETCHES:
                answer = getattr(client, fetch)(path, headers={"user-agent": agent})
                assert answer.status_code == 200
    with browser.new_context() as context:
        page = context.new_page()
        for link in links:
            assert page.goto(link).status == 200

    assert digest() == before
    assert OutgoingEmail.objects.filter(state="accepted").count() == mails


def guesses(count: int, real: list[str]) -> list[str]:
    """Half of them random, half of them a real token with one letter changed."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    picked = random.Random(7)
    made = [secrets.token_urlsafe(32) for _number in range(count // 2)]
    for number in range(count - len(made)):
        token = real[number % len(real)]
        place = picked.randrange(len(token) - 1)
        other = picked.choice([letter for letter in letters if letter != token[place]])
        made.append(token[:place] + other + token[place + 1 :])
    return made


@pytest.mark.parametrize("tokens", [300, pytest.param(100_000, marks=pytest.mark.long)])
def test_guessed_links_open_nothing_and_have_to_wait(
    tokens: int, live_server: Any, sink: Sink, settings: Any
) -> None:
    send_mails(3, live_server.url, settings)
    real = tokens_in(links_of(sink))
    before = digest()

    bodies, statuses = set(), {}
    guesser = Client()
    for number, token in enumerate(guesses(tokens, real)):
        # Each comes from an address of its own: the limiter is another test's.
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        answer = guesser.get(f"/s/{token}", REMOTE_ADDR=address)
        bodies.add(answer.content)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

    assert statuses == {404: tokens}
    assert len(bodies) == 1
    assert digest() == before

    one = Client(REMOTE_ADDR="10.200.0.1")
    told = [one.get(f"/s/{secrets.token_urlsafe(32)}").status_code for _n in range(64)]
    assert set(told) == {404, 429}
    assert told[: limits.MOST_MISSES] == [404] * limits.MOST_MISSES


def test_a_dump_of_the_database_opens_nothing(live_server: Any, sink: Sink, settings: Any) -> None:
    send_mails(3, live_server.url, settings)
    tokens = tokens_in(links_of(sink))
    assert len(tokens) == Invitation.objects.count() == 3
    with connection.cursor() as cursor:
        for table in WATCHED:
            for token in tokens:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{token}%"]
                )
                assert cursor.fetchone() == (0,), table
