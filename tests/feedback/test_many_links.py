"""Too many private links answered from one address within a minute are a program's, all of them."""

import secrets
from functools import partial
from ipaddress import IPv6Address

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from churnapp.models import AuditEvent
from feedback.answering import MOST_TOKENS
from feedback.models import Response
from feedback.services.answering import quarantine, release, set_aside_links
from tests.factories import make_contact, make_customer
from tests.feedback.visitors import address, client, send
from tests.feedback_factories import make_invitation, make_open_link, make_survey
from tests.services.threads import at_once

__all__ = ["client"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def looks_back(monkeypatch, django_capture_on_commit_callbacks):
    """Send many forms, then do what a worker was rung for."""
    rung = []
    monkeypatch.setattr("feedback.sweeps.set_aside_links.delay", rung.append)

    def send_all(*posts):
        with django_capture_on_commit_callbacks(execute=True):
            for post in posts:
                post()
        for tokens in rung:
            set_aside_links(tokens)

    return send_all


@time_machine.travel(NOW, tick=False)
def test_many_links_from_one_address_within_a_minute_are_set_aside_from_the_first(
    client, alice, looks_back
):
    survey, customer = make_survey(), make_customer(owner=alice)
    asked = [make_invitation(survey, make_contact(customer)) for _ in range(MOST_TOKENS + 2)]
    posts = [partial(send, client, address(each, all="1"), score="0") for each in asked]
    looks_back(*posts[:MOST_TOKENS])
    assert Response.objects.counted().count() == MOST_TOKENS
    seen = Response.objects.earliest("pk")
    quarantine(seen, because="To look at", by=alice)
    release(seen, by=alice)

    looks_back(*posts[MOST_TOKENS:])

    assert Response.objects.counted().get() == seen, "a person took it in"
    aside = Response.objects.exclude(pk=seen.pk)
    assert set(aside.values_list("quarantined_because", flat=True)) == {"many_links"}
    assert customer.interactions.filter(kind="answer").count() == 1
    assert AuditEvent.objects.filter(verb="response_set_aside", actor=None).count() == (
        MOST_TOKENS - 1
    )


@time_machine.travel(NOW, tick=False)
def test_what_was_begun_before_the_limit_is_set_aside_when_it_is_sent_in(client, looks_back):
    survey = make_survey()
    first, *others = [make_invitation(survey) for _ in range(MOST_TOKENS + 1)]
    send(client, address(first), step="score", score="0")
    looks_back(*[partial(send, client, address(each, all="1"), score="0") for each in others])

    elsewhere = Client(REMOTE_ADDR=str(IPv6Address(secrets.randbits(128))))
    send(elsewhere, address(first, q="comment"), step="comment", comment="Bad")

    assert not Response.objects.counted().exists()
    assert Response.objects.finished().count() == MOST_TOKENS + 1


def test_so_many_links_as_a_household_has_are_counted(client, looks_back):
    survey = make_survey()
    for invitation in [make_invitation(survey) for _ in range(MOST_TOKENS)]:
        once, again = address(invitation, all="1"), address(invitation, all="1", change="1")
        looks_back(partial(send, client, once, score="0"), partial(send, client, again, score="1"))
    assert Response.objects.counted().count() == MOST_TOKENS


@pytest.mark.django_db(transaction=True)
def test_of_many_links_at_once_none_is_counted(monkeypatch):
    rung = []
    monkeypatch.setattr("feedback.sweeps.set_aside_links.delay", rung.append)
    survey, place = make_survey(), str(IPv6Address(secrets.randbits(128)))
    paths = [address(make_invitation(survey), all="1") for _ in range(MOST_TOKENS + 1)]

    at_once(*[partial(send, Client(REMOTE_ADDR=place), path, score="0") for path in paths])
    at_once(*[partial(set_aside_links, tokens) for tokens in rung])

    assert Response.objects.finished().count() == MOST_TOKENS + 1
    assert not Response.objects.counted().exists()


def test_a_room_full_of_people_answers_an_open_link(client):
    path = reverse("feedback:open_answer", args=[make_open_link().code])
    for _ in range(MOST_TOKENS + 2):
        send(client, path, score="9")
    assert set(Response.objects.values_list("quarantined_because", flat=True)) == {""}
