"""Gauges for Prometheus, read from the rows that are the truth, so any web process may answer."""

import secrets

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from churnapp.models import Heartbeat, Job


@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Job counts and the worker's age, for `Authorization: Bearer CHURNAPP_METRICS_TOKEN`.

    404 without the token, and where none is set.
    """
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Http404
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    jobs = Gauge("churnapp_jobs", "Jobs by state", ["kind", "state"], registry=registry)
    for row in Job.objects.values("kind", "state").annotate(count=Count("pk")).order_by():
        jobs.labels(row["kind"], row["state"]).set(row["count"])
    age = Gauge(
        "churnapp_canary_age_seconds",
        "Seconds since a worker of the queue was seen",
        ["queue"],
        registry=registry,
    )
    now = timezone.now()
    for queue, seen_at in Heartbeat.objects.values_list("queue", "seen_at"):
        age.labels(queue).set((now - seen_at).total_seconds())
    return registry
