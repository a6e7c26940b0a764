"""The next mail is made while the server reads the one before: nothing else changes by it."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives

from customers.mail import ahead, outbox, providers, suppression
from customers.models import OutgoingEmail
from tests.mail.conftest import NOON, state, waiting

pytestmark = pytest.mark.django_db


def test_what_nobody_foresaw_stops_no_others_and_is_swept_up(sink, deliver_due, monkeypatch):
    before, strange, after = waiting(), waiting(), waiting()
    build = ahead.build

    def broken(mail, organisation):
        if mail == strange:
            raise ZeroDivisionError
        return build(mail, organisation)

    monkeypatch.setattr(ahead, "build", broken)
    deliver_due()
    assert [state(mail) for mail in (before, strange, after)] == ["accepted", "claimed", "accepted"]
    outbox.sweep(NOON + timedelta(days=1))
    assert state(strange) == "uncertain"


def test_the_next_mail_is_made_while_the_server_reads_the_one_before(
    sink, deliver_due, monkeypatch
):
    first, second = waiting(), waiting()
    build, come_by_then = ahead.build, {}

    def watched(mail, organisation):
        come_by_then[mail] = len(sink.mails)
        return build(mail, organisation)

    monkeypatch.setattr(ahead, "build", watched)
    sink.seconds = 0.3
    deliver_due()
    assert come_by_then == {first: 0, second: 0}
    assert [mail["Message-ID"] for mail in sink.mails] == [
        OutgoingEmail.objects.get(pk=mail.pk).message_id for mail in (first, second)
    ]


def test_what_was_made_ahead_is_not_sent_to_who_unsubscribed_meanwhile(
    sink, deliver_due, monkeypatch
):
    waiting()
    second = waiting(purpose="survey", unsubscribable=True)
    build = ahead.build

    def and_then_they_unsubscribe(mail, organisation):
        message = build(mail, organisation)
        if mail == second:
            suppression.suppress(mail.to_email, "unsubscribe")
        return message

    monkeypatch.setattr(ahead, "build", and_then_they_unsubscribe)
    deliver_due()
    assert len(sink.mails) == 1
    assert state(second) == "suppressed"


def test_a_text_comes_as_it_was_written(sink, deliver_due):
    text = "Dear Ada,\n.\n..two\n.hidden at the start\nÅse \u2013 bye.\n"
    waiting(text=text)
    long = text + "x" * 2000 + "\n"
    waiting(text=long)
    deliver_due()
    got = [mail.get_payload(decode=True).decode().replace("\r\n", "\n") for mail in sink.mails]
    assert got == [text, long]


def test_the_end_of_a_text_is_found_where_its_last_line_has_none(sink):
    message = EmailMultiAlternatives("Hello", "Hello", to=["ada@example.com"])
    raw = b"Subject: Hello\r\n\r\nDear Ada"
    with providers.post() as post:
        post.send(providers.Ready(message, "hello@acme.example", "ada@example.com", raw), "")
    (got,) = sink.mails
    assert got.get_payload().rstrip() == "Dear Ada"
