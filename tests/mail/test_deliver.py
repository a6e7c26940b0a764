"""What becomes of a mail that is due, by what the mail server says."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from customers.mail import outbox, providers, suppression
from customers.mail.links import address_of, new_nonce
from customers.models import (
    MailBatch,
    MailEvent,
    OutgoingEmail,
    SendingRate,
    Suppression,
)
from tests.factories import make_organisation
from tests.mail.conftest import NOON, state, waiting

pytestmark = pytest.mark.django_db


def test_a_due_mail_goes_out_once(sink, deliver_due):
    mail = waiting(html="<p>What do you think?</p>", to_name="Ada Öberg", unsubscribable=True)
    deliver_due()
    deliver_due()
    assert state(mail) == "accepted"
    assert (mail.attempts, mail.error) == (1, "")
    assert mail.sent_at
    (got,) = sink.mails
    assert got["Message-ID"] == mail.message_id
    assert got["Message-ID"].startswith(f"<mail.{mail.pk}.")
    assert got["Message-ID"].endswith("@acme.example>")
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in got.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_what_is_not_due_waits(sink, deliver_due):
    mail = waiting(due_at=NOON + timedelta(minutes=1))
    deliver_due()
    assert state(mail) == "queued"


def test_private_links_are_made_when_it_is_sent(sink, deliver_due):
    link = {"path": "/s/{token}", "purpose": "survey", "nonce": new_nonce()}
    mail = waiting(text="Answer: [[link:survey]]", links={"survey": link})
    deliver_due()
    assert address_of(link) in sink.mails[0].get_payload(decode=True).decode()
    mail.refresh_from_db()
    assert "[[link:survey]]" in mail.text


@pytest.mark.parametrize("minutes, becomes", [(1, "accepted"), (0, "suppressed")])
def test_a_link_that_opens_nothing_any_more_is_not_sent(sink, deliver_due, minutes, becomes):
    link = {"path": "/s/{token}", "purpose": "survey", "nonce": new_nonce()}
    link["until"] = (NOON + timedelta(minutes=minutes)).isoformat()
    mail = waiting(text="Answer: [[link:survey]]", links={"survey": link})
    deliver_due()
    assert state(mail) == becomes
    assert mail.error_code == ("" if minutes else "link_expired")
    assert len(sink.mails) == minutes


def test_a_mail_that_cannot_be_built_stops_no_others(sink, deliver_due):
    broken, other = waiting(text="[[link:nobody]]"), waiting()
    deliver_due()
    assert (state(broken), broken.error_code) == ("failed", "unreadable")
    assert state(other) == "accepted"


def test_a_run_of_mails_takes_one_connection(sink, deliver_due):
    for _ in range(5):
        waiting()
    deliver_due()
    assert (len(sink.mails), len(sink.sessions)) == (5, 1)


@pytest.mark.parametrize(
    "answer,becomes,suppressed",
    [
        ("450 4.2.0 Busy", "retry", False),
        ("550 5.1.1 No such user", "failed", True),
        ("550 5.1.1 <a@b.example>: Recipient address rejected: User unknown", "failed", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "failed", True),
        ("550 5.1.6 Moved", "failed", True),
        ("550 No such user", "failed", True),
        ("550 Mailbox not found", "failed", True),
        ("550 The account does not exist", "failed", True),
        ("550 5.1.8 Sender address rejected: Domain not found", "failed", False),
        ("550 Denied by policy", "failed", False),
        ("553 Mailbox name invalid", "failed", False),
        ("550 5.7.1 Not wanted", "failed", False),
        ("552 5.2.2 Mailbox full", "failed", False),
    ],
)
def test_a_refused_recipient(sink, deliver_due, answer, becomes, suppressed):
    mail, other = waiting(), waiting()
    sink.refusals[mail.to_email] = answer
    deliver_due()
    assert state(mail) == becomes
    assert mail.error == answer
    assert mail.error_code == answer[:3]
    assert Suppression.objects.exists() == suppressed
    assert state(other) == "accepted"


@pytest.mark.parametrize(
    "answer",
    [
        "550 relay not permitted",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 5.1.1 Relaying denied: user unknown here",
        "550 5.7.1 Unable to relay",
        "554 5.7.1 <a@b.example>: Relay access denied",
    ],
)
def test_a_relay_that_does_not_know_us_is_our_fault(sink, deliver_due, answer):
    mail = waiting()
    sink.refusals[mail.to_email] = answer
    deliver_due()
    assert (state(mail), mail.error_code, mail.error) == ("failed", "no_relay", answer)
    assert not Suppression.objects.exists()


def test_a_relay_that_does_not_know_us_stops_mail_and_keeps_the_addresses(sink, deliver_due):
    mails = [waiting(to_email=f"p{n % 3}@x.example") for n in range(15)]
    for n in range(3):
        sink.refusals[f"p{n}@x.example"] = "550 relay not permitted"
    deliver_due()
    assert SendingRate.objects.get().paused_because == "too_many_failed"
    suppression.note_soft_bounce(mails[0], now=NOON)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("answer,becomes", [("451 Later", "retry"), ("554 Spam", "failed")])
def test_a_text_that_is_refused_is_not_in_doubt(sink, deliver_due, answer, becomes):
    mail = waiting()
    sink.after_data[mail.to_email] = answer
    deliver_due()
    assert state(mail) == becomes


def test_a_connection_lost_after_the_text_leaves_it_in_doubt(sink, deliver_due):
    mail, other = waiting(), waiting()
    sink.hangs_up.add(mail.to_email)
    deliver_due()
    assert (state(mail), mail.error_code) == ("uncertain", "in_doubt")
    assert state(other) == "accepted"


def test_the_wait_grows_and_is_random():
    assert outbox.wait_after(1, lambda: 0.0) == timedelta(seconds=1)
    assert outbox.wait_after(3, lambda: 1.0) == timedelta(seconds=121)
    assert outbox.wait_after(30, lambda: 1.0) <= outbox.LONGEST_WAIT + timedelta(seconds=1)


def test_the_rate_is_kept_over_all_who_draw(sink, deliver_due):
    SendingRate.objects.update(per_minute=60, burst=3, tokens=3, filled_at=NOON)
    for _ in range(8):
        waiting()
    deliver_due(NOON)
    assert len(sink.mails) == 3
    assert outbox.is_waiting_for_rate(NOON)
    deliver_due(NOON + timedelta(seconds=2))
    assert len(sink.mails) == 5
    deliver_due(NOON + timedelta(hours=1))
    assert len(sink.mails) == 8


def test_nothing_goes_out_while_all_is_paused(sink, deliver_due):
    SendingRate.objects.update(paused_at=NOON)
    mail = waiting()
    deliver_due()
    assert state(mail) == "queued"
    assert not outbox.is_waiting_for_rate(NOON)


def test_a_swept_mail_is_not_sent_by_the_worker_that_had_it(sink):
    mail = waiting()
    (claimed,) = outbox.claim_many(NOON)
    outbox.sweep(NOON + timedelta(hours=1))
    assert state(mail) == "retry"
    with providers.post() as post:
        outbox.deliver_run([claimed], post, clock=lambda: NOON)
    assert not sink.mails


def test_what_a_dead_worker_had_begun_is_in_doubt(sink, deliver_due):
    mail = waiting()
    (claimed,) = outbox.claim_many(NOON)
    outbox._begin(claimed, NOON)
    outbox.sweep(NOON + timedelta(minutes=1))
    assert state(mail) == "claimed"
    outbox.sweep(NOON + timedelta(hours=1))
    assert state(mail) == "uncertain"
    deliver_due(NOON + timedelta(hours=2))
    assert not sink.mails


def test_under_a_key_it_is_asked_for_again_while_the_key_lasts(settings):
    settings.MAIL_IS_KEYED = True
    mail = waiting()
    (claimed,) = outbox.claim_many(NOON)
    outbox._begin(claimed, NOON)
    outbox.sweep(NOON + timedelta(hours=1))
    assert (state(mail), mail.error_code) == ("retry", "in_doubt")
    assert not outbox.claim_many(NOON + timedelta(hours=21))
    outbox.sweep(NOON + timedelta(hours=21))
    assert state(mail) == "uncertain"


def test_the_key_is_known_since_the_first_try_not_the_last(settings):
    settings.MAIL_IS_KEYED = True
    tries = {"error_code": "in_doubt", "begun_at": NOON - timedelta(hours=1)}
    mail = waiting(state="retry", first_tried_at=NOON - timedelta(hours=21), **tries)
    assert not outbox.claim_many(NOON)
    outbox.sweep(NOON)
    assert state(mail) == "uncertain"


def test_a_slow_worker_tells_what_the_sweep_did_not_know():
    mail = waiting()
    (claimed,) = outbox.claim_many(NOON)
    outbox._begin(claimed, NOON)
    outbox.sweep(NOON + timedelta(hours=1))
    outbox._close_sent(claimed, "")
    assert state(mail) == "accepted"


@pytest.mark.parametrize(
    "reason,purpose,goes", [("unsubscribe", "survey", False), ("unsubscribe", "campaign", True)]
)
def test_suppression_is_asked_when_it_is_sent(sink, deliver_due, reason, purpose, goes):
    mail = waiting()
    suppression.suppress(mail.to_email.upper(), reason, purpose=purpose)
    deliver_due()
    assert state(mail) == ("accepted" if goes else "suppressed")
    assert mail.error_code == ("" if goes else reason)


@pytest.mark.parametrize("code,becomes", [("in_doubt", "uncertain"), ("451", "suppressed")])
def test_what_is_suppressed_after_a_try_may_have_gone_out(sink, deliver_due, code, becomes):
    mail = waiting(state="retry", error_code=code)
    suppression.suppress(mail.to_email, "by_hand")
    deliver_due()
    assert (state(mail), mail.error_code) == (becomes, "by_hand")


def test_a_lifted_suppression_lets_mail_through(sink, deliver_due):
    mail = waiting()
    suppression.suppress(mail.to_email, "by_hand")
    assert not suppression.suppress(mail.to_email, "by_hand")
    assert suppression.lift(mail.to_email) == 1
    deliver_due()
    assert state(mail) == "accepted"


@pytest.mark.parametrize(
    "first,then,stands",
    [
        ("soft_bounces", "complaint", "complaint"),
        ("complaint", "hard_bounce", "complaint"),
        ("by_hand", "hard_bounce", "by_hand"),
        ("erased", "complaint", "erased"),
    ],
)
def test_the_graver_reason_stands(first, then, stands):
    suppression.suppress("a@x.example", first)
    assert suppression.suppress("a@x.example", then) == (stands == then)
    assert suppression.is_suppressed("A@x.example", "survey") == stands
    assert Suppression.objects.count() == 1


def test_the_fifth_mail_that_would_not_go_is_the_last():
    mails = [waiting(to_email="full@x.example", state="failed") for _ in range(5)]
    OutgoingEmail.objects.update(changed_at=NOON)
    suppression.note_soft_bounce(mails[0], now=NOON + timedelta(days=40))
    assert not Suppression.objects.exists()
    suppression.note_soft_bounce(mails[0], now=NOON)
    assert suppression.is_suppressed("full@x.example", "notice") == "soft_bounces"


def test_mails_that_arrived_after_all_speak_for_the_address():
    mails = [waiting(to_email="grey@x.example", state="delivered") for _ in range(5)]
    for mail in mails:
        MailEvent.objects.create(
            mail=mail, kind="deferred", provider="smtp", event_id=f"e{mail.pk}"
        )
    OutgoingEmail.objects.update(changed_at=NOON)
    suppression.note_soft_bounce(mails[0], now=NOON)
    assert not Suppression.objects.exists()


def test_too_many_failures_pause_the_batch(sink, deliver_due):
    batch = MailBatch.objects.create(name="Spring")
    mails = [waiting(batch=batch) for _ in range(15)]
    for mail in mails:
        sink.refusals[mail.to_email] = "554 5.7.1 No"
    deliver_due()
    batch.refresh_from_db()
    assert batch.paused_because == "too_many_failed"
    assert not SendingRate.objects.get().paused_at
    assert {state(mail) for mail in mails} == {"failed"}  # those of one claim are still tried


@pytest.mark.django_db(transaction=True)
def test_many_at_once_send_each_mail_once(sink):
    for _ in range(60):
        waiting()

    def work():
        with providers.post() as post:
            while mails := outbox.claim_many(NOON, 3):
                outbox.deliver_run(mails, post, clock=lambda: NOON)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 60


@pytest.mark.parametrize(
    "setting, sender",
    [
        ("hello@acme.example", "Lysbro AS <hello@acme.example>"),
        ("Acme <hello@acme.example>", "Acme <hello@acme.example>"),
    ],
)
def test_mail_comes_from_the_organisation_by_name(sink, deliver_due, settings, setting, sender):
    make_organisation(name="Lysbro AS")
    settings.DEFAULT_FROM_EMAIL = setting
    waiting()
    waiting(purpose="notice")
    deliver_due()
    assert [message["From"] for message in sink.mails] == [sender, sender]
