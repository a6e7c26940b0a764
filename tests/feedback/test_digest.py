"""The summary of new answers, each morning or each Monday."""

from datetime import UTC, datetime, timedelta

import pytest

from churnapp.models import Organisation, ScheduledRun
from customers.models import OutgoingEmail
from feedback.notices.digest import run_digests
from tests.factories import make_contact, make_customer, make_user
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db
# A Thursday; seven in Oslo is six in UTC.
THURSDAY = datetime(2026, 11, 26, 6, 2, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def morning(db):
    Organisation.objects.update(timezone="Europe/Oslo")


@pytest.fixture
def survey(db):
    return make_survey("nps", name="Autumn")


@pytest.fixture
def reader(alice):
    return wants(alice, "daily")


def wants(person, often):
    person.mail_digest = often
    person.save(update_fields=["mail_digest"])
    return person


def respond(survey, at, score, comment="", owner=None, **fields):
    contact = make_contact(make_customer(fields.pop("name", None), owner=owner))
    return make_response(
        survey, contact=contact, answered_at=at, score=score, comment=comment, **fields
    )


def test_the_morning_brings_counts_scores_and_words_with_links(reader, survey):
    for _ in range(3):
        respond(survey, THURSDAY - 40 * DAY, 10)
    angry = respond(survey, THURSDAY - 2 * HOUR, 3, "Too slow", name="Fjord AS")
    respond(survey, THURSDAY - 3 * HOUR, 10, "Lovely")

    assert run_digests(THURSDAY) == 1

    mail = OutgoingEmail.objects.get()
    assert (mail.subject, mail.to_email, mail.purpose) == (
        "2 new answers", reader.email, "notice",
    )  # fmt: skip
    assert "2 new answers, 1 unhappy." in mail.text
    assert "NPS of the last 30 days: 0 from 2 answers" in mail.text
    assert "(3 answers)" in mail.text
    assert "Fjord AS: 3 of 10, Too slow" in mail.text
    assert f"/customers/{angry.customer_id}/" in mail.text
    assert mail.text.index("Too slow") < mail.text.index("Lovely")


def test_nothing_new_is_no_mail(reader, survey):
    respond(survey, THURSDAY - 3 * DAY, 3)
    assert run_digests(THURSDAY) == 0
    assert not OutgoingEmail.objects.exists()


def test_what_is_set_aside_is_not_told(reader, survey):
    respond(survey, THURSDAY - HOUR, 3, quarantined_at=THURSDAY)
    assert run_digests(THURSDAY) == 0


def test_run_again_it_says_nothing_more(reader, survey):
    respond(survey, THURSDAY - 2 * HOUR, 3)
    run_digests(THURSDAY)
    run_digests(THURSDAY + HOUR)
    ScheduledRun.objects.update(finished_at=None)  # killed before it was noted
    run_digests(THURSDAY + HOUR)

    assert OutgoingEmail.objects.count() == 1


def test_before_seven_here_nothing_goes(reader, survey):
    respond(survey, THURSDAY - 3 * HOUR, 3)
    assert run_digests(THURSDAY - HOUR) == 0


def test_after_an_outage_nothing_is_left_out(reader, survey):
    respond(survey, THURSDAY - 5 * DAY, 3)
    run_digests(THURSDAY - 4 * DAY)
    respond(survey, THURSDAY - 3 * DAY, 4, "In between")
    OutgoingEmail.objects.all().delete()

    run_digests(THURSDAY)

    assert "In between" in OutgoingEmail.objects.get().text


def test_weekly_comes_on_monday_and_late_where_monday_was_missed(alice, survey):
    wants(alice, "weekly")
    respond(survey, MONDAY - 5 * DAY, 3, "Last week")
    respond(survey, MONDAY + 2 * DAY, 3, "This week")

    run_digests(THURSDAY)

    mail = OutgoingEmail.objects.get()
    assert "Last week" in mail.text
    assert "This week" not in mail.text


def test_who_sees_their_own_customers_only_reads_of_no_others(reader, survey):
    Organisation.objects.update(csm_sees_own_only=True)
    respond(survey, THURSDAY - 2 * HOUR, 3, "Mine", owner=reader)
    respond(survey, THURSDAY - 2 * HOUR, 3, "Not mine", owner=make_user())

    run_digests(THURSDAY)

    mail = OutgoingEmail.objects.get()
    assert "1 new answer" in mail.subject
    assert "Not mine" not in mail.text


def test_each_reads_their_own_language(reader, survey):
    reader.language = "sv"
    reader.save(update_fields=["language"])
    respond(survey, THURSDAY - 2 * HOUR, 3)
    run_digests(THURSDAY)
    assert OutgoingEmail.objects.get().subject == "1 nytt svar"


def test_what_is_told_late_is_in_the_next_summary(reader, survey):
    late = {"counted_at": THURSDAY - HOUR}
    respond(survey, THURSDAY - 5 * DAY, 3, "By a program", channel="api", **late)
    respond(survey, THURSDAY - 20 * DAY, 2, "Set aside at first", **late)

    run_digests(THURSDAY)

    mail = OutgoingEmail.objects.get()
    assert "2 new answers, 2 unhappy." in mail.text
    assert "By a program" in mail.text
    assert "Set aside at first" in mail.text


@pytest.mark.parametrize(
    "channel, age, is_told",
    [
        ("file", 2 * HOUR, True),
        ("file", 2 * DAY, False),
        ("api", 13 * DAY, True),
        ("api", 15 * DAY, False),
    ],
)
def test_of_history_only_what_is_lately_answered_is_told(channel, age, is_told, reader, survey):
    late = {"counted_at": THURSDAY - HOUR, "channel": channel}
    respond(survey, THURSDAY - age, 3, **late)
    assert run_digests(THURSDAY) == int(is_told)


def test_what_was_told_once_is_not_told_again_once_it_is_taken_back_in(reader, survey):
    respond(survey, THURSDAY - 3 * DAY, 3)  # told, set aside, and taken back in today
    assert run_digests(THURSDAY) == 0
