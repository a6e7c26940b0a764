"""A run of the delivery ends in time, and mail keeps no other work waiting."""

import json
import socket
import time
from datetime import datetime, timedelta

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from churnapp import supervisor
from churnapp.celery import app
from customers import tasks
from customers.mail import outbox, providers
from customers.models import OutgoingEmail
from tests.factories import make_mail
from tests.mail.conftest import NOON, state

pytestmark = pytest.mark.django_db


def rings():
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return broker.llen("mail")


@pytest.fixture
def short_runs(monkeypatch):
    monkeypatch.setattr(tasks, "SECONDS_A_RUN", 0.2)


def test_against_a_slow_server_a_run_ends_between_two_mails(sink, short_runs):
    past = timezone.now() - timedelta(hours=1)
    before_it = [("queued", 0), ("retry", 1)] * 15
    for was, tries in before_it:
        make_mail(due_at=past, purpose="notice", state=was, attempts=tries)
    sink.seconds = 0.05
    before = rings()
    started = time.monotonic()
    tasks.deliver_due_mail()
    assert time.monotonic() - started < 1.2
    states = list(OutgoingEmail.objects.order_by("pk").values_list("state", flat=True))
    gone = states.count("accepted")
    assert 1 <= gone < 12
    waiting = [was for was, _tries in before_it[gone:]]
    assert states[gone:] == waiting, "nothing stays claimed, each waits as it did"
    assert rings() == before + 1


def test_rings_that_nobody_came_for_do_not_pile_up():
    tasks.deliver_due_mail.delay()
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        ring = json.loads(broker.lindex("mail", 0))
    expires = datetime.fromisoformat(ring["headers"]["expires"])
    assert timedelta() < expires - timezone.now() <= timedelta(minutes=1)


def test_a_run_that_has_sent_all_rings_no_more(sink):
    mail = make_mail(due_at=timezone.now() - timedelta(hours=1), purpose="notice")
    before = rings()
    tasks.deliver_due_mail()
    assert (state(mail), rings()) == ("accepted", before)


def test_what_another_has_taken_meanwhile_is_not_given_back():
    mail = make_mail(due_at=NOON)
    claimed = outbox.claim_many(NOON)
    later = NOON + timedelta(hours=1)
    outbox.sweep(later)
    outbox.claim_many(later)
    with providers.post() as post:
        outbox.deliver_run(claimed, post, clock=lambda: later, until=0)
    assert state(mail) == "claimed"


def test_mail_has_a_queue_and_a_worker_of_its_own():
    route = app.amqp.router.route({}, "customers.tasks.deliver_due_mail")
    assert route["queue"].name == "mail"
    assert app.amqp.router.route({}, "customers.tasks.sweep_mail")["queue"].name == "celery"
    commands = {
        child.name: child.command for child in supervisor.services(["worker"], bind="127.0.0.1:1")
    }
    queues = {name: command[command.index("--queues") + 1] for name, command in commands.items()}
    assert queues == {"worker": "celery", "mail": "mail"}
    assert f"mail@{socket.gethostname()}" in commands["mail"]
