"""Timelines, flags and tasks over the API."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from churnapp.models import User
from customers.models import RiskFlag
from tests.api.calls import Caller, found, ids
from tests.factories import (
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_rule,
    make_task,
    make_user,
    today_here,
)

pytestmark = pytest.mark.django_db

TICKET = {
    "customer_id": "C-1",
    "kind": "ticket",
    "occurred_at": "2026-03-01T08:00:00Z",
    "summary": "It is down",
    "status": "open",
    "external_id": "T-1",
    "complaint": True,
    "sentiment": -1,
}


def test_a_ticket_is_logged_once_and_closed(alices: Caller, alice: User) -> None:
    contact = make_contact(make_customer(external_id="C-1"), email="kari@example.com")
    logged = found(alices.post("interactions/", TICKET | {"contact_email": contact.email}), 201)
    assert (logged["contact_email"], logged["author_email"]) == (contact.email, alice.email)
    assert list(found(alices.post("interactions/", TICKET), 400)) == ["external_id"]
    after = {"status": "closed", "closed_at": "2026-03-02T10:00:00+01:00"}
    closed = found(alices.patch(f"interactions/{logged['id']}/", after))
    assert closed["status"] == "closed"
    assert datetime.fromisoformat(closed["closed_at"]) == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"closed_at": "2026-02-01T00:00:00Z"}, "closed_at"),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"kind": "event"}, "kind"),
        ({"sentiment": 2}, "sentiment"),
        ({"contact_email": "nobody@example.com"}, "contact_email"),
        ({"verb": "cancellation_recorded"}, "verb"),
    ],
)
def test_what_is_wrong_is_named(alices: Caller, changes: dict[str, object], field: str) -> None:
    make_customer(external_id="C-1")
    assert list(found(alices.post("interactions/", TICKET | changes), 400)) == [field]


def test_what_the_product_wrote_stays(alices: Caller) -> None:
    event = make_interaction(kind="event", verb="subscription_ended", summary="")
    assert found(alices.patch(f"interactions/{event.pk}/", {"summary": "No"}), 400)


def test_timeline_filters(alices: Caller) -> None:
    customer = make_customer(external_id="C-1")
    wanted = make_interaction(customer, kind="ticket", occurred_at=datetime(2026, 3, 1, tzinfo=UTC))
    make_interaction(customer, kind="ticket", occurred_at=datetime(2026, 2, 1, tzinfo=UTC))
    make_interaction(customer, kind="call", occurred_at=datetime(2026, 3, 1, tzinfo=UTC))
    answer = alices.get(
        "interactions/", customer_id="C-1", kind="ticket", occurred_from="2026-02-15T00:00:00Z"
    )
    assert ids(answer) == [wanted.pk]


def test_a_flag_is_acknowledged_snoozed_resolved_and_reopened(alices: Caller, alice: User) -> None:
    flag = make_flag(rule=make_rule("no_use"), facts={})
    path = f"risk-flags/{flag.pk}/"
    seen = found(alices.post(f"{path}acknowledge/", {"note": "Called"}))
    assert (seen["state"], seen["note"], seen["changed_by_email"]) == (
        "acknowledged", "Called", alice.email,
    )  # fmt: skip
    until = (today_here() + timedelta(days=7)).isoformat()
    assert found(alices.post(f"{path}snooze/", {"until": until}))["snoozed_until"] == until
    assert found(alices.post(f"{path}resolve/"))["state"] == "resolved"
    assert found(alices.post(f"{path}reopen/"))["state"] == "open"
    dismissed = found(alices.post(f"{path}dismiss/", {"because": "wrong"}))
    assert (dismissed["state"], dismissed["dismissal"]) == ("resolved", "wrong")


@pytest.mark.parametrize(
    "verb, body, field",
    [
        ("snooze", {}, "until"),
        ("snooze", {"until": "2020-01-01"}, "until"),
        ("dismiss", {}, "because"),
        ("dismiss", {"because": "mood"}, "because"),
        ("acknowledge", {"notes": "typo"}, "notes"),
        ("reopen", {"to": "acknowledged"}, "to"),
    ],
)
def test_a_flag_refuses(alices: Caller, verb: str, body: dict[str, str], field: str) -> None:
    flag = make_flag()
    assert list(found(alices.post(f"risk-flags/{flag.pk}/{verb}/", body), 400)) == [field]
    flag.refresh_from_db()
    assert flag.state == RiskFlag.State.OPEN


def test_flags_are_filtered(alices: Caller) -> None:
    wanted = make_flag(severity=4)
    make_flag(severity=2)
    make_flag(severity=5, state="resolved", closed_on=date(2026, 1, 1))
    assert ids(alices.get("risk-flags/", severity=3, state="open")) == [wanted.pk]


def test_a_task_is_added_finished_and_reopened(alices: Caller, alice: User) -> None:
    make_customer(external_id="C-1")
    body = {
        "customer_id": "C-1",
        "what": "Call them",
        "assignee_email": alice.email,
        "due_on": "2026-12-01",
    }
    task = found(alices.post("tasks/", body), 201)
    assert body.items() <= task.items()
    assert found(alices.post(f"tasks/{task['id']}/finish/"))["done_at"]
    assert found(alices.post(f"tasks/{task['id']}/finish/"), 400)
    assert found(alices.post(f"tasks/{task['id']}/reopen/"))["done_at"] is None


def test_tasks_are_filtered(alices: Caller, alice: User) -> None:
    wanted = make_task(assignee=alice, due_on=date(2026, 3, 1))
    make_task(assignee=alice, due_on=date(2026, 3, 1), done_at=timezone.now())
    make_task(assignee=make_user("csm"), due_on=date(2026, 3, 1))
    assert ids(alices.get("tasks/", assignee_email=alice.email, done="false")) == [wanted.pk]


@pytest.mark.parametrize(
    "moment,found_some",
    [
        ("1127-07-29T00:54:19+21:20", True),
        ("0001-01-01T00:00:00+21:20", True),
        ("9999-12-31T23:59:59-21:20", False),
    ],
)
def test_a_moment_at_an_offset_beyond_postgresqls_is_understood(
    alices: Caller, moment: str, found_some: bool
) -> None:
    make_interaction(kind="ticket")
    answer = alices.get("interactions/", occurred_from=moment)
    assert bool(ids(answer)) == found_some


def test_what_a_contact_agreed_to_is_told_and_asked(alices: Caller) -> None:
    make_customer(external_id="C-1")
    no = {"purpose": "survey", "given": False, "source": "CRM", "said_on": "2026-03-01"}
    body = {"customer_id": "C-1", "email": "kari@example.com", "consents": [no]}
    made = found(alices.post("contacts/", body), 201)
    assert [(said["purpose"], said["given"]) for said in made["consents"]] == [("survey", False)]
    address = f"contacts/{made['id']}/"
    again = found(alices.patch(address, {"consents": [no]}))
    assert again["consents"] == made["consents"]
    unknown = {"purpose": "survey", "given": None, "source": "CRM"}
    changed = found(alices.patch(address, {"consents": [unknown], "name": "Kari"}))
    assert (changed["name"], changed["consents"][0]["given"]) == ("Kari", None)
    late = found(alices.patch(address, {"consents": [no]}), 400)
    assert list(late) == ["said_on"]
    both = [unknown, unknown | {"purpose": "campaign", "given": True}]
    assert len(found(alices.patch(address, {"consents": both}))["consents"]) == 2
    for refused in ([no | {"purpose": "notice"}], [unknown, unknown]):
        assert list(found(alices.patch(address, {"consents": refused}), 400)) == ["consents"]


def test_what_mail_a_contact_wants_is_told_and_asked(alices: Caller) -> None:
    make_customer(external_id="C-1")
    no = {"topic": "news", "wanted": False, "source": "CRM"}
    wishes = {"days_between": 30, "paused_until": None, "source": "CRM"}
    body = {"customer_id": "C-1", "email": "kari@example.com", "topics": [no]}
    made = found(alices.post("contacts/", body | {"mail_wishes": wishes}), 201)
    assert [(said["topic"], said["wanted"]) for said in made["topics"]] == [("news", False)]
    assert made["mail_wishes"]["days_between"] == 30
    address = f"contacts/{made['id']}/"
    later = {"paused_until": "2027-03-01T00:00:00+01:00", "source": "phone"}
    changed = found(alices.patch(address, {"mail_wishes": later}))
    assert changed["mail_wishes"]["days_between"] == 30
    assert changed["mail_wishes"]["paused_until"].startswith("2027-03-01T00:00")
    for refused in ([no, no], [no | {"topic": "x"}], [{"topic": "news", "wanted": True}]):
        assert list(found(alices.patch(address, {"topics": refused}), 400)) == ["topics"]
    over = {"paused_until": "2020-01-01T00:00:00Z", "source": "phone"}
    assert list(found(alices.patch(address, {"mail_wishes": over}), 400)) == ["paused_until"]
    silent = found(alices.post("contacts/", body | {"email": "ola@example.com", "topics": []}), 201)
    assert (silent["topics"], silent["mail_wishes"]) == ([], None)
