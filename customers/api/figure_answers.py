"""The shapes of figures in the schema; the engine's rendering makes the answers themselves."""

from rest_framework import serializers

from customers.metrics.definitions import DEFINITIONS, Definition


def field_of(definition: Definition) -> serializers.Field:
    """Counts and minor units are integers, money is text in major units, the rest are numbers."""
    words = str(definition.words)
    if definition.unit in {"count", "minor"}:
        return serializers.IntegerField(allow_null=True, help_text=words)
    if definition.unit == "money":
        return serializers.CharField(allow_null=True, help_text=words)
    return serializers.FloatField(allow_null=True, help_text=words)


class PeriodSerializer(serializers.Serializer):
    """One period's figures by their keys."""

    start = serializers.DateField()
    end = serializers.DateField(help_text="The first day after the period.")

    def get_fields(self) -> dict[str, serializers.Field]:
        head = {
            "partial": serializers.BooleanField(help_text="It was not over on the day of known_at.")
        }
        figures = {key: field_of(definition) for key, definition in DEFINITIONS.items()}
        return super().get_fields() | head | figures


class MetricsSerializer(serializers.Serializer):
    """Every figure of every period."""

    currency = serializers.CharField()
    interval = serializers.CharField()
    convention = serializers.CharField()
    churn_date = serializers.CharField()
    known_at = serializers.DateTimeField()
    periods = PeriodSerializer(many=True)


class MovementSerializer(serializers.Serializer):
    """A change of one customer's balance on a day; losses are negative."""

    on = serializers.DateField()
    customer_id = serializers.CharField()
    kind = serializers.CharField()
    arr_minor = serializers.IntegerField()
    mrr = serializers.CharField()
    currency = serializers.CharField()


class CohortSerializer(serializers.Serializer):
    """Those who began together; a cell an age."""

    cohort = serializers.DateField()
    group = serializers.CharField(allow_null=True)
    size = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.FloatField())


class CohortsSerializer(serializers.Serializer):
    """All cohorts, and their mean weighted by size."""

    measure = serializers.CharField()
    cohorts = CohortSerializer(many=True)
    weighted_mean = serializers.ListField(child=serializers.FloatField(allow_null=True))
