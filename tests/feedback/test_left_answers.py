"""Who leaves the page with nothing lacking is counted; who goes on meanwhile loses nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.common.stamps import new_stamp
from customers.models import Interaction, OutgoingEmail, Task
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Response
from feedback.results import Chosen, results
from feedback.services.answering import Filled, answer_invitation, save_answers
from feedback.services.left_answers import LEFT_AFTER, take_in
from feedback.sweeps import take_in_left
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_organisation,
    make_reason,
    make_user,
)
from tests.feedback_factories import make_invitation, make_response, make_survey, token_of
from tests.services.threads import at_once

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + LEFT_AFTER
SECOND = timedelta(seconds=1)
CALM = Signs(issued_at=NOW - timedelta(minutes=1))


def say(invitation, *, signs=CALM, now=NOW, **given):
    return save_answers(invitation, Filled(given, "en", signs), now=now)


@pytest.fixture
def leaver(alice):
    """Somebody of a customer of Alice's is asked why they leave."""
    customer = make_customer(owner=alice)
    gone = make_cancellation(customer)
    return make_invitation(make_survey("exit"), make_contact(customer), cancellation=gone)


@pytest.fixture
def asked(alice):
    return make_invitation(contact=make_contact(make_customer(owner=alice)))


def counted(survey):
    return results([survey], Chosen())[0]


def test_who_says_why_and_closes_the_page_at_the_comment_is_heard(leaver):
    reason = make_reason("price")
    say(leaver, reason=Given(choices=(reason.key,)))
    assert take_in(LATER - SECOND) == 0, "they may still be at it"

    assert take_in(LATER) == 1

    response = Response.objects.counted().get()
    assert (response.answered_at, response.changed_at) == (NOW, LATER)
    assert counted(leaver.survey).responses == 1
    leaver.cancellation.refresh_from_db()
    assert leaver.cancellation.reasons_by_kind()["stated"] == reason


def test_a_two_left_at_the_comment_is_a_detractor_and_somebody_is_asked_to_look(asked, alice):
    say(asked, score=Given(number=2))

    take_in(LATER)

    assert counted(asked.survey).counts == {2: 1}
    assert Interaction.objects.get(kind="answer").occurred_at == NOW
    assert Task.objects.get().assignee == alice
    assert OutgoingEmail.objects.filter(dedupe_key__startswith="unhappy:").count() == 1


def test_of_an_answer_of_long_ago_nobody_is_mailed(asked):
    say(asked, score=Given(number=2))
    take_in(NOW + timedelta(days=90))
    assert Response.objects.get().answered_at == NOW
    assert not OutgoingEmail.objects.filter(dedupe_key__startswith="unhappy:").exists()


@pytest.mark.parametrize("given", [{"comment": Given(text="Slow")}, {"comment": Given()}])
def test_what_lacks_something_stays_begun_and_is_not_looked_at_again(asked, given):
    say(asked, **given)
    assert take_in(LATER) == 0
    with CaptureQueriesContext(connection) as queries:
        take_in(LATER + LEFT_AFTER)
    assert len(queries) == 1
    assert Response.objects.get().answered_at is None


def test_going_on_lets_it_be_looked_at_again(asked):
    say(asked, comment=Given(text="Slow"))
    take_in(LATER)
    say(asked, score=Given(number=2), now=LATER)
    assert take_in(LATER + LEFT_AFTER) == 1
    assert Response.objects.get().answered_at == LATER


def test_where_nothing_is_required_passing_over_a_question_says_nothing(asked):
    loose = [{**q, "required": False} for q in asked.version.content["questions"]]
    type(asked.version).objects.update(content=asked.version.content | {"questions": loose})
    say(type(asked).objects.get(), score=Given())
    assert take_in(LATER) == 0


@pytest.mark.parametrize(
    "signs, because",
    [(Signs(NOW - SECOND), "too_fast"), (Signs(), "unmarked"), (CALM, "")],
)
def test_it_is_judged_by_when_its_last_answer_came(asked, signs, because):
    say(asked, score=Given(number=2), signs=signs)
    take_in(LATER)
    response = Response.objects.get()
    assert response.quarantined_because == because
    assert (response.quarantined_at is None) is (because == "")


def test_it_can_be_changed_for_a_day_from_when_it_was_left(asked):
    say(asked, score=Given(number=2))
    take_in(LATER)
    say(asked, comment=Given(text="Slow"), now=NOW + timedelta(hours=23))
    assert "Slow" in Interaction.objects.get(kind="answer").summary
    with pytest.raises(RuleError):
        say(asked, score=Given(number=9), now=NOW + timedelta(hours=24))


