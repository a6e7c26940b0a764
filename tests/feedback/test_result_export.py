"""The answers of one survey as a file: what is in it, in which words, and what it costs."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.feedback_factories import make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make_user("manager"))
    return client


def test_the_export_follows_the_filters_that_are_swapped_in(manager: Client) -> None:
    survey = make_survey()
    make_response(survey)
    page = reverse("surveys:results", args=[survey.pk])
    export = reverse("surveys:export", args=[survey.pk])
    whole = manager.get(page, {"period": "all", "page": 2}).content.decode()
    assert f'id="export-link" href="{export}?period=all"' in whole
    assert "js/filters.js" in whole
    asked = {"period": "month", "plan": "business", "page": 2}
    part = manager.get(page, asked, headers={"HX-Request": "true"}).content.decode()
    assert 'id="results" class="stack" data-view="period=month&amp;plan=business"' in part
