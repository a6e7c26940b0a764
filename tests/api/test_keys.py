"""Who gets in: keys, their scopes, their end, their limit; and sessions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from churnapp.api_keys import READ, WRITE, make_key
from churnapp.models import ApiKey, User
from tests.api.calls import ROOT, Caller, found
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


def test_without_a_key_nobody_gets_in() -> None:
    answer = Caller().get("customers/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("key", ["", "x", "abc.def", "a.b.c", "."])
def test_a_key_that_never_was_is_refused(key: str) -> None:
    caller = Caller()
    caller.headers = {"Authorization": f"Bearer {key}"}
    assert caller.get("customers/").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"secret_sha256": "0" * 64},
    ],
)
def test_a_key_that_has_ended_is_refused(alices: Caller, change: dict[str, object]) -> None:
    ApiKey.objects.update(**change)
    assert alices.get("customers/").status_code == 401


def test_the_key_of_someone_who_left_is_refused(alices: Caller, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert alices.get("customers/").status_code == 401


def test_scopes_say_what_a_key_may(alice: User) -> None:
    body = {"what": "Call"}
    reads, writes, nothing = Caller(alice, [READ]), Caller(alice, [WRITE]), Caller(alice, [])
    assert (reads.get("tasks/").status_code, reads.post("tasks/", body).status_code) == (200, 403)
    assert (writes.get("tasks/").status_code, writes.post("tasks/", body).status_code) == (403, 201)
    assert nothing.get("tasks/").status_code == 403


def test_when_a_key_was_last_used_is_known(alices: Caller) -> None:
    before = timezone.now()
    alices.get("customers/")
    assert ApiKey.objects.get().last_used_at >= before


def test_a_key_calls_only_so_often(alices: Caller, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    codes = [alices.get("customers/").status_code for _ in range(8)]
    # Eight calls lie in two minutes at most, so at least two of them are too many.
    assert codes.count(200) <= 6
    assert 429 in codes
    assert int(alices.get("customers/").get("Retry-After", 60)) <= 60


def test_people_at_their_pages_are_not_counted(alices_client: Client, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 1
    codes = {alices_client.get(f"{ROOT}customers/").status_code for _ in range(4)}
    assert codes == {200}


def test_a_session_needs_a_csrf_token_to_write(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.get(f"{ROOT}tasks/").status_code == 200
    answer = client.post(f"{ROOT}tasks/", {"what": "x"}, content_type="application/json")
    assert answer.status_code == 403


def test_moments_are_read_in_the_organisations_zone(alices: Caller) -> None:
    make_customer(external_id="C-1")
    body = {
        "customer_id": "C-1",
        "kind": "note",
        "summary": "Noon in Oslo",
        "occurred_at": "2026-01-15T12:00:00",
    }
    logged = found(alices.post("interactions/", body), 201)
    assert logged["occurred_at"] == "2026-01-15T12:00:00+01:00"


def test_a_key_is_kept_as_a_hash(alice: User) -> None:
    text = make_key(alice, "n", [READ])
    kept = ApiKey.objects.get()
    assert text.split(".")[1] not in (kept.secret_sha256, kept.prefix)
