"""A draft becomes one row, however often it is handed in."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.mail.drafts import Draft, queue
from customers.models import MailPurpose, OutgoingEmail, SendingRate
from tests.factories import make_contact, make_customer
from tests.mail.conftest import NOON

pytestmark = pytest.mark.django_db


def draft(key="survey:1", **fields):
    given = {"purpose": "survey", "to_email": "a@b.example", "subject": "Hi", "text": "Hello"}
    return Draft(key, **given | fields)


def test_the_same_key_twice_is_one_row():
    first = queue([draft()], now=NOON)
    again = queue([draft(subject="Other"), draft("survey:2")], now=NOON)
    assert again[0].pk == first[0].pk
    assert [mail.subject for mail in again] == ["Hi", "Hi"]
    assert OutgoingEmail.objects.count() == 2


def test_mail_waits_to_be_called_back_but_notices_to_staff_do_not():
    mail, notice = queue([draft("a"), draft("b", purpose="notice")], now=NOON)
    assert mail.due_at == NOON + timedelta(minutes=5)
    assert notice.due_at == NOON


def test_a_subject_is_one_line():
    assert queue([draft(subject="Hi\r\nBcc: x@y.example")], now=NOON)[0].subject == (
        "Hi Bcc: x@y.example"
    )


def test_it_costs_the_same_for_one_and_for_thirty(django_assert_num_queries):
    for count in (1, 30):
        with django_assert_num_queries(4):  # rules, organisation, insert, rows
            queue([draft(f"{count}:{n}") for n in range(count)], now=NOON)


@pytest.mark.parametrize(
    "country,utc_hour,due",
    [
        ("NO", 19, (27, 6)),  # 20:00 in Oslo
        ("NO", 18, (26, 18)),
        ("Finland", 18, (27, 5)),  # 20:00 in Helsinki
        ("GB", 19, (26, 19)),
        ("GB", 3, (26, 7)),
        ("Atlantis", 4, (26, 6)),  # the organisation's zone
    ],
)
def test_quiet_hours_move_it_to_the_morning_over_there(country, utc_hour, due):
    contact = make_contact(make_customer(country=country))
    moment = datetime(2026, 11, 26, utc_hour, tzinfo=UTC)
    given = draft(customer=contact.customer, contact=contact, due_at=moment)
    found = queue([given], now=moment - timedelta(hours=1))[0].due_at
    assert (found.astimezone(UTC).day, found.astimezone(UTC).hour) == due


@pytest.mark.parametrize("purpose", [MailPurpose.NOTICE, MailPurpose.PERSONAL])
def test_notices_and_personal_mails_know_no_quiet_hours(purpose):
    night = datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert queue([draft(purpose=purpose, due_at=night)], now=NOON)[0].due_at == night


def test_no_quiet_hours_where_they_begin_when_they_end():
    SendingRate.objects.update(quiet_from=7, quiet_until=7)
    night = datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert queue([draft(due_at=night)], now=NOON)[0].due_at == night


def test_a_moment_that_has_come_waits_the_minutes_to_call_it_back_too():
    SendingRate.objects.update(hold_minutes=7)
    assert queue([draft(due_at=NOON)], now=NOON)[0].due_at == NOON + timedelta(minutes=7)