def test_one_that_fails_holds_up_no_other():
    broken, fine = make_invitation(), make_invitation()
    say(broken, score=Given(number=9), now=NOW - SECOND)
    say(fine, score=Given(number=9))
    nonsense = broken.version.content | {"questions": 5}
    type(broken.version).objects.filter(pk=broken.version_id).update(content=nonsense)
    assert take_in(LATER) == 1


def address(invitation, **query):
    return reverse("feedback:answer", args=[token_of(invitation)], query=query or None)


def post(invitation, step, value, **query):
    stamp = new_stamp(now=timezone.now() - 2 * LEFT_AFTER)
    form = {"stamp": stamp, "step": step, f"q-{step}": value}
    return Client().post(address(invitation, **query), form)


def sweep():
    Response.objects.update(changed_at=timezone.now() - LEFT_AFTER)
    take_in_left()
    assert Response.objects.get().answered_at is not None


def test_who_comes_back_to_the_open_page_goes_on_where_they_were(leaver):
    reason = make_reason("price")
    post(leaver, "reason", reason.key)
    sweep()

    onward = post(leaver, "kept", "help", q="kept")
    assert onward.url.endswith("q=comment&lang=en")
    assert b"<textarea" in Client().get(onward.url).content
    post(leaver, "comment", "Nobody called.", q="comment")

    response = Response.objects.get()
    given = {row.question: row.text or row.choices for row in response.answers.all()}
    assert given == {"reason": ["price"], "kept": ["help"], "comment": "Nobody called."}
    assert "Nobody called." in Task.objects.get().what
    assert b"<textarea" not in Client().get(address(leaver)).content, "now it is over"


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_and_the_person_at_once_send_in_once_and_lose_nothing():
    make_organisation()
    invitation = make_invitation()
    say(invitation, score=Given(number=2))
    last = Filled({"comment": Given(text="Slow")}, "en", CALM)

    at_once(*[lambda: take_in(LATER)] * 4, lambda: answer_invitation(invitation, last, now=LATER))

    response = Response.objects.get()
    assert response.answers.get(question="comment").text == "Slow"
    assert Interaction.objects.get(kind="answer").summary == "Slow"
    assert Task.objects.count() == 1


def results_page(survey, **query):
    client = Client()
    client.force_login(make_user("viewer"))
    return client.get(reverse("surveys:results", args=[survey.pk]), query)


def test_what_stays_begun_can_be_read_and_counts_in_nothing(asked):
    survey = asked.survey
    make_response(survey, comment="All well")
    say(asked, comment=Given(text="The half of it"))

    page = results_page(survey)
    assert "1 begun and not sent in" in page.content.decode()
    assert "?show=begun#answers" in page.content.decode()
    assert "The half of it" not in page.content.decode()

    begun = results_page(survey, show="begun")
    text = begun.content.decode()
    assert "The half of it" in text
    assert "not sent in</span>" in text
    assert "All well" not in text
    for each in (page, begun):
        assert each.context["figures"].result.responses == 1
        assert each.context["figures"].result.counts == {9: 1}


def test_a_survey_with_nothing_but_beginnings_shows_them(asked):
    type(asked).objects.update(created_at=NOW - timedelta(days=800))
    say(asked, comment=Given(text="The half of it"))
    assert "1 begun and not sent in" in results_page(asked.survey).content.decode()


def test_who_sees_only_their_own_reads_no_others_beginnings(asked):
    make_organisation(csm_sees_own_only=True)
    say(asked, comment=Given(text="The half of it"))
    client = Client()
    client.force_login(make_user("csm"))
    page = client.get(
        reverse("surveys:results", args=[asked.survey_id]), {"show": "begun"}
    ).content.decode()
    assert "The half of it" not in page
    assert "begun and not sent in" not in page.lower().split("</h2>")[-1]


def test_reading_beginnings_costs_the_same(asked):
    client, counts = Client(), []
    client.force_login(make_user("viewer"))
    page = reverse("surveys:results", args=[asked.survey_id])
    for _round in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(page, {"show": "begun"})
        counts.append(len(queries))
        for _number in range(5):
            say(make_invitation(asked.survey), comment=Given(text="Half"))
    assert counts[1] == counts[2]
