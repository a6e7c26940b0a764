"""What people do about mails, and that each leaves an audit event."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.links import new_nonce
from customers.mail.messages import message_id
from customers.mail.reasons import why_not
from customers.models import MailBatch, OutgoingEmail, SendingRate
from customers.services import mail as services
from customers.services.privacy import erase_person
from tests.factories import make_mail
from tests.mail.conftest import NOON, state

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_a_waiting_mail_is_called_back(alice):
    mail = make_mail()
    services.call_back(mail, by=alice)
    assert (state(mail), verbs()) == ("cancelled", ["mail_called_back"])


@pytest.mark.parametrize("late", ["claimed", "accepted", "cancelled"])
def test_what_is_on_its_way_cannot_be_called_back(alice, late):
    mail = make_mail(state=late)
    with pytest.raises(RuleError):
        services.call_back(mail, by=alice)
    assert (state(mail), verbs()) == (late, [])


def test_a_batch_is_called_back_as_far_as_it_waits(alice):
    batch = MailBatch.objects.create(name="Spring")
    waiting, gone = make_mail(batch=batch), make_mail(batch=batch, state="accepted")
    assert services.call_back_batch(batch, by=alice) == 1
    assert (state(waiting), state(gone)) == ("cancelled", "accepted")


def test_the_failed_of_a_batch_are_sent_again_and_no_others(alice, sink, deliver_due):
    batch = MailBatch.objects.create(name="Spring")
    failed = make_mail(batch=batch, state="failed", attempts=8, error_code="550")
    others = [make_mail(batch=batch, state=s) for s in ("accepted", "uncertain", "suppressed")]
    assert services.resend_failed(batch, by=alice) == 1
    OutgoingEmail.objects.filter(pk=failed.pk).update(due_at=NOON)
    deliver_due()
    assert (state(failed), failed.attempts) == ("accepted", 1)
    assert [state(mail) for mail in others] == ["accepted", "uncertain", "suppressed"]


@pytest.mark.parametrize("sent,becomes", [(True, "accepted"), (False, "queued")])
def test_a_person_settles_what_is_uncertain(alice, sent, becomes):
    mail = make_mail(state="uncertain", error_code="in_doubt")
    services.settle(mail, sent=sent, by=alice)
    assert (state(mail), mail.error_code) == (becomes, "")
    assert (mail.sent_at is not None) == sent
    with pytest.raises(RuleError):
        services.settle(mail, sent=sent, by=alice)
    assert len(verbs()) == 1


@pytest.mark.parametrize("fate", ["failed", "uncertain"])
def test_a_mail_to_somebody_erased_is_not_sent_again(alice, sink, deliver_due, fate):
    mail = make_mail(state=fate)
    erase_person(mail.to_email, by=alice)
    mail.refresh_from_db()
    again = services.resend if fate == "failed" else partial(services.settle, sent=False)
    again(mail, by=alice)
    OutgoingEmail.objects.filter(pk=mail.pk).update(due_at=NOON)
    deliver_due()
    assert (state(mail), mail.error_code, sink.mails) == ("suppressed", "erased", [])


def test_a_batch_is_paused_and_resumed(alice, sink, deliver_due):
    batch = MailBatch.objects.create(name="Spring")
    mail = make_mail(batch=batch, due_at=NOON)
    services.pause_batch(batch, because="A wrong link", by=alice)
    deliver_due()
    assert state(mail) == "queued"
    why = why_not(OutgoingEmail.objects.get(pk=mail.pk))
    assert why.startswith("Paused by Alice Berg, ")
    assert why.endswith(": A wrong link.")
    services.resume_batch(batch, by=alice)
    deliver_due()
    assert state(mail) == "accepted"
    with pytest.raises(RuleError):
        services.resume_batch(batch, by=alice)


def test_all_is_paused_and_resumed(alice, sink, deliver_due):
    mail = make_mail(due_at=NOON)
    services.pause_everything(because="x", by=alice)
    deliver_due()
    assert state(mail) == "queued"
    services.resume_everything(by=alice)
    deliver_due()
    assert state(mail) == "accepted"
    assert SendingRate.objects.get().resumed_at


def test_failures_before_it_was_resumed_do_not_pause_it_again(alice, sink, deliver_due):
    batch = MailBatch.objects.create(name="Spring", paused_at=NOON, paused_because="x")
    for _ in range(15):
        make_mail(batch=batch, state="failed")
    services.resume_batch(batch, by=alice)
    bad = make_mail(batch=batch, due_at=NOON - timedelta(hours=1))
    sink.refusals[bad.to_email] = "554 No"
    deliver_due()
    batch.refresh_from_db()
    assert not batch.paused_at


@pytest.mark.parametrize(
    "code",
    [
        "unsubscribe",
        "erased",
        "contact_budget",
        "never_automatic",
        "left",
        "consent_withdrawn",
        "link_expired",
    ],
)
def test_why_it_was_not_sent_is_told_in_words(code):
    told = why_not(make_mail(state="suppressed", error_code=code))
    assert told
    assert told != why_not(make_mail(state="suppressed", error_code="unknown"))


def test_what_may_have_gone_out_is_not_called_back_but_uncertain():
    batch = MailBatch.objects.create(name="A round")
    one, many = (make_mail(state="retry", error_code="in_doubt", batch=batch) for _ in range(2))
    sure = make_mail(batch=batch)
    services.call_back(one, by=None)
    assert one.state == "uncertain"
    assert services.call_back_batch(batch, by=None) == 2
    many.refresh_from_db()
    sure.refresh_from_db()
    assert (many.state, sure.state) == ("uncertain", "cancelled")


def test_what_failed_is_another_mail_when_it_is_sent_again_and_what_is_in_doubt_the_same():
    failed, doubtful = make_mail(state="failed"), make_mail(state="uncertain")
    before = {mail.pk: message_id(mail) for mail in (failed, doubtful)}
    services.resend(failed, by=None)
    services.settle(doubtful, sent=False, by=None)
    assert message_id(failed) != before[failed.pk]
    assert message_id(doubtful) == before[doubtful.pk]
    assert failed.message_id == ""


def test_a_mail_whose_link_has_expired_is_not_sent_again():
    batch = MailBatch.objects.create(name="A round")
    old, new = (
        make_mail(state="failed", batch=batch, links={"survey": link_until(until)})
        for until in (timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))
    )
    with pytest.raises(RuleError, match="has expired"):
        services.resend(old, by=None)
    assert services.resend_failed(batch, by=None) == 1
    assert (state(old), state(new)) == ("failed", "queued")


def link_until(moment):
    link = {"path": "/s/{token}", "purpose": "survey", "nonce": new_nonce()}
    return link | {"until": moment.isoformat()}
