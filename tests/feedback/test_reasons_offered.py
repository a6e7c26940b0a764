"""A reason that a page offered is taken and shown as chosen, though it is in use no more."""

import re

import pytest
from django.urls import reverse

from churnapp.models import Organisation
from customers.services.reasons import merge_reasons, retire_reason
from feedback.inviting.letters import Writer
from feedback.models import Response
from feedback.offers import TURNS, turn_of
from tests.factories import make_contact, make_reason
from tests.feedback.visitors import address, client, send, words
from tests.feedback_factories import make_invitation, make_open_link, make_survey

__all__ = ["client"]
pytestmark = pytest.mark.django_db


def retire(reason, kept):
    retire_reason(reason, by=None)


def merge(reason, kept):
    merge_reasons(kept, reason, by=None)


@pytest.mark.parametrize("away", [retire, merge])
def test_a_reason_offered_when_the_page_was_opened_is_taken_and_shown_as_chosen(client, away):
    reason, other = make_reason("too-dear"), make_reason("missing")
    invitation = make_invitation(make_survey("exit"), make_contact())
    assert "Too dear" in words(client.get(address(invitation)))
    away(reason, other)
    assert "Too dear" not in words(client.get(address(invitation)))

    again = send(client, address(invitation, all="1"), reason="too-dear", kept="nonsense")
    assert again.status_code == 422
    assert re.search(r'value="too-dear" checked', again.content.decode())

    assert send(client, address(invitation, all="1"), reason="too-dear").status_code == 302
    changing = client.get(address(invitation, change="1", all="1")).content.decode()
    assert re.search(r'value="too-dear" checked', changing)
    assert Response.objects.counted().get().answers.get(question="reason").choices == ["too-dear"]
    told = invitation.customer.interactions.get(kind="answer").summary
    assert told == "Too dear"


def test_an_open_form_takes_a_reason_that_was_offered(client):
    reason = make_reason("too-dear")
    make_reason("missing")
    link = make_open_link(make_survey("exit"))
    retire_reason(reason, by=None)

    path = reverse("feedback:open_answer", args=[link.code])
    assert send(client, path, reason="too-dear", kept="nonsense").status_code == 422
    assert send(client, path, reason="too-dear").status_code == 302


def test_something_else_stays_chosen_once_there_are_reasons(client):
    invitation = make_invitation(make_survey("exit"))
    send(client, address(invitation), step="reason", reason="other")
    make_reason("missing")
    page = client.get(address(invitation, q="reason")).content.decode()
    assert re.search(r'value="other" checked', page)
    assert "Missing" in page


def test_a_choice_that_never_was_is_refused(client):
    exit_survey = make_invitation(make_survey("exit"))
    for nonsense in ("never", "a\x00b"):
        answer = send(client, address(exit_survey), step="reason", reason=nonsense)
        assert answer.status_code == 422


def shown(client, invitation):
    """The reasons as they stand on the page of an invitation."""
    return re.findall(r'id="q-reason-[^"]+" value="([^"]+)"', page_of(client, invitation))


def page_of(client, invitation):
    return client.get(address(invitation, q="reason")).content.decode()


@pytest.fixture
def reasons():
    keys = ["price", "support", "missing", "need-gone", "other"]
    return [make_reason(key) for key in keys]


def test_reasons_stand_in_an_order_of_each_invitation_that_stays_the_same(client, reasons):
    survey = make_survey("exit")
    found = {}
    for _number in range(40):
        invitation = make_invitation(survey)
        order = shown(client, invitation)
        assert order[-1] == "other"
        assert sorted(order) == sorted(reason.key for reason in reasons)
        assert shown(client, invitation) == order
        found.setdefault(turn_of(invitation.nonce), set()).add(tuple(order))
    assert all(len(orders) == 1 for orders in found.values())
    assert 3 < len(set().union(*found.values())) <= TURNS


def test_the_mail_names_the_reasons_in_the_order_of_the_page(client, reasons):
    survey = make_survey("exit")
    for _number in range(3):
        invitation = make_invitation(survey)
        turn = turn_of(invitation.nonce)
        writer = Writer(Organisation.current())
        letter = writer.letter("mail", invitation.version, invitation.contact, "en", turn)
        assert re.findall(r"\?pick=([a-z-]+)", letter.html) == shown(client, invitation)


def test_the_order_stays_when_a_reason_goes(client, reasons):
    invitation = make_invitation(make_survey("exit"))
    before = shown(client, invitation)
    retire_reason(reasons[1], by=None)
    assert shown(client, invitation) == [key for key in before if key != "support"]


def test_that_a_payment_failed_is_not_for_the_customer_to_say(client, reasons):
    make_reason("payment-failed", category="payment")
    invitation = make_invitation(make_survey("exit"))
    assert "payment-failed" not in shown(client, invitation)
    writer = Writer(Organisation.current())
    letter = writer.letter("mail", invitation.version, invitation.contact, "en")
    assert "payment-failed" not in letter.html
