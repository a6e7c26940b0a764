"""A customer's answers on its page, what it was asked, and calling a mail back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.models import AuditEvent
from customers.models import Customer, OutgoingEmail
from feedback.inviting.invitations import call_back as call_back_invitations
from feedback.inviting.reminders import call_back_reminders, reminder_key
from feedback.models import Invitation
from tests.factories import (
    make_contact,
    make_customer,
    make_mail,
    make_organisation,
    make_reason,
    make_user,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def acme() -> Customer:
    return make_customer("Acme")


def panel(client: Client, customer: Customer, **headers: str) -> str:
    url = reverse("surveys:customer_panel", args=[customer.pk])
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def make_mailed(customer: Customer, state: str, **fields) -> Invitation:
    mail = make_mail(customer, state=state)
    return make_invitation(contact=make_contact(customer), mail=mail, **fields)


def test_answers_stand_with_score_words_survey_and_day(acme: Customer) -> None:
    survey = make_survey(name="Autumn")
    bob = make_contact(acme, name="Bob Berg")
    make_response(survey, score=3, comment="Too slow", contact=bob)
    make_response(survey, comment="Of somebody else")
    text = panel(client_of("viewer"), acme, **HTMX)
    assert "<html" not in text
    assert "Too slow" in text
    assert '<span class="pill pill-bad">3 of 10</span>' in text
    assert "Bob Berg" in text
    assert reverse("surveys:results", args=[survey.pk]) in text
    assert "somebody else" not in text


def test_a_reason_is_called_what_the_organisation_calls_it(acme: Customer) -> None:
    make_reason("price", labels={"en": "It costs too much"})
    response = make_response(make_survey("exit"), contact=make_contact(acme))
    response.answers.all().delete()
    response.answers.create(question="reason", kind="single", choices=["price"])
    assert "It costs too much" in panel(client_of("viewer"), acme)


def test_an_open_invitation_says_what_became_of_its_mail(acme: Customer) -> None:
    make_mailed(acme, "delivered")
    text = panel(client_of("csm"), acme)
    assert "no answer yet" in text
    assert "mail delivered" in text
    assert "Call back" not in text
    make_mailed(acme, "bounced")
    assert '<span class="pill pill-bad">mail bounced</span>' in panel(client_of("viewer"), acme)


@pytest.mark.parametrize(
    "fields",
    [
        {"called_back_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_what_nobody_can_answer_any_more_is_not_shown(acme: Customer, fields: dict) -> None:
    make_mailed(acme, "delivered", **fields)
    assert "no answer yet" not in panel(client_of("viewer"), acme)


def test_an_answered_invitation_is_an_answer_and_nothing_else(acme: Customer) -> None:
    invitation = make_mailed(acme, "delivered")
    make_response(invitation.survey, contact=invitation.contact, invitation=invitation)
    assert "no answer yet" not in panel(client_of("viewer"), acme)


def test_nobody_asked_says_so(acme: Customer) -> None:
    assert "have not been asked yet" in panel(client_of("viewer"), acme)


def test_the_page_of_its_own_shows_more(acme: Customer) -> None:
    survey, bob = make_survey(), make_contact(acme)
    for number in range(7):
        make_response(survey, comment=f"Words {number}", contact=bob)
    viewer = client_of("viewer")
    part, page = panel(viewer, acme, **HTMX), panel(viewer, acme)
    assert part.count("Words") == 5
    assert reverse("surveys:customer_panel", args=[acme.pk]) in part
    assert page.count("Words") == 7
    assert "<html" in page


def test_the_customers_page_asks_for_it(acme: Customer) -> None:
    url = reverse("surveys:customer_panel", args=[acme.pk])
    text = client_of("viewer").get(reverse("customers:detail", args=[acme.pk])).content.decode()
    assert f'hx-get="{url}"' in text
    assert f'href="{url}"' in text


@pytest.mark.parametrize("count", [1, 12])
def test_it_costs_the_same(acme: Customer, count: int) -> None:
    for _number in range(count):
        make_response(make_survey(), contact=make_contact(acme))
        make_mailed(acme, "queued")
    viewer = client_of("viewer")
    with CaptureQueriesContext(connection) as asked:
        panel(viewer, acme, **HTMX)
    assert len(asked) <= 8, "\n".join(q["sql"][-220:] for q in asked)


# Calling back


def call_back(client: Client, invitation: Invitation) -> str:
    url = reverse("surveys:call_back", args=[invitation.pk])
    response = client.post(url, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_mail_that_waits_is_called_back(acme: Customer) -> None:
    invitation = make_mailed(acme, "queued")
    csm = client_of("csm")
    assert reverse("surveys:call_back", args=[invitation.pk]) in panel(csm, acme)
    assert "Nobody is asked" in call_back(csm, invitation)
    invitation.refresh_from_db()
    assert invitation.called_back_at
    assert invitation.mail
    assert invitation.mail.state == OutgoingEmail.State.CANCELLED
    assert AuditEvent.objects.filter(verb="invitation_called_back").count() == 1


def test_a_mail_that_may_have_gone_out_is_uncertain_when_it_is_called_back(acme: Customer) -> None:
    mails = [make_mail(acme, state="retry", error_code="in_doubt") for _ in range(2)]
    asked = make_invitation(contact=mails[0].contact, mail=mails[0], reminders_sent=1)
    OutgoingEmail.objects.filter(pk=mails[1].pk).update(dedupe_key=reminder_key(asked.pk, 1))
    assert call_back_invitations([asked.pk], timezone.now()) == 1
    assert call_back_reminders(Invitation.objects.all()) == 1
    for mail in mails:
        mail.refresh_from_db()
        assert (mail.state, mail.error_code) == ("uncertain", "in_doubt")


def test_a_mail_that_went_out_is_not(acme: Customer) -> None:
    invitation = make_mailed(acme, "accepted")
    assert "does not wait any more" in call_back(client_of("csm"), invitation)
    invitation.refresh_from_db()
    assert invitation.called_back_at is None


def test_a_viewer_has_no_button(acme: Customer) -> None:
    invitation = make_mailed(acme, "queued")
    viewer = client_of("viewer")
    assert "Call back" not in panel(viewer, acme)
    assert viewer.post(reverse("surveys:call_back", args=[invitation.pk])).status_code == 403


def test_what_one_may_not_see_is_not_there(acme: Customer) -> None:
    make_organisation(csm_sees_own_only=True)
    invitation, csm = make_mailed(acme, "queued"), client_of("csm")
    url = reverse("surveys:customer_panel", args=[acme.pk])
    assert csm.get(url).status_code == 404
    assert csm.post(reverse("surveys:call_back", args=[invitation.pk])).status_code == 404
    invitation.refresh_from_db()
    assert invitation.called_back_at is None
