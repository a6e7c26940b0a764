"""The rules that are asked just before a mail goes: budget, consent, quiet hours."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from customers.mail import outbox, providers
from customers.models import Consent, OutgoingEmail, SendingRate
from tests.factories import make_contact, make_customer
from tests.mail.conftest import NOON, state, waiting

pytestmark = pytest.mark.django_db


def test_the_budget_of_a_person_and_of_a_customer(sink, deliver_due):
    SendingRate.objects.update(most_a_contact=1, most_a_customer=2)
    customer = make_customer()
    ada, bo, cy = (make_contact(customer) for _ in range(3))
    mails = [waiting(contact=who, purpose="campaign") for who in (ada, ada, bo, cy)]
    personal = waiting(contact=ada, purpose="personal")
    deliver_due()
    assert [state(mail) for mail in mails] == ["accepted", "suppressed", "accepted", "suppressed"]
    assert mails[1].error_code == "contact_budget"
    assert state(personal) == "accepted"
    later = waiting(contact=ada, due_at=NOON + timedelta(days=8))
    deliver_due(NOON + timedelta(days=8))
    assert state(later) == "accepted"


@pytest.mark.parametrize(
    "fields,becomes",
    [
        ({"state": "claimed", "claimed_at": NOON, "begun_at": NOON}, "suppressed"),
        ({"state": "retry", "error_code": "in_doubt", "begun_at": NOON}, "suppressed"),
        ({"state": "retry", "error_code": "451", "begun_at": NOON}, "accepted"),
        ({"state": "claimed", "claimed_at": NOON}, "accepted"),
    ],
)
def test_what_is_on_its_way_counts_for_the_budget(sink, deliver_due, fields, becomes):
    SendingRate.objects.update(most_a_contact=1)
    ada = make_contact()
    waiting(contact=ada, **{"due_at": NOON + timedelta(days=1)} | fields)
    mail = waiting(contact=ada)
    deliver_due()
    assert state(mail) == becomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["one customer", "one address"])
def test_workers_at_once_keep_to_the_budget(sink, where):
    SendingRate.objects.update(most_a_contact=1, most_a_customer=1)
    customer = make_customer()
    for _ in range(6):
        contact = make_contact(customer if where == "one customer" else make_customer())
        address = {"to_email": "Ada@x.example"} if where == "one address" else {}
        waiting(contact=contact, **address)
    together = threading.Barrier(6)

    def work():
        mails = outbox.claim_many(NOON, 1)
        together.wait(30)
        with providers.post() as post:
            outbox.deliver_run(mails, post, clock=lambda: NOON)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sink.mails) == 1


def test_a_person_at_two_customers_has_one_budget(sink, deliver_due):
    SendingRate.objects.update(most_a_contact=1, most_a_customer=9)
    twice = [make_contact(make_customer(), email=at) for at in ("a@x.example", "A@x.example")]
    mails = [waiting(contact=who, customer=who.customer, to_email=who.email) for who in twice]
    deliver_due()
    assert [state(mail) for mail in mails] == ["accepted", "suppressed"]


def test_what_is_asked_once_or_never_waits_for_the_budget(sink, deliver_due):
    SendingRate.objects.update(most_a_contact=1, contact_days=7)
    ada = make_contact()
    waiting(contact=ada, purpose="campaign")
    deliver_due()
    until = NOON + timedelta(days=20)
    asked, hopeless = (waiting(contact=ada, patient_until=at) for at in (until, NOON))
    deliver_due()
    assert (state(asked), state(hopeless)) == ("queued", "suppressed")
    assert asked.due_at == NOON + timedelta(hours=12)
    OutgoingEmail.objects.filter(begun_at__isnull=False).update(begun_at=NOON - timedelta(days=6))
    deliver_due(NOON + timedelta(days=2))
    assert state(asked) == "accepted"


@pytest.mark.parametrize("purpose,becomes", [("survey", "suppressed"), ("personal", "accepted")])
def test_a_customer_marked_never_automatic(sink, deliver_due, purpose, becomes):
    mail = waiting(customer=make_customer(never_automatic=True), purpose=purpose)
    deliver_due()
    assert state(mail) == becomes


@pytest.mark.parametrize(
    "said,becomes",
    [([False], "suppressed"), ([False, True], "accepted"), ([True, False], "suppressed")],
)
def test_the_last_word_of_consent_counts(sink, deliver_due, said, becomes):
    mail = waiting(contact=make_contact(), purpose="survey")
    other = waiting(contact=mail.contact, purpose="campaign")
    for minute, given in enumerate(said):
        at = NOON + timedelta(minutes=minute)
        Consent.objects.create(contact=mail.contact, purpose="survey", given=given, at=at)
    deliver_due()
    assert state(mail) == becomes
    assert mail.error_code == ("consent_withdrawn" if becomes == "suppressed" else "")
    assert state(other) == "accepted"


def test_somebody_who_has_left_gets_nothing(sink, deliver_due):
    mail = waiting(contact=make_contact(left_on=NOON.date()))
    deliver_due()
    assert (state(mail), mail.error_code) == ("suppressed", "left")


def test_quiet_hours_are_asked_when_it_is_sent(sink, deliver_due):
    night = NOON + timedelta(hours=11)
    mail = waiting()
    deliver_due(night)
    assert state(mail) == "queued"
    assert mail.due_at == NOON + timedelta(hours=19)  # seven in Oslo
