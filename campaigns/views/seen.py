"""When what a form shows was last changed, so that two people don't write over each other."""

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def seen_at(request: HttpRequest) -> datetime:
    """As the form says; long ago where it doesn't."""
    try:
        moment = parse_datetime(request.POST.get("seen_at", ""))
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else LONG_AGO
