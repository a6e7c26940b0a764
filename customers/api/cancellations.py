"""Departures: `/api/v1/cancellations/`."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.models import User
from customers.api.fields import (
    CustomerReference,
    Strict,
    SubscriptionReference,
    person_shown,
    reason_reference,
)
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Cancellation, ReasonView
from customers.models.cancellation import CancellationQuerySet
from customers.rivals import named
from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
    record_cancellation_once,
    withdraw_cancellation,
)


class CancellationSerializer(Strict, serializers.ModelSerializer):
    """That a customer leaves, or one subscription ends, and why. The terms say what it lost."""

    customer_id = CustomerReference(source="customer")
    subscription_id = SubscriptionReference(source="subscription", required=False, allow_null=True)
    external_id = serializers.CharField(max_length=200, required=False, allow_null=True)
    reason = reason_reference(required=False, allow_null=True)
    stated_reason = reason_reference(required=False, allow_null=True)
    csm_reason = reason_reference(required=False, allow_null=True)
    lost_arr_minor = serializers.IntegerField(read_only=True)
    recorded_by_email = person_shown("recorded_by")

    class Meta:
        model = Cancellation
        fields = [
            "id", "customer_id", "subscription_id", "external_id", "requested_at", "effective_on",
            "reason", "stated_reason", "csm_reason", "comment", "competitor", "missing_feature",
            "involuntary", "recorded_at", "recorded_by_email", "withdrawn_at",
            "ended_terms", "lost_arr_minor",
        ]  # fmt: skip
        read_only_fields = ["recorded_at", "withdrawn_at", "ended_terms"]


class AmendSerializer(CancellationSerializer):
    """What may turn out to be otherwise; whom it concerns stays."""

    customer_id = CustomerReference(source="customer", read_only=True)
    subscription_id = SubscriptionReference(source="subscription", read_only=True, allow_null=True)
    external_id = serializers.CharField(read_only=True, allow_null=True)


class CancellationFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    external_id = django_filters.CharFilter()
    reason = django_filters.CharFilter(field_name="reason__key")
    competitor = django_filters.CharFilter(method="by_rival")
    involuntary = django_filters.BooleanFilter()
    withdrawn = django_filters.BooleanFilter("withdrawn_at", lookup_expr="isnull", exclude=True)
    effective_from = django_filters.DateFilter("effective_on", lookup_expr="gte")
    effective_to = django_filters.DateFilter("effective_on", lookup_expr="lte")

    def by_rival(
        self, rows: CancellationQuerySet, _name: str, value: str
    ) -> QuerySet[Cancellation]:
        """By any name that the competitor goes by."""
        return rows.with_rival().filter(named([value]))


class Cancellations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Departures of the customers that the caller may see."""

    noun = "cancellation"
    queryset = Cancellation.objects.all()
    serializer_class = CancellationSerializer
    filterset_class = CancellationFilter

    def get_queryset(self) -> QuerySet[Cancellation]:
        together = ("customer", "subscription", "reason", "recorded_by")
        views = Prefetch("views", ReasonView.objects.telling().select_related("reason"))
        found = Cancellation.objects.with_lost_arr().select_related(*together)
        return self.visible(found.prefetch_related(views))

    def get_serializer_class(self) -> type[CancellationSerializer]:
        return AmendSerializer if self.action == "partial_update" else CancellationSerializer

    @extend_schema(responses={201: CancellationSerializer, 200: CancellationSerializer})
    def create(self, _request: Request) -> Response:
        """Record that a customer leaves, or one subscription ends: its terms end on the day.

        With an `external_id` of your own it is recorded once: sent again, the answer is 200.
        """
        recorded, is_new = record(self.asked(CancellationSerializer), by=self.user)
        return self.answer(recorded.pk, status=201 if is_new else 200)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Amend a cancellation; another day moves the ends of its terms."""
        cancellation = self.get_object()
        was = {
            name: getattr(cancellation, name) for name in CancellationDetails.__dataclass_fields__
        }
        values = self.asked(AmendSerializer, instance=cancellation, partial=True)
        amend_cancellation(cancellation, CancellationDetails(**(was | values)), by=self.user)
        return self.answer(cancellation.pk)

    @extend_schema(request=None, responses=CancellationSerializer)
    @action(methods=["post"], detail=True)
    def withdraw(self, _request: Request, **_address: str) -> Response:
        """Say that it does not stand: its terms run on as they would have."""
        cancellation = self.get_object()
        withdraw_cancellation(cancellation, by=self.user)
        return self.answer(cancellation.pk)


def record(values: dict[str, Any], *, by: User) -> tuple[Cancellation, bool]:
    """What the serializer read, recorded, and whether it is new. RuleError as the services say."""
    customer, external_id = values.pop("customer"), values.pop("external_id", None)
    details = CancellationDetails(**values)
    if external_id is None:
        return record_cancellation(customer, details, by=by), True
    return record_cancellation_once(customer, details, external_id, by=by)
