"""Customers: `/api/v1/customers/`."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import Filter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.common.errors import RuleError
from customers.api.fields import CustomerReference, Strict, person_reference, shown
from customers.api.nouns import Noun, StrictFilters
from customers.filters import (
    AnyChoice,
    CustomerFilter,
    ManyValuesFilter,
    WholeNumber,
    YesOrNo,
    unknown_name,
)
from customers.models import Customer, Standing
from customers.services.connections import merge_customers
from customers.services.customers import add_customer, change_customer
from customers.services.owners import hand_over
from customers.services.staff import check_at_work


class StandingSerializer(serializers.ModelSerializer):
    """How a customer stands; made from terms for lists, figures never come from here."""

    plan = shown("code")

    class Meta:
        model = Standing
        fields = [
            "as_of", "state", "arr_minor", "plan", "first_paid_on", "lost_on", "next_end_on",
            "contract_ends_on", "notice_by", "last_used_on", "risk",
        ]  # fmt: skip
        read_only_fields = fields


class CustomerSerializer(Strict, serializers.ModelSerializer):
    """A customer; `customer_id` is what other systems call it, `id` stands in addresses."""

    customer_id = serializers.CharField(source="external_id", max_length=200)
    parent_id = CustomerReference(source="parent", required=False, allow_null=True)
    owner_email = person_reference(source="owner", required=False, allow_null=True)
    signed_up_on = serializers.DateField(required=False, allow_null=True)
    attributes = serializers.DictField(required=False)
    standing = StandingSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Customer
        fields = [
            "id", "customer_id", "name", "organisation_number", "parent_id", "owner_email",
            "signed_up_on", "country", "language", "currency", "attributes", "never_automatic",
            "created_at", "standing",
        ]  # fmt: skip
        read_only_fields = ["id", "created_at"]


class CustomerChangeSerializer(CustomerSerializer):
    """What of a customer can be changed: all but the id that others know it by."""

    customer_id = serializers.CharField(source="external_id", read_only=True)


class HandOverSerializer(Strict):
    """Who takes over, from which day on, and what they should know."""

    to = person_reference(help_text="An e-mail address.")
    on = serializers.DateField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=5_000)


class MergeSerializer(Strict):
    """The record that goes."""

    merged = CustomerReference(help_text="Its `customer_id`.")


class SegmentFilters(StrictFilters):
    """Names that are no field's are attributes; one that no customer has is a 400."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Customer], view: Any
    ) -> QuerySet[Customer]:
        if view.detail:
            return queryset
        chosen = self.get_filterset(request, queryset, view)
        for name in chosen.attributes:
            if not queryset.filter(attributes__has_key=name).exists():
                raise RuleError(unknown_name(name, sorted(chosen.filters)), field=name)
        if not chosen.is_valid():
            raise serializers.ValidationError(chosen.errors)
        return chosen.qs


class ListFilter(CustomerFilter):
    """The customer list's filters, described: most take several values."""


def schema_of(one: Filter) -> dict[str, Any] | None:
    """How the schema describes a filter that asks a question; None for what it knows itself."""
    if isinstance(one, ManyValuesFilter):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(one, AnyChoice):
        words = [value for value, _label in one.extra["choices"]]
        return {"type": "array", "items": {"type": "string", "enum": words}}
    if isinstance(one, YesOrNo):
        return {"type": "boolean"}
    if isinstance(one, WholeNumber):
        return {"type": "integer", "minimum": one.extra["min_value"]}
    return None


for _filter in ListFilter.base_filters.values():
    if _described := schema_of(_filter):
        extend_schema_field(_described)(_filter)


class Customers(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Customers that the caller may see; other names in the query are attributes to filter by."""

    noun = "customer"
    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    filterset_class = ListFilter
    filter_backends = (SegmentFilters,)

    def get_queryset(self) -> QuerySet[Customer]:
        together = ("standing__plan", "owner", "parent")
        return Customer.objects.visible_to(self.user).select_related(*together)

    def get_serializer_class(self) -> Any:
        return CustomerChangeSerializer if self.action == "partial_update" else CustomerSerializer

    def create(self, _request: Request) -> Response:
        """Add a customer that pays nothing yet."""
        values = self.asked(CustomerSerializer)
        external_id, owner = values.pop("external_id"), values.pop("owner", None)
        check_at_work(owner, field="owner_email")
        customer = add_customer(external_id, values, owner=owner, by=self.user)
        return self.answer(customer.pk, status=201)

    @extend_schema(request=HandOverSerializer, responses=CustomerSerializer)
    @action(methods=["post"], detail=True)
    def hand_over(self, _request: Request, **_address: str) -> Response:
        """Another owner from a day on, today or later, with open tasks and a note."""
        customer, values = self.get_object(), self.asked(HandOverSerializer)
        hand_over([customer], **values, by=self.user)
        return self.answer(customer.pk)

    @extend_schema(request=MergeSerializer, responses=CustomerSerializer)
    @action(methods=["post"], detail=True)
    def merge(self, _request: Request, **_address: str) -> Response:
        """Make one customer of two records: this one is kept, the other's id still leads here."""
        kept, values = self.get_object(), self.asked(MergeSerializer)
        merge_customers(kept, values["merged"], by=self.user)
        return self.answer(kept.pk)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a customer; another owner takes over today, with its open tasks."""
        customer = self.get_object()
        values = self.asked(CustomerChangeSerializer, instance=customer, partial=True)
        owner = values.pop("owner", customer.owner)
        with transaction.atomic():
            change_customer(customer, values, seen={}, by=self.user)
            if owner != customer.owner:
                if owner is None:
                    raise RuleError(_("Name who takes over."), field="owner_email")
                check_at_work(owner, field="owner_email")
                hand_over([customer], to=owner, on=timezone.localdate(), by=self.user)
        return self.answer(customer.pk)
