"""What is sold: `/api/v1/plans/` and `/api/v1/features/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import Strict, features_reference
from customers.api.nouns import Noun
from customers.models import Feature, Plan
from customers.services.catalogue import add_feature, add_plan, change_feature, change_plan


class PlanSerializer(Strict, serializers.ModelSerializer):
    """Something to subscribe to, with the features that belong to it."""

    features = features_reference(required=False)

    class Meta:
        model = Plan
        fields = ["id", "code", "name", "lapse_grace_days", "features"]


class PlanChangeSerializer(PlanSerializer):
    """A plan keeps its code: files and other programs know it by that."""

    class Meta(PlanSerializer.Meta):
        read_only_fields = ["code"]


class FeatureSerializer(Strict, serializers.ModelSerializer):
    """A part of the product that customers use, or don't."""

    class Meta:
        model = Feature
        fields = ["id", "code", "name", "released_on"]


class FeatureChangeSerializer(FeatureSerializer):
    """A feature keeps its code."""

    class Meta(FeatureSerializer.Meta):
        read_only_fields = ["code"]


class PlanFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()


class FeatureFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    plan = django_filters.CharFilter(field_name="plans__code")


class Plans(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """What is sold."""

    noun = "plan"
    queryset = Plan.objects.prefetch_related("features")
    serializer_class = PlanSerializer
    filterset_class = PlanFilter

    def get_serializer_class(self) -> type[PlanSerializer]:
        return PlanChangeSerializer if self.action == "partial_update" else PlanSerializer

    def create(self, _request: Request) -> Response:
        """Add a plan."""
        plan = add_plan(self.asked(PlanSerializer), by=self.user)
        return self.answer(plan.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a plan; `features` are all that belong to it."""
        plan = self.get_object()
        change_plan(
            plan, self.asked(PlanChangeSerializer, instance=plan, partial=True), by=self.user
        )
        return self.answer(plan.pk)


class Features(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Parts of the product whose use is counted."""

    noun = "feature"
    queryset = Feature.objects.all()
    serializer_class = FeatureSerializer
    filterset_class = FeatureFilter

    def get_queryset(self) -> QuerySet[Feature]:
        return super().get_queryset().distinct()

    def get_serializer_class(self) -> Any:
        return FeatureChangeSerializer if self.action == "partial_update" else FeatureSerializer

    def create(self, _request: Request) -> Response:
        """Add a feature."""
        feature = add_feature(self.asked(FeatureSerializer), by=self.user)
        return self.answer(feature.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a feature."""
        feature = self.get_object()
        values = self.asked(FeatureChangeSerializer, instance=feature, partial=True)
        change_feature(feature, values, by=self.user)
        return self.answer(feature.pk)
