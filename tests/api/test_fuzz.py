"""Random requests of the schema's shape, now and then about rows that are there."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from churnapp.models import User
from churnapp.wsgi import application
from tests.api.calls import Caller
from tests.campaign_factories import (
    make_cancel_visit,
    make_content,
    make_grant,
    make_level,
    make_recipient,
    make_recommendation,
    make_referral,
)
from tests.factories import (
    make_cancellation,
    make_complaint,
    make_contact,
    make_customer,
    make_feature,
    make_flag,
    make_interaction,
    make_mention,
    make_offer,
    make_plan,
    make_reason,
    make_segment,
    make_subscription,
    make_task,
    make_user,
    stand,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FUZZ = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


def api() -> BaseSchema:
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = application
    schema.config.phases.update(phases=["fuzzing"])
    return schema


API = api()


@pytest.fixture
def caller(db: None) -> Iterator[Caller]:
    """Requests through WSGI would close the connection that holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Caller(make_user("admin"))
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def rows(caller: Caller) -> dict[str, int]:
    """A row behind each noun, by the word of its address."""
    owner = User.objects.get()
    customer = make_customer(external_id="C-1", owner=owner)
    subscription = make_subscription(customer, external_id="S-1", plan="pro")
    stand(customer)
    return {
        "customers": customer.pk,
        "contacts": make_contact(customer).pk,
        "plans": make_plan("pro").pk,
        "features": make_feature("reports").pk,
        "subscriptions": subscription.pk,
        "cancellations": make_cancellation(customer, external_id="X-1").pk,
        "reasons": make_reason("price").pk,
        "interactions": make_interaction(customer).pk,
        "complaints": make_complaint(customer).pk,
        "mentions": make_mention(customer=customer).pk,
        "competitors": (offer := make_offer()).competitor_id,
        "competitor-offers": offer.pk,
        "risk-flags": make_flag(customer).pk,
        "segments": make_segment().pk,
        "tasks": make_task(customer).pk,
        "grants": (grant := make_grant(contact=make_contact(customer))).pk,
        "offers": grant.offer_id,
        "campaigns": (recipient := make_recipient(customer=customer)).campaign_id,
        "recipients": recipient.pk,
        "cancel-visits": (visit := make_cancel_visit(contact=make_contact(customer))).pk,
        "cancel-flows": visit.flow_id,
        "contents": make_content().pk,
        "recommendations": make_recommendation(customer).pk,
        "referrals": (referral := make_referral()).pk,
        "referral-programs": referral.link.program_id,
        "loyalty-levels": make_level().pk,
        "surveys": (survey := make_survey(name="Autumn")).pk,
        "invitations": make_invitation(survey, make_contact(customer)).pk,
        "responses": make_response(survey, contact=make_contact(customer)).pk,
    }


REAL = {
    "customer_id": "C-1",
    "subscription_id": "S-1",
    "plan": "pro",
    "feature": "reports",
    "reason": "price",
    "currency": "EUR",
    "survey": "Autumn",
    "cancellation": "X-1",
    "contact_emails": [],
}


# Those that are named by their id, after the word of their address.
BY_ID = {"reward_id": "offers", "welcome_id": "offers"}


def meant(value: Any, real: dict[str, Any]) -> Any:
    """The same body, about things that are there."""
    if isinstance(value, list):
        return [meant(part, real) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: real.get(name, meant(part, real)) for name, part in value.items()}


def call(case: Case, caller: Caller, rows: dict[str, int]) -> None:
    """Every other request is about rows that are there."""
    if case.path_parameters and len(str(case.path_parameters["id"])) % 2:
        case.path_parameters["id"] = rows[case.path.split("/")[3]]
    if isinstance(case.body, dict) and len(str(case.body)) % 2:
        real = REAL | {name: rows[word] for name, word in BY_ID.items()}
        case.body = meant(case.body, real)
    case.call_and_validate(headers=caller.headers, checks=CHECKS)


@API.parametrize()
@settings(FUZZ, max_examples=10, derandomize=True)
def test_no_request_makes_it_fail(case: Case, caller: Caller, rows: dict[str, int]) -> None:
    call(case, caller, rows)


@pytest.mark.long
def test_nor_do_many(caller: Caller, rows: dict[str, int]) -> None:
    for operation in API.get_all_operations():

        @given(case=operation.ok().as_strategy())
        @settings(FUZZ, max_examples=300)
        def many(case: Case) -> None:
            call(case, caller, rows)

        many()
