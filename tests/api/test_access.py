"""Every address and verb of the API, as nobody, as each group, and as a key without scope."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from churnapp.api_keys import READ, WRITE, make_key
from churnapp.permissions import ADMIN, CSM, MANAGER, ROLES, VIEWER
from tests.access.addresses import addresses, make_rows
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LISTS = (
    "customer-list contact-list subscription-list cancellation-list usage-list interaction-list "
    "task-list response-list invitation-list complaint-list mention-list "
    "competitor-list competitor-offer-list grant-list cancel-visit-list "
    "referral-list referral-link-list"
)
CHANGED = (
    "customer-detail contact-detail cancellation-detail interaction-detail "
    "competitor-detail competitor-offer-detail"
)
ONLY_READ = (
    "subscription-detail task-detail flag-detail flag-list reason-list reason-detail metrics "
    "movements cohorts invitation-detail response-detail "
    "complaint-detail mention-detail grant-detail cancel-visit-detail "
    "recommendation-list recommendation-detail "
    "referral-detail"
)
ACTIONS = (
    "customer-hand-over customer-merge subscription-connect subscription-contract "
    "subscription-correct subscription-take-back subscription-withdraw "
    "subscription-change subscription-pause subscription-resume subscription-end "
    "cancellation-withdraw task-finish task-reopen flag-acknowledge flag-snooze flag-resolve "
    "flag-dismiss flag-reopen complaint-assign complaint-resolve complaint-confirm "
    "complaint-reopen mention-apart mention-arrange mention-match mention-replied mention-unmatch "
    "competitor-add-name competitor-remove-name competitor-merge competitor-separate "
    "competitor-retire competitor-bring-back competitor-offer-end competitor-offer-runs-on "
    "invitation-call-back grant-accept grant-decline grant-take-back grant-undo "
    "referral-confirm referral-refuse referral-reopen referral-not-them "
    "recommendation-dismiss recommendation-bring-back"
)
SEGMENT_ACTIONS = "segment-freeze segment-thaw segment-archive segment-bring-back"
FLOW_ACTIONS = (
    "cancel-flow-switch-on cancel-flow-switch-off cancel-flow-archive cancel-flow-bring-back"
)
REWARD_ACTIONS = (
    "referral-program-switch-on referral-program-switch-off referral-program-archive "
    "referral-program-bring-back loyalty-level-archive loyalty-level-bring-back"
)
CAMPAIGN_ACTIONS = (
    "campaign-launch campaign-unschedule campaign-pause campaign-resume campaign-finish "
    "campaign-archive campaign-bring-back"
)
# The least role that a verb asks for; a verb that is not here does not exist (405).
NEEDED: dict[str, dict[str, str]] = {
    name: verbs
    for names, verbs in (
        (LISTS, {"get": VIEWER, "post": CSM}),
        (
            CHANGED,
            {"get": VIEWER, "patch": CSM},
        ),
        (
            "plan-list feature-list survey-list offer-list segment-list campaign-list content-list",
            {"get": VIEWER, "post": MANAGER},
        ),
        (
            "plan-detail feature-detail survey-detail offer-detail segment-detail campaign-detail",
            {"get": VIEWER, "patch": MANAGER},
        ),
        ("survey-publish offer-approve offer-stop offer-resume", {"post": MANAGER}),
        ("content-detail", {"get": VIEWER, "patch": MANAGER}),
        ("offer-archive offer-bring-back content-archive content-bring-back", {"post": MANAGER}),
        ("segment-members segment-size recipient-list recipient-detail", {"get": VIEWER}),
        (CAMPAIGN_ACTIONS, {"post": MANAGER}),
        ("cancel-flow-list", {"get": VIEWER, "post": MANAGER}),
        ("cancel-flow-detail", {"get": VIEWER, "patch": MANAGER}),
        (FLOW_ACTIONS, {"post": MANAGER}),
        ("referral-program-list loyalty-level-list", {"get": VIEWER, "post": MANAGER}),
        ("referral-program-detail loyalty-level-detail", {"get": VIEWER, "patch": MANAGER}),
        (REWARD_ACTIONS, {"post": MANAGER}),
        (SEGMENT_ACTIONS, {"post": MANAGER}),
        (ONLY_READ, {"get": VIEWER}),
        (ACTIONS, {"post": CSM}),
    )
    for name in names.split()
}
VERBS = ("get", "post", "put", "patch", "delete")
API = [address for address in addresses() if address.pattern.startswith("api/v1/")]


def test_every_address_is_declared() -> None:
    assert {address.name.removeprefix("api-") for address in API} == set(NEEDED)


def call(path: str, verb: str, key: str | None) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with transaction.atomic():
        answer = (
            getattr(Client(), verb)(
                path, json.dumps({}), content_type="application/json", headers=headers
            )
            if verb != "get"
            else Client().get(path, headers=headers)
        )
        transaction.set_rollback(True)
    return int(answer.status_code)


def refusals(role: str | None, scopes: list[str]) -> list[str]:
    """Where the answer is not what the role and the scopes should get."""
    user = make_user(role) if role else None
    key = make_key(user, "walk", scopes) if user else None
    rows = make_rows(user or make_user("csm"))
    wrong = []
    for address in API:
        for verb in VERBS:
            status = call(address.filled(rows), verb, key)
            if not fits(status, wanted(address.name, verb, role, scopes)):
                wrong.append(f"{verb} {address.name} as {role}: {status}")
    return wrong


def wanted(name: str, verb: str, role: str | None, scopes: list[str]) -> int:
    if role is None:
        return 401
    scope = READ if verb == "get" else WRITE
    if scope not in scopes:
        return 403
    least = NEEDED[name.removeprefix("api-")].get(verb)
    if least is None:
        return 405
    return 200 if ROLES.index(role) >= ROLES.index(least) else 403


def fits(status: int, expected: int) -> bool:
    """Past the door an empty body may be a 400; what counts is that the door was open."""
    return status in {200, 201, 400, 409} if expected == 200 else status == expected


def test_nobody_gets_in() -> None:
    assert refusals(None, []) == []


@pytest.fixture(autouse=True)
def no_rate(settings: Any) -> None:
    """One key calls every address here within a minute."""
    settings.API_REQUESTS_A_MINUTE = 100_000


@pytest.mark.parametrize("role", [VIEWER, CSM, MANAGER, ADMIN])
def test_a_role_does_what_it_may_and_no_more(role: str) -> None:
    assert refusals(role, [READ, WRITE]) == []


@pytest.mark.parametrize("scopes", [[], [READ], [WRITE]])
def test_a_key_does_only_what_its_scopes_say(scopes: list[str]) -> None:
    assert refusals(ADMIN, scopes) == []
