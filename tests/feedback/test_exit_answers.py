"""What those who leave answer stands with their departure, as long as the answer counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Response
from feedback.services.answering import Filled, quarantine, release, save_answers, send_in
from tests.factories import make_cancellation, make_contact, make_customer, make_reason
from tests.feedback_factories import make_invitation, make_survey

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CALM = Signs(issued_at=NOW - timedelta(minutes=1))


@pytest.fixture
def leaver(alice):
    """An invitation to say why they leave."""
    customer = make_customer(owner=alice)
    gone = make_cancellation(customer)
    return make_invitation(make_survey("exit"), make_contact(customer), cancellation=gone)


def kinds_of(cancellation):
    cancellation.refresh_from_db()
    return {kind: reason.key for kind, reason in cancellation.reasons_by_kind().items()}


@pytest.mark.parametrize("already,named", [("", "Acme"), ("Skiftly", "Skiftly")])
def test_the_competitor_they_name_stands_with_the_departure(leaver, already, named):
    gone = leaver.cancellation
    type(gone).objects.update(competitor=already)
    make_reason("competitor", asks="competitor")
    said = Filled({"reason": Given(choices=("competitor",), text=" Acme ")}, "nb", CALM)
    send_in(save_answers(leaver, said, now=NOW), now=NOW)
    gone.refresh_from_db()
    assert gone.competitor == named


def says(invitation, reason, text=""):
    said = Filled({"reason": Given(choices=(reason,), text=text)}, "nb", CALM)
    send_in(save_answers(invitation, said, now=NOW), now=NOW)
    gone = invitation.cancellation
    gone.refresh_from_db()
    return gone.reason.key, gone.competitor, gone.missing_feature


def test_a_corrected_answer_corrects_the_reason_that_counts_and_what_it_names(leaver):
    make_reason("price")
    make_reason("competitor", asks="competitor")
    make_reason("gap", asks="feature")

    assert says(leaver, "price") == ("price", "", "")
    assert says(leaver, "competitor", "Acme") == ("competitor", "Acme", "")
    assert says(leaver, "competitor", "Bolt") == ("competitor", "Bolt", "")
    assert says(leaver, "gap", "Export") == ("gap", "", "Export")


def test_what_a_colleague_wrote_since_stays(leaver):
    make_reason("competitor", asks="competitor")
    says(leaver, "competitor", "Acme")
    type(leaver.cancellation).objects.update(competitor="Skiftly")

    assert says(leaver, "competitor", "Bolt") == ("competitor", "Skiftly", "")


def test_the_last_answer_names_the_competitor(leaver):
    make_reason("competitor", asks="competitor")
    make_reason("price")
    gone = leaver.cancellation
    another = make_invitation(leaver.survey, make_contact(gone.customer), cancellation=gone)
    says(leaver, "competitor", "Acme")

    assert says(another, "competitor", "Bolt") == ("competitor", "Bolt", "")
    assert says(leaver, "price") == ("price", "Bolt", "")


def test_an_answer_set_aside_counts_as_no_reason_and_names_nobody(leaver, alice):
    make_reason("competitor", asks="competitor")
    says(leaver, "competitor", "Acme")
    response = Response.objects.get()

    quarantine(response, because="a program", by=alice)
    assert kinds_of(leaver.cancellation) == {}
    assert (leaver.cancellation.reason, leaver.cancellation.competitor) == (None, "")

    release(response, by=alice)
    assert kinds_of(leaver.cancellation) == {"stated": "competitor"}
    assert leaver.cancellation.reason.key == "competitor"
    assert leaver.cancellation.competitor == "Acme"


def test_of_two_answers_the_name_of_the_one_that_counts_stands_again(leaver, alice):
    make_reason("competitor", asks="competitor")
    make_reason("rival", asks="competitor")
    gone = leaver.cancellation
    another = make_invitation(leaver.survey, make_contact(gone.customer), cancellation=gone)
    says(leaver, "competitor", "Acme")
    says(another, "rival", "Bolt")

    quarantine(Response.objects.get(invitation=another), because="a program", by=alice)

    gone.refresh_from_db()
    assert (gone.reason.key, gone.competitor) == ("competitor", "Acme")


def test_a_reason_taken_back_no_longer_stands_as_stated(leaver):
    make_reason("price")
    says(leaver, "price")
    assert kinds_of(leaver.cancellation)["stated"] == "price"
    loose = [{**q, "required": False} for q in leaver.version.content["questions"]]
    type(leaver.version).objects.update(content=leaver.version.content | {"questions": loose})
    nothing = Filled({"reason": Given()}, "nb", CALM)
    send_in(save_answers(type(leaver).objects.get(), nothing, now=NOW), now=NOW)
    assert not leaver.cancellation.views.standing().filter(kind="stated").exists()


def suggested(cancellation):
    return list(
        cancellation.views.standing().filter(kind="text").values_list("reason__key", flat=True)
    )


def test_a_program_s_words_suggest_no_reason(leaver, alice):
    make_reason("price")
    given = {"reason": Given(choices=("price",)), "kept": Given(choices=("no",))}
    given["comment"] = Given(text="It became too expensive for us")
    response = send_in(save_answers(leaver, Filled(given, "nb", CALM), now=NOW), now=NOW)
    assert suggested(leaver.cancellation) == ["price"]
    quarantine(response, because="a program", by=alice)
    assert suggested(leaver.cancellation) == []
    release(response, by=alice)
    assert suggested(leaver.cancellation) == ["price"]
