"""A server that is busy, or out of reach: mail is tried again for days."""

from datetime import timedelta

import pytest

from customers.mail import outbox
from customers.mail.providers import OutOfReachError, TryLaterError
from customers.models import OutgoingEmail, SendingRate, Suppression
from tests.faults.mail_sinks import free_port
from tests.mail.conftest import NOON, by_smtp, state, waiting

pytestmark = pytest.mark.django_db


def tried_again(mail, deliver_due):
    """At its next moment, by the end of its wait."""
    deliver_due(mail.due_at)
    return state(mail)


def test_a_busy_server_is_asked_later_and_later_for_days(sink, deliver_due, monkeypatch):
    monkeypatch.setattr(outbox.random, "random", lambda: 1.0)
    SendingRate.objects.update(quiet_from=0, quiet_until=0)
    mail, waits = waiting(), []
    sink.refusals[mail.to_email] = "451 4.3.0 Busy"
    deliver_due()
    while state(mail) == "retry":
        waits.append(mail.due_at - mail.begun_at)
        tried_again(mail, deliver_due)
    assert waits == sorted(waits)
    assert waits[-1] == outbox.LONGEST_WAIT + timedelta(seconds=1)
    assert NOON + outbox.TRIED_FOR <= mail.begun_at <= NOON + timedelta(days=3, hours=3)
    assert (mail.state, mail.error_code, mail.attempts) == ("failed", "451", len(waits) + 1)


def test_a_server_out_of_reach_is_no_failure_of_the_mail(settings, sink, deliver_due):
    smtp, settings.MAILERS = settings.MAILERS, by_smtp(free_port())
    mails = [waiting() for _ in range(5)]
    for minute in range(60):
        deliver_due(NOON + timedelta(minutes=minute))
    assert [state(mail) for mail in mails].count("failed") == 0
    assert {mail.attempts for mail in mails} == {0}
    tried = [mail for mail in mails if mail.state == "retry"]
    assert {mail.error_code for mail in tried} == {"out_of_reach"}
    assert max(mail.due_at for mail in tried) <= NOON + timedelta(minutes=60)
    settings.MAILERS = smtp
    deliver_due(NOON + timedelta(minutes=61))
    assert {state(mail) for mail in mails} == {"accepted"}


def test_after_two_that_did_not_reach_it_the_rest_wait_untouched(settings, deliver_due):
    settings.MAILERS = by_smtp(free_port())
    mails = [waiting() for _ in range(5)]
    deliver_due()
    assert [state(mail) for mail in mails] == ["retry", "retry", "queued", "queued", "queued"]


@pytest.mark.parametrize("answer", ["421 Too many connections", "530 5.7.0 Sign in first"])
def test_one_that_is_sent_away_before_the_text_counts_no_try(sink, deliver_due, answer):
    mail, other = waiting(), waiting()
    sink.refusals[mail.to_email] = answer
    deliver_due()
    assert (state(mail), mail.attempts, mail.error_code) == ("retry", 0, "out_of_reach")
    assert state(other) == "accepted"


def test_a_server_that_stays_out_of_reach_for_days_is_given_up(settings, deliver_due):
    settings.MAILERS = by_smtp(free_port())
    mail = waiting(first_tried_at=NOON - outbox.TRIED_FOR)
    deliver_due()
    assert state(mail) == "failed"


@pytest.mark.parametrize(
    "error,stops", [(OutOfReachError("Refused"), False), (TryLaterError("Busy", 451), True)]
)
def test_a_server_out_of_reach_says_nothing_of_the_address(error, stops):
    mails = [waiting(to_email="a@x.example", state="failed") for _ in range(4)]
    long_ago = NOON - outbox.TRIED_FOR
    last = waiting(to_email="a@x.example", state="claimed", first_tried_at=long_ago, attempts=9)
    OutgoingEmail.objects.filter(pk__in=[mail.pk for mail in mails]).update(changed_at=NOON)
    outbox._try_later(last, error, NOON)
    assert state(last) == "failed"
    assert Suppression.objects.exists() == stops
