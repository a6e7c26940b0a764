"""Figures: `/api/v1/metrics/`, `/api/v1/movements/` and `/api/v1/cohorts/`.

The same questions, names and answers as the commands `metrics`, `movements` and `cohorts`.
"""

from datetime import UTC
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from churnapp.common.errors import RuleError
from churnapp.common.periods import INTERVALS, Period, parse_interval, parse_period
from churnapp.permissions import sees_everything
from customers.api.fields import Strict
from customers.api.figure_answers import CohortsSerializer, MetricsSerializer, MovementSerializer
from customers.api.nouns import AtHome
from customers.filters import segment
from customers.metrics.cohorts import BEGINS, BY, MEASURES, CohortQuestion, cohort_table
from customers.metrics.groups import check_group
from customers.metrics.lists import KINDS, external_ids, movements
from customers.metrics.question import Basis, ask, between
from customers.metrics.rendering import cohorts_json, metrics_json, movement_rows
from customers.metrics.reports import metrics_report
from customers.models import Customer


class AskedSerializer(Strict):
    """What every question may say."""

    segment = serializers.CharField(
        required=False, max_length=2000, help_text="A query string, such as `plan=pro&country=NO`."
    )
    known_at = serializers.DateTimeField(
        required=False, help_text="As known at this moment; now, if not given."
    )


class PeriodsSerializer(AskedSerializer):
    """Periods, both included: `2025-02`, `2025-Q1`, `2025-W05`, `2025` or a day."""

    def get_fields(self) -> dict[str, serializers.Field]:
        own = {
            "from": serializers.CharField(max_length=20, help_text="The first period."),
            "to": serializers.CharField(max_length=20, help_text="The last period, included."),
        }
        return own | super().get_fields()


class MetricsAskedSerializer(PeriodsSerializer):
    interval = serializers.ChoiceField(choices=list(INTERVALS), default="month")


class MovementsAskedSerializer(PeriodsSerializer):
    kind = serializers.ChoiceField(choices=list(KINDS), required=False)


class CohortsAskedSerializer(AskedSerializer):
    by = serializers.ChoiceField(choices=list(BY), default="month")
    cohort = serializers.ChoiceField(choices=list(BEGINS), default="first_paid")
    measure = serializers.ChoiceField(choices=list(MEASURES), default="customers")
    group = serializers.CharField(required=False, max_length=200)


class Figures(AtHome, APIView):
    """A question about the customers that the caller may see."""

    permission_needed: ClassVar[dict[str, str]] = dict.fromkeys(
        ("GET", "POST", "PUT", "PATCH", "DELETE"), "customers.view_customer"
    )
    asked_serializer: type[AskedSerializer] = AskedSerializer
    metadata_class = None

    def asked(self) -> dict[str, Any]:
        serializer = self.asked_serializer(data=self.request.query_params.dict())
        serializer.is_valid(raise_exception=True)
        given = {"known_at": timezone.now()} | serializer.validated_data
        return given | {"known_at": given["known_at"].astimezone(UTC)}

    def customers(self, asked: dict[str, Any]) -> QuerySet[Customer] | None:
        """None for all, which saves the engine a question."""
        query = asked.get("segment", "")
        if not query and sees_everything(self.user, self.organisation):
            return None
        visible = Customer.objects.visible_to(self.user)
        if not query:
            return visible
        return segment(query, visible, user=self.user, known_at=asked["known_at"])

    def period(self, asked: dict[str, Any], name: str) -> Period:
        """The period that a field names; ValidationError for one out of all reason."""
        try:
            return parse_period(asked[name], self.organisation.fiscal_year_start_month)
        except RuleError as refusal:
            raise serializers.ValidationError({name: [str(refusal)]}) from refusal


class Metrics(Figures):
    """Every figure of every period."""

    asked_serializer = MetricsAskedSerializer

    @extend_schema(parameters=[MetricsAskedSerializer], responses=MetricsSerializer)
    def get(self, _request: Request) -> Response:
        """Churn, retention and revenue figures of each period."""
        asked = self.asked()
        question = ask(
            self.organisation,
            self.period(asked, "from").start,
            self.period(asked, "to").last_on,
            known_at=asked["known_at"],
            interval=parse_interval(asked["interval"]),
            customers=self.customers(asked),
        )
        return Response(metrics_json(metrics_report(question)))


class Movements(Figures):
    """The customers behind a sum."""

    asked_serializer = MovementsAskedSerializer

    @extend_schema(parameters=[MovementsAskedSerializer], responses=MovementSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """The movements of customers between two days, both included."""
        asked = self.asked()
        question = between(
            self.organisation,
            self.period(asked, "from").start,
            self.period(asked, "to").end,
            known_at=asked["known_at"],
            customers=self.customers(asked),
        )
        found = movements(question, asked.get("kind"))
        ids = external_ids(movement.customer_id for movement in found)
        return Response(movement_rows(found, ids, self.organisation.currency))


class Cohorts(Figures):
    """How those who began together stay."""

    asked_serializer = CohortsAskedSerializer

    @extend_schema(parameters=[CohortsAskedSerializer], responses=CohortsSerializer)
    def get(self, _request: Request) -> Response:
        """Retention by cohort, in customers or in money."""
        asked = self.asked()
        check_group(asked.get("group"))
        question = CohortQuestion(
            basis=Basis.of(self.organisation),
            known_at=asked["known_at"],
            by=asked["by"],
            begin=asked["cohort"],
            measure=asked["measure"],
            group=asked.get("group"),
            customers=self.customers(asked),
        )
        return Response(cohorts_json(cohort_table(question)))
