"""Signs of life for load balancers and operators, and figures for Prometheus."""

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from churnapp.models import Heartbeat


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, Redis and a worker are all there, else 503 and what is not."""
    checks = {"database": _database(), "redis": _redis()}
    ready = checks["database"] == "ok"
    checks["worker"] = _worker("celery") if ready else "unknown"
    ok = all(state == "ok" for state in checks.values())
    mail = _worker("mail") if ready else "unknown"  # told, but no reason to send visitors away
    return JsonResponse({"ready": ok, **checks, "mail": mail}, status=200 if ok else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations pending" if pending else "ok"


def _redis() -> str:
    try:
        cache.set("readyz", 1, timeout=10)
    except (RedisError, OSError):
        return "unreachable"
    return "ok"


def _worker(queue: str) -> str:
    seen_at = Heartbeat.objects.filter(queue=queue).values_list("seen_at", flat=True).first()
    if seen_at is None:
        return "not seen yet"
    return "ok" if timezone.now() - seen_at <= settings.CANARY_MAX_AGE else "not seen lately"
