"""What answers to surveys say of departures, for those who read reasons from words."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from feedback.models import Answer, Response


def words_of(departures: Collection[int]) -> Iterable[tuple[int, str]]:
    """Every text of the answers that count, as they are now."""
    counted = Response.objects.counted().filter(cancellation__in=departures)
    written = Answer.objects.filter(response__in=counted).exclude(text="")
    return written.order_by("response", "pk").values_list("response__cancellation", "text")


def answered_since() -> Q:
    """Departures with an answer that came in, such as from a file, after they were read."""
    newer = Response.objects.counted().filter(
        cancellation=OuterRef("pk"), changed_at__gt=OuterRef("read_at")
    )
    return Q(Exists(newer))
