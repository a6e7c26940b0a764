"""Segments: `/api/v1/segments/`."""

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.customers import CustomerSerializer
from customers.api.fields import Strict, person_shown
from customers.api.nouns import PAGE_NAMES, Noun, refuse_unknown
from customers.models import Customer, Segment
from customers.segments import Size, contacts_of, members
from customers.services.segments import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_QUERY,
    SegmentDetails,
    archive_segment,
    bring_back_segment,
    change_segment,
    freeze_segment,
    make_segment,
    thaw_segment,
)


class SegmentSerializer(serializers.ModelSerializer):
    """Customers by the conditions of `query`; from `frozen_at` on those who met them then."""

    created_by_email = person_shown("created_by")
    changed_by_email = person_shown("changed_by")

    class Meta:
        model = Segment
        fields = [
            "id", "name", "description", "query", "contact_query", "frozen_at", "created_at",
            "created_by_email", "changed_at", "changed_by_email", "archived_at",
        ]  # fmt: skip
        read_only_fields = fields


class DetailsSerializer(Strict):
    """What a segment is called, and whom it chooses."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        help_text="Filters of customers as a query string, such as `state=lost&reason=price`.",
    )
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True
    )
    contact_query = serializers.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        allow_blank=True,
        help_text="Which people at them, such as `contact_role=champion&contact_language=nb`.",
    )


class SizeSerializer(serializers.Serializer):
    """How many customers the caller may see of it, what they pay a year, and how many people."""

    customers = serializers.IntegerField(read_only=True)
    arr_minor = serializers.IntegerField(read_only=True)
    contacts = serializers.IntegerField(read_only=True)


def details_of(segment: Segment) -> SegmentDetails:
    return SegmentDetails(segment.name, segment.query, segment.description, segment.contact_query)


class SegmentFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="iexact")
    frozen = django_filters.BooleanFilter("frozen_at", lookup_expr="isnull", exclude=True)
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class Segments(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Saved conditions on customers, archived ones included."""

    noun = "segment"
    queryset = Segment.objects.all()
    serializer_class = SegmentSerializer
    filterset_class = SegmentFilter

    def get_queryset(self) -> QuerySet[Segment]:
        return Segment.objects.select_related("created_by", "changed_by")

    @extend_schema(request=DetailsSerializer, responses={201: SegmentSerializer})
    def create(self, _request: Request) -> Response:
        """Make a segment; it holds whoever meets its conditions."""
        segment = make_segment(SegmentDetails(**self.asked(DetailsSerializer)), by=self.user)
        return self.answer(segment.pk, status=201)

    @extend_schema(request=DetailsSerializer, responses=SegmentSerializer)
    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say it otherwise; a frozen one keeps its conditions."""
        segment = self.get_object()
        given = self.asked(DetailsSerializer, partial=True)
        change_segment(segment, replace(details_of(segment), **given), by=self.user)
        return self.answer(segment.pk)

    @extend_schema(responses=CustomerSerializer(many=True), filters=False)
    @action(methods=["get"], detail=True)
    def members(self, request: Request, **_address: str) -> Response:
        """The customers in it that the caller may see, page by page."""
        refuse_unknown(request.query_params, PAGE_NAMES)
        together = ("standing__plan", "owner", "parent")
        found: QuerySet[Customer] = members(self.get_object(), self.user)
        page = self.paginate_queryset(found.select_related(*together))
        shown = CustomerSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)

    @extend_schema(responses=SizeSerializer)
    @action(methods=["get"], detail=True)
    def size(self, _request: Request, **_address: str) -> Response:
        """How large it is now, or has been since it was frozen."""
        segment = self.get_object()
        size = Size.of(members(segment, self.user))
        told: dict[str, Any] = {"customers": size.customers, "arr_minor": size.arr_minor}
        return Response(told | {"contacts": contacts_of(segment, self.user).count()})

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(methods=["post"], detail=True)
    def freeze(self, _request: Request, **_address: str) -> Response:
        """Keep the members that it has now; a frozen one stays as it is."""
        segment = freeze_segment(self.get_object(), by=self.user)
        return self.answer(segment.pk)

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(methods=["post"], detail=True)
    def thaw(self, _request: Request, **_address: str) -> Response:
        """Let it hold whoever meets its conditions again."""
        segment = thaw_segment(self.get_object(), by=self.user)
        return self.answer(segment.pk)

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Offer it nowhere; where it is in use it goes on meaning the same."""
        segment = archive_segment(self.get_object(), by=self.user)
        return self.answer(segment.pk)

    @extend_schema(request=None, responses=SegmentSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Offer an archived one again."""
        segment = bring_back_segment(self.get_object(), by=self.user)
        return self.answer(segment.pk)
