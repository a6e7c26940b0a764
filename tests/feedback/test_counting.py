"""An answer knows when it first counted, however late it came or was taken in."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from customers.importing import running
from customers.services.imports import undo_import
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Response
from feedback.services import responses
from feedback.services.answering import Filled, answer_invitation, quarantine, release
from tests.factories import make_customer, make_user
from tests.feedback_factories import make_invitation, make_survey

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)
A_PERSON = Signs(issued_at=NOW - 2 * MINUTE)
FILE = "customer_id,survey,kind,answered_at,score,comment\nC1,Autumn,nps,2025-05-01T10:00Z,9,Fine\n"
migration = import_module("feedback.migrations.0015_counted_at")


@pytest.fixture
def invitation():
    return make_invitation(make_survey("nps"))


def answer(invitation, signs=A_PERSON, now=NOW):
    return answer_invitation(invitation, Filled({"score": Given(number=3)}, "en", signs), now=now)


def test_it_counts_when_it_is_sent_in_and_a_change_keeps_that_moment(invitation):
    answer(invitation)
    answer(invitation, now=NOW + MINUTE)
    assert Response.objects.get().counted_at == NOW


def test_what_is_set_aside_counts_once_a_person_takes_it_in(invitation, alice):
    response = answer(invitation, signs=Signs())
    assert response.counted_at is None
    taken = release(response, by=alice)
    assert taken.counted_at > NOW
    quarantine(response, because="After all", by=alice)
    assert release(response, by=alice).counted_at == taken.counted_at


def test_what_a_program_tells_counts_from_then_on():
    survey, customer = make_survey("nps"), make_customer()
    week_ago = NOW - timedelta(days=7)
    given = responses.Given("F-1", survey, customer, week_ago, score=3)
    response, _is_new = responses.record_response(given, by=None)
    response.refresh_from_db()
    assert response.answered_at == week_ago
    assert response.counted_at > NOW


def test_what_a_file_brings_counts_from_then_on_and_twice_changes_nothing(take):
    make_customer(external_id="C1")
    take("responses", FILE)
    first = Response.objects.get().counted_at
    assert first > NOW
    take("responses", FILE)
    assert Response.objects.get().counted_at == first


def test_what_was_there_before_has_counted_since_it_was_answered_and_can_be_undone(take):
    make_customer(external_id="C1")
    file_import = take("responses", FILE)
    Response.objects.update(counted_at=None)
    with connection.cursor() as cursor:
        # as the import had left it, before there was the column
        cursor.execute(
            "UPDATE customers_rowbefore b SET after_digest = md5(to_jsonb(t.*)::text)::uuid"
            " FROM feedback_response t WHERE t.id = b.row_id AND b.\"table\" = 'feedback_response'"
        )
        assert cursor.rowcount == 1
        for statement in (migration.UNCHANGED, migration.LEARN, migration.RENEW):
            cursor.execute(statement)
        cursor.execute("DROP TABLE unchanged")
    response = Response.objects.get()
    assert response.counted_at == response.answered_at

    undo_import(file_import, by=make_user("manager"), now=timezone.now())
    running.run_stored(file_import.pk)
    assert not Response.objects.exists()
