"""Daily counts of use: `/api/v1/usage/`."""

from collections import Counter
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict, shown
from customers.api.idempotency import OTHERWISE, PARAMETER, answer_once
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Customer, CustomerAlias, Feature, Subscription, Usage
from customers.services.usage import UsageKey, record_usage

MOST_ROWS = 10_000
LARGEST = 2**53
Refusals = dict[int, dict[str, list[str]]]


class UsageSerializer(serializers.ModelSerializer):
    """How often a customer used a feature on a day."""

    customer_id = CustomerReference(source="customer", read_only=True)
    feature = shown("code")

    class Meta:
        model = Usage
        fields = ["id", "customer_id", "feature", "day", "count"]
        read_only_fields = fields


class CountSerializer(Strict):
    """One count; `subscription_id` may stand in for `customer_id`."""

    customer_id = serializers.CharField(max_length=200, required=False)
    subscription_id = serializers.CharField(max_length=400, required=False)
    feature = serializers.CharField(max_length=200)
    day = serializers.DateField()
    count = serializers.IntegerField(min_value=0, max_value=LARGEST)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("customer_id" in values) == ("subscription_id" in values):
            raise serializers.ValidationError(
                {"customer_id": [_("Give either customer_id or subscription_id.")]}
            )
        return values


class CountsSerializer(Strict):
    """Rows with the same customer, feature and day are added up, and replace what was there."""

    rows = serializers.ListField(child=CountSerializer(), min_length=1, max_length=MOST_ROWS)


class RecordedSerializer(serializers.Serializer):
    """What became of the rows, counted by customer, feature and day."""

    rows = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class UsageFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    feature = django_filters.CharFilter(field_name="feature__code")
    day_from = django_filters.DateFilter("day", lookup_expr="gte")
    day_to = django_filters.DateFilter("day", lookup_expr="lte")


class UsageCounts(mixins.ListModelMixin, Noun):
    """Use by the customers that the caller may see."""

    noun = "usage"
    queryset = Usage.objects.all()
    serializer_class = UsageSerializer
    filterset_class = UsageFilter

    def get_queryset(self) -> QuerySet[Usage]:
        return self.visible(Usage.objects.select_related("customer", "feature"))

    @extend_schema(
        request=CountsSerializer,
        responses={200: RecordedSerializer, 409: OTHERWISE},
        parameters=[PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Record counts of days, all of them or, where one is wrong, none."""
        return answer_once(request, self.user, self.record)

    def record(self) -> Response:
        rows = self.asked(CountsSerializer)["rows"]
        changes = record_usage(self.resolved(rows), by=self.user)
        answer = {"rows": len(rows)} | vars(changes)
        return Response(RecordedSerializer(answer).data)

    def resolved(self, rows: list[dict[str, Any]]) -> Counter[UsageKey]:
        """Counts by customer, feature and day; ValidationError names each row that is wrong."""
        customers, subscriptions = self.customers_in(rows), self.subscriptions_in(rows)
        codes = {row["feature"] for row in rows}
        features = dict(Feature.objects.filter(code__in=codes).values_list("code", "pk"))
        counts: Counter[UsageKey] = Counter()
        wrong: Refusals = {}
        for number, row in enumerate(rows):
            customer = customers.get(row.get("customer_id", ""))
            customer = customer or subscriptions.get(row.get("subscription_id", ""))
            feature = features.get(row["feature"])
            if customer is None or feature is None:
                wrong[number] = refusal(row, customer)
            else:
                counts[customer, feature, row["day"]] += row["count"]
        refuse(wrong, counts)
        return counts

    def customers_in(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        ids = {row["customer_id"] for row in rows if "customer_id" in row}
        visible = Customer.objects.visible_to(self.user)
        found = dict(visible.filter(external_id__in=ids).values_list("external_id", "pk"))
        if ids - set(found):
            former = CustomerAlias.objects.filter(external_id__in=ids, customer__in=visible)
            found |= former.values_list("external_id", "customer")
        return found

    def subscriptions_in(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        ids = {row["subscription_id"] for row in rows if "subscription_id" in row}
        visible = self.visible(Subscription.objects.filter(external_id__in=ids))
        return dict(visible.values_list("external_id", "customer_id"))


def refusal(row: dict[str, Any], customer: int | None) -> dict[str, list[str]]:
    if customer is None:
        name = "customer_id" if "customer_id" in row else "subscription_id"
        return {name: [_("There is none with this id.")]}
    return {"feature": [_("There is no feature with this code.")]}


def refuse(wrong: Refusals, counts: Counter[UsageKey]) -> None:
    if wrong:
        raise serializers.ValidationError({"rows": {str(n): why for n, why in wrong.items()}})
    if any(count > LARGEST for count in counts.values()):
        raise serializers.ValidationError({"rows": [_("Some counts add up to too much.")]})
