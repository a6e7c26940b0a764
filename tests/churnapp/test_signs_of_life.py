"""What load balancers and operators ask."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from churnapp.models import AuditEvent, Heartbeat, Job
from churnapp.tasks import canary

pytestmark = pytest.mark.django_db


def test_healthz_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_not_ready_before_a_worker_was_seen(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False, "database": "ok", "redis": "ok", "worker": "not seen yet",
        "mail": "not seen yet",
    }  # fmt: skip


def test_ready_after_the_canary(client):
    canary()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_not_ready_when_the_canary_is_old(client):
    Heartbeat.objects.create(queue="celery", seen_at=timezone.now() - timedelta(seconds=200))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "not seen lately")


def test_a_worker_for_mail_that_is_missing_is_told_and_sends_no_visitor_away(client):
    canary()
    assert client.get("/readyz").json()["mail"] == "not seen yet"
    canary("mail")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["mail"]) == (200, "ok")


@pytest.mark.parametrize(
    "sql", ["DELETE FROM churnapp_auditevent", "UPDATE churnapp_auditevent SET verb='x'"]
)
def test_the_audit_trail_is_never_changed(sql):
    AuditEvent.objects.create(verb="made", object_kind="customer", object_id=1)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(sql)
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer "])
def test_gauges_are_not_there_without_the_token(client, settings, given):
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_gauges_are_not_there_where_no_token_is_set(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_gauges_count_jobs_by_state(client, settings):
    settings.METRICS_TOKEN = "right"
    Job.objects.create(kind="import")
    canary()
    text = client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
    assert 'churnapp_jobs{kind="import",state="queued"} 1.0' in text
    assert 'churnapp_canary_age_seconds{queue="celery"}' in text
