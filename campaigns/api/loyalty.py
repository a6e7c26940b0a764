"""Loyalty levels: `/api/v1/loyalty-levels/`."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.offers import offer_reference
from campaigns.models import LoyaltyLevel
from campaigns.services.loyalty import (
    FIELDS,
    WITHIN,
    archive_level,
    bring_back_level,
    change_level,
    make_level,
)
from customers.api.fields import Strict, shown
from customers.api.nouns import Noun


def number(name: str, **options: Any) -> serializers.IntegerField:
    least, most = WITHIN[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False, **options)


class LoyaltyLevelSerializer(Strict, serializers.ModelSerializer):
    """A level that customers stand on: by months as a paying customer, by value a year, or both.

    `least_year_minor` is in the reporting currency. Of several that a customer has reached, the
    one of the highest `position` is theirs. `reward_id` is the offer that it gives.
    """

    position = number("position")
    least_months = number("least_months", allow_null=True)
    least_year_minor = number("least_year_minor", allow_null=True)
    reward = shown("name")
    reward_id = offer_reference(source="reward", required=False, allow_null=True)

    class Meta:
        model = LoyaltyLevel
        fields = [
            "id", "name", "position", "least_months", "least_year_minor", "reward", "reward_id",
            "given", "archived_at", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields = ["archived_at", "created_at", "changed_at"]
        extra_kwargs = {"name": {"validators": []}}


class LoyaltyLevelFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class LoyaltyLevels(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Loyalty levels; who stands on one: `customers/?loyalty_level=<id>`."""

    app, noun = "campaigns", "loyaltylevel"
    names_of = {"reward": "reward_id"}
    queryset = LoyaltyLevel.objects.select_related("reward")
    serializer_class = LoyaltyLevelSerializer
    filterset_class = LoyaltyLevelFilter

    def create(self, _request: Request) -> Response:
        """Make a level; everybody who has reached it gets its reward."""
        empty = LoyaltyLevel()
        begun: dict[str, Any] = {name: getattr(empty, name) for name in FIELDS}
        values = self.asked(LoyaltyLevelSerializer)
        return self.answer(make_level(begun | values, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say it otherwise; what was given stays."""
        level: LoyaltyLevel = self.get_object()
        values = self.asked(LoyaltyLevelSerializer, instance=level, partial=True)
        was: dict[str, Any] = {name: getattr(level, name) for name in FIELDS}
        change_level(level, was | values, seen_at=level.changed_at, by=self.user)
        return self.answer(level.pk)

    @extend_schema(request=None, responses=LoyaltyLevelSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Nobody stands on it any more; what was given stays."""
        return self.answer(archive_level(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=LoyaltyLevelSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving."""
        return self.answer(bring_back_level(self.get_object(), by=self.user).pk)
