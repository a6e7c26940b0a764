"""Somebody at a survey's page: where its link leads, and forms as the page sends them."""

import re
import secrets
from datetime import timedelta
from ipaddress import IPv6Address

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from churnapp.common.stamps import new_stamp
from tests.feedback_factories import token_of


@pytest.fixture
def client():
    """Somebody at an address of their own: what others there do is counted against them too."""
    return Client(REMOTE_ADDR=str(IPv6Address(secrets.randbits(128))))


def address(invitation, **query):
    return reverse("feedback:answer", args=[token_of(invitation)], query=query or None)


def stamp(age=60):
    return new_stamp(now=timezone.now() - timedelta(seconds=age))


def send(client, path, **answers):
    names = {"step", "lang", "website", "stamp"}
    data = {"stamp": stamp()} | {k if k in names else f"q-{k}": v for k, v in answers.items()}
    return client.post(path, data)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
