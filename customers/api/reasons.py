"""Reasons for leaving: `/api/v1/reasons/`."""

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers

from customers.api.fields import shown
from customers.api.nouns import Noun
from customers.models import CancellationReason, ReasonCategory, ReasonVersion


class ReasonSerializer(serializers.ModelSerializer):
    """A cause of leaving by its key, as it is worded and sorted now."""

    version = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    category = serializers.SerializerMethodField()
    avoidable = serializers.SerializerMethodField()
    asks = serializers.SerializerMethodField()
    merged_into = shown("key")

    class Meta:
        model = CancellationReason
        fields = [
            "id", "key", "version", "labels", "category", "avoidable", "asks", "merged_into",
            "retired_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_version(self, reason: CancellationReason) -> int | None:
        latest = self.latest(reason)
        return latest.version if latest else None

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_labels(self, reason: CancellationReason) -> dict[str, str]:
        latest = self.latest(reason)
        return dict(latest.labels) if latest else {}

    @extend_schema_field(serializers.ChoiceField(choices=ReasonCategory.choices))
    def get_category(self, reason: CancellationReason) -> str:
        latest = self.latest(reason)
        return latest.category if latest else ReasonCategory.UNSORTED.value

    def get_avoidable(self, reason: CancellationReason) -> bool | None:
        latest = self.latest(reason)
        return latest.avoidable if latest else None

    def get_asks(self, reason: CancellationReason) -> str:
        latest = self.latest(reason)
        return latest.asks if latest else ""

    @staticmethod
    def latest(reason: CancellationReason) -> ReasonVersion | None:
        """Versions come newest first."""
        return next(iter(reason.versions.all()), None)


class ReasonFilter(django_filters.FilterSet):
    key = django_filters.CharFilter()
    retired = django_filters.BooleanFilter("retired_at", lookup_expr="isnull", exclude=True)


class Reasons(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """The list of reasons for leaving, retired ones included."""

    noun = "cancellationreason"
    queryset = CancellationReason.objects.select_related("merged_into").prefetch_related("versions")
    serializer_class = ReasonSerializer
    filterset_class = ReasonFilter
