"""The response rate on pages, which leaves out whom a mail reached just now."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.results import Chosen, results, score_row
from feedback.scores import Asked
from tests.factories import make_contact, make_mail, make_user
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db


def test_a_round_that_just_went_out_does_not_bring_the_response_rate_down(client: Client) -> None:
    survey, now = make_survey(), timezone.now()
    for days, answers in ((10, True), (4, False), (2, False), (0, True)):
        contact, at = make_contact(), now - timedelta(days=days)
        invitation = make_invitation(survey, contact, created_at=at)
        if answers:
            make_response(survey, contact=contact, invitation=invitation)
    delayed = make_invitation(survey, created_at=now - timedelta(days=9))
    delayed.mail = make_mail(state="accepted", sent_at=now - timedelta(days=1))
    delayed.save(update_fields=["mail"])
    client.force_login(make_user("viewer"))
    page = client.get(reverse("surveys:results", args=[survey.pk]))
    assert page.context["figures"].settled == Asked(2, 1)
    text = page.content.decode()
    assert "1 of 2, " in text
    assert "3 asked in the last 3 days are not counted yet" in text
    listed = client.get(reverse("surveys:list")).content.decode()
    assert "1 of 2<br>3 asked in the last 3 days are not counted yet" in listed
    assert score_row(results([survey], Chosen())[0])["response_rate"] == 2 / 5, "as it is defined"
