"""Every address and verb, as anonymous, as each role, and as a key without scope."""

import re

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from churnapp.api_keys import READ, WRITE, make_key
from tests.access.addresses import Address, addresses, make_rows
from tests.access.routes import (
    API,
    CSM,
    DECLARED,
    PAGES,
    PUBLIC,
    ROLES,
    VIEWER,
    WITHOUT_COOKIE,
)
from tests.conftest import put_back
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db

EVERY = {address.name: address for address in addresses()}
WRITES = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE)\b(?!.*(django_session|churnapp_apikey))", re.IGNORECASE
)
# Signs of life say 503 where no worker runs.
MAY_BE_UNWELL = {"readyz"}
DOOR = ("/accounts/sign-in/", "/admin/login/")


def declared(table=DECLARED):
    return [name for name in table if name in EVERY]


def ask(client, verb, path, **headers):
    """What the address answers; bodies are empty, so that nothing is done by accident."""
    return client.generic(verb, path, b"", content_type="application/json", headers=headers)


def ask_page(client, verb, path):
    """The same as a form without any field."""
    return client.post(path, {}) if verb == "POST" else client.generic(verb, path)


def is_refused(answer):
    return answer.status_code in {401, 403} or is_turned_away(answer)


def is_turned_away(answer):
    return answer.status_code == 302 and answer["Location"].startswith(DOOR)


@pytest.fixture(scope="module")
def ground(migrated_rows, django_db_blocker):
    """What every step of the walk stands on, made once; each test undoes what it changes."""
    with django_db_blocker.unblock():
        put_back(migrated_rows)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows(ground):
    return make_rows(make_user(CSM))


@pytest.fixture(scope="module")
def sessions(ground):
    """The key of a session of each role."""
    return {role: session_of(make_user(role)) for role in ROLES}


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def signed_in(sessions):
    """Makes a client that is signed in as somebody of a role, or as nobody."""

    def make_client(role):
        client = Client()
        if role:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
        return client

    return make_client


def test_every_address_is_declared():
    unknown = {name for name in EVERY if name not in DECLARED and not name.startswith("admin:")}
    gone = set(DECLARED) - set(EVERY)

    assert not unknown, "declare these in tests/access/routes.py"
    assert not gone, "these are declared but no longer there"


@pytest.mark.parametrize("name", declared())
def test_each_verb_is_for_those_whom_it_is_declared_for(name, rows, signed_in):
    """From nobody to admin: whoever is below the declared role is refused, the others are not."""
    path = EVERY[name].filled(rows)
    asking = ask if name in API else ask_page

    for role in (None, *ROLES):
        client = signed_in(role)
        for verb, least in DECLARED[name].items():
            answer = asking(client, verb, path)
            assert answer.status_code < 500 or name in MAY_BE_UNWELL
            if least == PUBLIC:
                assert answer.status_code not in {401, 403}
            elif role is None:
                assert answer.status_code == 401 if name in API else is_turned_away(answer)
            elif ROLES.index(role) < ROLES.index(least):
                assert answer.status_code == 403, f"{role} may {verb}"
            else:
                assert not is_refused(answer), f"{role} may not {verb}"


@pytest.mark.parametrize("name", declared())
def test_looking_and_what_is_not_declared_change_nothing(name, rows, signed_in):
    path = EVERY[name].filled(rows)
    client = signed_in("admin")

    for verb in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - {*DECLARED[name]} | {"GET"}:
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, verb, path)
        written = [query["sql"] for query in queries if WRITES.match(query["sql"])]
        assert not written, f"{verb} writes"
        assert answer.status_code < 500 or name in MAY_BE_UNWELL


@pytest.mark.parametrize("name", [n for n in declared() if EVERY[n].is_of_customer()])
def test_customers_of_others_are_a_404_where_csms_see_their_own(name, rows, signed_in):
    make_organisation(csm_sees_own_only=True)
    path = EVERY[name].filled(rows)
    client = signed_in(CSM)

    for verb, least in DECLARED[name].items():
        if least in {VIEWER, CSM}:
            answer = ask(client, verb, path) if name in API else ask_page(client, verb, path)
            assert answer.status_code == 404, f"{verb} answers {answer.status_code}"


@pytest.mark.parametrize("name", declared(API))
def test_a_key_does_what_its_scopes_say(name, client, rows):
    owner = make_user("admin")
    path = EVERY[name].filled(rows)
    keys = {scope: make_key(owner, scope, [scope]) for scope in (READ, WRITE)}
    keys["none"] = make_key(owner, "none", [])

    for verb, least in DECLARED[name].items():
        for scope, key in keys.items():
            answer = ask(client, verb, path, authorization=f"Bearer {key}")
            fits = scope == (READ if verb == "GET" else WRITE) or least == PUBLIC
            assert (answer.status_code == 403) is not fits, f"{verb} with scope {scope}"


def test_no_form_is_taken_without_its_token(rows):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("admin"))

    for name in declared(PAGES):
        if "POST" in PAGES[name] and name not in WITHOUT_COOKIE:
            assert client.post(EVERY[name].filled(rows), {}).status_code == 403, name


@pytest.mark.parametrize("role", [None, "viewer", "csm", "manager"])
def test_the_administration_is_closed_to_who_is_not_staff(role, signed_in):
    client = signed_in(role)
    for address in administration():
        answer = client.get(address.filled({}).replace("<path:object_id>", "1"))
        assert is_turned_away(answer) or answer.status_code in {403, 404}, address.name


def administration() -> list[Address]:
    """Addresses of the administration but for those that name what does not exist."""
    doors = {"admin:login", "admin:logout"}
    names = [name for name in EVERY if name.startswith("admin:") and name not in doors]
    return [EVERY[name] for name in names if "<app_label>" not in EVERY[name].pattern]
