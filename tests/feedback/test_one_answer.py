"""One answer whole, set aside and taken back in, and the answers of unknown people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.models import AuditEvent
from feedback.models import Answer, Channel, Response, Survey
from feedback.results import Chosen, results
from tests.factories import (
    make_contact,
    make_customer,
    make_mail,
    make_organisation,
    make_subscription,
    make_user,
    stand,
)
from tests.feedback_factories import make_invitation, make_open_link, make_response, make_survey

pytestmark = pytest.mark.django_db


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def shown(client: Client, response: Response) -> str:
    answer = client.get(reverse("surveys:answer", args=[response.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def counted(survey: Survey) -> int:
    (result,) = results([survey], Chosen())
    return result.responses


def stranger(survey: Survey, **fields: object) -> Response:
    """An answer by an open link."""
    response = make_response(survey, comment="We only looked around.", **fields)
    Response.objects.filter(pk=response.pk).update(
        customer=None, contact=None, open_link=make_open_link(survey), channel=Channel.OPEN
    )
    response.refresh_from_db()
    return response


def test_every_question_with_what_was_said(client: Client) -> None:
    survey = make_survey("exit")
    response = make_response(survey, score=None, contact=make_contact(make_customer("Havbris AS")))
    response.answers.all().delete()
    Answer.objects.create(response=response, question="kept", kind="single", choices=["help"])
    Answer.objects.create(response=response, question="comment", kind="long", text="Too slow.")

    text = shown(client_of("viewer"), response)

    assert "Havbris AS" in text
    assert "What was the main reason?" in text
    assert "left open" in text  # the reason
    assert "<q>Better help along the way</q>" in text
    assert "<q>Too slow.</q>" in text
    assert "Set aside" not in text  # who only reads


def test_what_a_program_does_is_named() -> None:
    now = timezone.now()
    mail = make_mail(state="accepted", sent_at=now - timedelta(seconds=2))
    response = make_response(
        invitation=make_invitation(mail=mail),
        answered_at=now,
        evidence={
            "form_made_at": (now - timedelta(minutes=3)).isoformat(),
            "last_form_at": now.isoformat(),
            "trap_filled": True,
            "links_lately": 14,
        },
        quarantined_at=now,
        quarantined_because="too_fast",
    )

    text = shown(client_of("csm"), response)

    assert "it was sent faster than anybody reads" in text
    assert "3 minutes from the first page shown until it was sent in." in text
    assert "2 seconds from the mail going out until it was sent in." in text
    assert "A field that nobody sees was filled in." in text
    assert "14 private links were answered from the same address within a minute." in text
    assert text.count("doubtful</span>") == 3


def test_an_answer_is_set_aside_and_taken_in_again() -> None:
    response, csm = make_response(), client_of("csm")
    address = reverse("surveys:set_aside", args=[response.pk])

    refused = csm.post(address, {"because": " "})
    assert refused.status_code == 422
    assert counted(response.survey) == 1

    csm.post(address, {"because": "A test of ours"})
    response.refresh_from_db()
    assert response.quarantined_because == "A test of ours"
    assert counted(response.survey) == 0
    assert "A test of ours" in shown(csm, response)

    csm.post(reverse("surveys:take_in", args=[response.pk]))
    assert counted(response.survey) == 1
    assert AuditEvent.objects.filter(verb="response_released").count() == 1

    csm.post(reverse("surveys:put_back", args=[response.pk]) + "?because=A+test+of+ours")
    response.refresh_from_db()
    assert response.quarantined_because == "A test of ours"


def test_twice_says_that_it_is_done() -> None:
    response, csm = make_response(), client_of("csm")
    answer = csm.post(reverse("surveys:take_in", args=[response.pk]), follow=True)
    assert "This answer counts already." in answer.content.decode()


def test_what_one_may_not_see_is_not_there() -> None:
    make_organisation(csm_sees_own_only=True)
    response = make_response()
    csm = client_of("csm")
    for name in ("answer", "set_aside"):
        assert csm.get(reverse(f"surveys:{name}", args=[response.pk])).status_code == 404
    assert csm.post(reverse("surveys:take_in", args=[response.pk])).status_code == 404
    begun = make_response(answered_at=None)
    assert client_of("manager").get(reverse("surveys:answer", args=[begun.pk])).status_code == 404


def test_unknown_people_stand_apart() -> None:
    survey = make_survey()
    make_response(survey, comment="A customer's words.")
    unknown = stranger(survey)
    viewer, results_page = client_of("viewer"), reverse("surveys:results", args=[survey.pk])

    usual = viewer.get(results_page).content.decode()
    assert "We only looked around." not in usual
    assert "?show=unknown#answers" in usual

    apart = viewer.get(results_page, {"show": "unknown"}).content.decode()
    assert "We only looked around." in apart
    assert "A customer&#x27;s words." not in apart
    assert reverse("surveys:answer", args=[unknown.pk]) in apart
    assert counted(survey) == 1
    assert "Somebody unknown" in shown(viewer, unknown)


def test_answers_of_unknown_people_alone_are_shown_too() -> None:
    survey = make_survey()
    stranger(survey)
    page = client_of("viewer").get(reverse("surveys:results", args=[survey.pk])).content.decode()
    assert "Answers of unknown people" in page


def test_they_are_exported_as_they_are_listed() -> None:
    survey = make_survey()
    stranger(survey)
    make_response(survey)
    address = reverse("surveys:export", args=[survey.pk])
    rows = b"".join(client_of("manager").get(address, {"show": "unknown"})).decode().splitlines()
    assert len(rows) == 2
    assert "We only looked around." in rows[1]


def test_the_page_asks_little() -> None:
    response, viewer = make_response(comment="Good"), client_of("viewer")
    shown(viewer, response)
    with CaptureQueriesContext(connection) as queries:
        shown(viewer, response)
    assert len(queries) <= 12


def test_a_score_stands_with_its_scale_what_was_said_before_and_what_they_pay() -> None:
    customer = make_customer("Havbris AS")
    make_subscription(customer, arr=12_000)
    stand()
    survey, contact = make_survey("csat"), make_contact(customer)
    before = timezone.now() - timedelta(days=40)
    earlier = make_response(survey, score=2, contact=contact, answered_at=before)
    response = make_response(survey, score=4, contact=contact)
    make_response(survey, score=1, contact=make_contact(make_customer("Other")))

    text = shown(client_of("viewer"), response)

    assert "4 of 5" in text
    assert "2 of 5" in text
    assert "1 of 5" not in text
    assert reverse("surveys:answer", args=[earlier.pk]) in text
    assert "€1,000" in text
    listed = client_of("manager").get(reverse("surveys:results", args=[survey.pk]))
    assert "4 of 5" in listed.content.decode()
