"""The unsubscribe page and a mail program's one click."""

import pytest
from django.test import Client

from churnapp.models import AuditEvent
from customers.mail import unsubscribe
from customers.models import Suppression
from tests.factories import make_contact, make_mail
from tests.mail.conftest import state

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def page_of(mail):
    return unsubscribe.address_of(mail).removeprefix("http://localhost:8000")


@pytest.mark.parametrize("verb", ["get", "head"])
def test_opening_it_changes_nothing(client, verb):
    answer = getattr(client, verb)(page_of(make_mail()))
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not Suppression.objects.exists()
    assert not answer.cookies


def test_one_click_needs_no_cookie_and_no_token_and_may_come_twice():
    mail, client = make_mail(), Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(page_of(mail), ONE_CLICK).status_code == 200
    row = Suppression.objects.get()
    assert (row.purpose, row.reason) == ("survey", "unsubscribe")
    assert AuditEvent.objects.filter(verb="unsubscribed").count() == 1


def test_it_stops_mails_of_that_purpose_and_no_others(client, sink, deliver_due):
    contact = make_contact()
    survey, campaign = (
        make_mail(contact=contact, purpose=purpose, due_at="2026-11-26T10:00Z")
        for purpose in ("survey", "campaign")
    )
    client.post(page_of(survey))
    deliver_due()
    assert (state(survey), state(campaign)) == ("suppressed", "accepted")


def test_a_change_of_mind_lifts_it(client):
    mail = make_mail()
    client.post(page_of(mail))
    assert "I changed my mind" in client.get(page_of(mail)).text
    client.post(page_of(mail), {"again": "1"})
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert "Unsubscribe?" in client.get(page_of(mail)).text


def test_a_change_of_mind_lifts_nothing_else(client):
    mail = make_mail()
    hmac = unsubscribe.wish_of(page_of(mail).removeprefix("/u/")).address
    Suppression.objects.create(address_hmac=hmac, reason="complaint")
    client.post(page_of(mail), {"again": "1"})
    assert Suppression.objects.filter(lifted_at=None).count() == 1


def test_the_address_is_not_in_the_link():
    mail = make_mail()
    assert mail.to_email not in page_of(mail)
    assert unsubscribe.wish_of(page_of(mail).removeprefix("/u/") + "x") is None


@pytest.mark.parametrize(
    "language,word", [("nb", "Meld deg av"), ("da", "Afmeld"), ("sv", "Avregistrera"), ("xx", "Un")]
)
def test_it_speaks_the_language_of_the_mail(client, language, word):
    assert word in client.get(page_of(make_mail(language=language))).text


def test_a_link_that_we_have_not_signed_is_a_404(client):
    assert client.get("/u/abc").status_code == 404
    assert client.post("/u/abc").status_code == 404
