"""Results of a survey by an attribute of the customers, and of the customers of a saved view."""

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import SavedView
from feedback.models import Survey
from tests.factories import make_contact, make_customer, make_user, stand
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def viewer() -> Client:
    client = Client()
    client.force_login(make_user("viewer"))
    return client


@pytest.fixture
def survey() -> Survey:
    """Six asked: of retail one of two answered, of banks two of three, of no branch nobody."""
    survey = make_survey()
    branches = ("retail", "retail", "bank", "bank", "bank", "")
    for number, branch in enumerate(branches):
        customer = make_customer(attributes={"branch": branch}, country="NO" if branch else "")
        contact = make_contact(customer)
        invitation = make_invitation(survey, contact)
        if number % 2 == 0:
            make_response(survey, contact=contact, invitation=invitation, comment=branch)
    stand()
    return survey


def results(client: Client, survey: Survey, query: str) -> object:
    return client.get(reverse("surveys:results", args=[survey.pk]) + query.partition("#")[0])


def test_an_attribute_s_groups_lead_to_those_who_did_not_answer(
    viewer: Client, survey: Survey
) -> None:
    address = reverse("surveys:who_answers", args=[survey.pk]) + "?attribute=branch"
    traits = viewer.get(address, headers=FRAGMENT).context["traits"]
    told = {line.label: (line.asked.invited, line.asked.answered) for line in traits[0].lines}
    assert traits[0].label == "branch"
    assert told == {"bank": (3, 2), "retail": (2, 1), "none": (1, 0)}
    for trait in traits[:3]:  # branch, plan and country
        for line in trait.lines:
            rows = results(viewer, survey, line.href).context["page"].rows
            assert len(rows) == line.asked.invited - line.asked.answered


def test_an_attribute_narrows_the_answers_and_can_be_taken_off(
    viewer: Client, survey: Survey
) -> None:
    answer = results(viewer, survey, "?attribute.branch=bank&attribute=branch")
    assert answer.context["figures"].result.responses == 2
    (chip,) = answer.context["chips"]
    assert (chip.label, chip.value) == ("branch", "bank")
    assert results(viewer, survey, chip.without).context["figures"].result.responses == 3
    text = answer.content.decode()
    assert '<input type="hidden" name="attribute.branch" value="bank">' in text
    assert '<option value="branch" selected>branch</option>' in text


def test_a_saved_view_narrows_the_answers(viewer: Client, survey: Survey) -> None:
    view = SavedView.objects.create(
        owner=make_user(), page="customers", name="Retail", query="branch=retail", shared=True
    )
    answer = results(viewer, survey, f"?view={view.pk}")
    assert answer.context["figures"].result.responses == 1
    assert f'<option value="{view.pk}" selected>Retail</option>' in answer.content.decode()
    gone = results(viewer, survey, f"?view={view.pk + 1}")
    assert gone.context["figures"].result.responses == 0
    assert "no longer there" in gone.content.decode()
