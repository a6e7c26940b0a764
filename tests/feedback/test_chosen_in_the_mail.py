"""What a link of the mail names is chosen on the page, and kept only once the form is sent."""

import re

import pytest
from django.utils import timezone

from customers.models import CancellationReason
from feedback.models import Answer, Response
from tests.factories import make_reason
from tests.feedback.test_public_pages import address, client, invitation, send, words
from tests.feedback_factories import make_invitation, make_survey

__all__ = ["client", "invitation"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver():
    make_reason("price", labels={"en": "Too dear", "nb": "For dyrt"})
    make_reason("competitor", asks="competitor", labels={"en": "Elsewhere"})
    return make_invitation(make_survey("exit"), language="nb")


def test_a_reason_in_the_address_is_chosen_but_not_kept(client, leaver):
    page = client.get(address(leaver, pick="competitor")).content.decode()

    assert re.search(r'value="competitor" checked', page)
    assert page.count(" checked") == 1
    assert not Response.objects.exists()
    assert "competitor" in client.get(address(leaver, pick="competitor", all="1")).content.decode()


@pytest.mark.parametrize("pick", ["retired", "no", "PRICE", "x" * 5000, "\0", ""])
def test_a_reason_that_is_not_offered_chooses_nothing(client, leaver, pick):
    make_reason("retired")
    CancellationReason.objects.filter(key="retired").update(retired_at=timezone.now())
    assert " checked" not in client.get(address(leaver, pick=pick)).content.decode()


def test_another_language_keeps_what_was_chosen(client, leaver):
    page = client.get(address(leaver, pick="price")).content.decode()
    switch = re.search(r'href="(\?[^"]*lang=sv[^"]*)"', page)[1].replace("&amp;", "&")

    assert 'value="price" checked' in client.get(address(leaver) + switch).content.decode()


def test_sending_what_was_chosen_keeps_it_and_leaves_the_choice_out_of_the_address(client, leaver):
    second = send(client, address(leaver, pick="price"), step="reason", reason="price")

    assert "pick" not in second.url
    assert Answer.objects.get().choices == ["price"]


def test_a_second_choice_in_the_mail_is_shown_until_it_is_sent_instead(client, invitation):
    send(client, address(invitation, score="3"), step="score", score="3")

    page = client.get(address(invitation, score="9")).content.decode()

    assert 'value="9" checked' in page
    assert page.count(" checked") == 1
    assert Answer.objects.get().number == 3


def test_a_choice_after_the_thanks_changes_nothing_but_what_changing_would_begin_with(
    client, invitation
):
    send(client, address(invitation, all="1"), score="3")

    done = client.get(address(invitation, score="9"))
    change = re.search(r'href="(\?[^"]*change=1[^"]*)"', done.content.decode())[1]
    page = client.get(address(invitation) + change.replace("&amp;", "&")).content.decode()

    assert "Tusen takk" in words(done)
    assert 'value="9" checked' in page
    assert Answer.objects.get(question="score").number == 3
