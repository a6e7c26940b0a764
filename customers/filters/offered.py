"""Values to choose from, each as it stands in a query and as a person calls it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from customers.models import (
    CancellationReason,
    Competitor,
    Feature,
    Plan,
    ReasonVersion,
    RiskRule,
    Segment,
)

ANYTHING = "*"  # whatever was said, as long as something was


def plans() -> Iterable[tuple[str, str]]:
    return [(plan.code, str(plan)) for plan in Plan.objects.all()]


def features() -> Iterable[tuple[str, str]]:
    return [(feature.code, str(feature)) for feature in Feature.objects.all()]


def reasons() -> Iterable[tuple[str, str]]:
    """Reasons that count by themselves, as they are worded now, in the order of their list."""
    return _worded(CancellationReason.objects.filter(merged_into=None))


def reasons_in_use() -> Iterable[tuple[str, str]]:
    """Those that are not retired either."""
    return _worded(CancellationReason.objects.filter(merged_into=None, retired_at=None))


def _worded(standing: QuerySet[CancellationReason]) -> Iterable[tuple[str, str]]:
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    words = {one.reason_id: str(one) for one in newest}
    return [(one.key, words.get(one.pk, one.key)) for one in standing]


def competitors() -> Iterable[tuple[str, str]]:
    return [(name, name) for name in Competitor.objects.entries().values_list("name", flat=True)]


def rules() -> Iterable[tuple[str, str]]:
    """Early-warning rules by their keys; those of one key are one choice."""
    return list({rule.key: str(rule) for rule in RiskRule.objects.all()}.items())


def segments() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Segment.objects.in_use()]
