"""Serializers that refuse unknown fields, and references by the names that files use, too."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from churnapp.models import User
from customers.models import (
    Cancellation,
    CancellationReason,
    Customer,
    CustomerAlias,
    Feature,
    Plan,
    Subscription,
)


class Strict(serializers.Serializer):
    """Every field of a request is known and writable, or the request is refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            wrong = [name for name in data if name not in writable]
            if wrong:
                raise serializers.ValidationError({name: [self.why_not(name)] for name in wrong})
        return super().to_internal_value(data)

    def why_not(self, name: str) -> str:
        if name in self.fields:
            return _("This can be read, not written here.")
        return _("There is no such field.")


@extend_schema_field(OpenApiTypes.STR)
class Reference(serializers.SlugRelatedField):
    """Another thing by its stable name."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class VisibleReference(Reference):
    """One that the user may see; others do not exist."""

    def get_queryset(self) -> QuerySet[Any]:
        visible = Customer.objects.visible_to(self.context["request"].user)
        return self.of_visible(visible)

    @abstractmethod
    def of_visible(self, visible: QuerySet[Customer]) -> QuerySet[Any]:
        """The things that may be meant, by the customers that the user may see."""


class CustomerReference(VisibleReference):
    """A customer, by the id that other systems call it, or did before it was merged."""

    def __init__(self, **options: Any) -> None:
        read_only = options.get("read_only", False)
        queryset = None if read_only else Customer.objects.all()
        super().__init__(slug_field="external_id", queryset=queryset, **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError as refusal:
            if refusal.get_codes() != ["does_not_exist"]:
                raise
            former = CustomerAlias.objects.filter(external_id=data)
            alias = former.filter(customer__in=self.get_queryset()).first()
            if alias is None:
                raise
            return alias.customer

    def of_visible(self, visible: QuerySet[Customer]) -> QuerySet[Customer]:
        return visible


class SubscriptionReference(VisibleReference):
    """A subscription, by its id in files."""

    def __init__(self, **options: Any) -> None:
        read_only = options.get("read_only", False)
        queryset = None if read_only else Subscription.objects.all()
        super().__init__(slug_field="external_id", queryset=queryset, **options)

    def of_visible(self, visible: QuerySet[Customer]) -> QuerySet[Subscription]:
        return Subscription.objects.filter(customer__in=visible)


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 200}]})
class CancellationReference(serializers.Field):
    """A cancellation, by its id here or by the id that a file or another program calls it."""

    def to_internal_value(self, data: Any) -> Cancellation:
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise serializers.ValidationError(_("Send a number, or the external_id as text."))
        visible = Customer.objects.visible_to(self.context["request"].user)
        known = {"pk": data} if isinstance(data, int) else {"external_id": data}
        found = Cancellation.objects.filter(customer__in=visible, **known).first()
        if found is None:
            raise serializers.ValidationError(
                _(
                    "There is no cancellation %(value)s that you may see. Send its id as a number,"
                    " or its external_id as text."
                )
                % {"value": json.dumps(data, ensure_ascii=False)}
            )
        return found

    def to_representation(self, value: Cancellation) -> int:
        return value.pk


def plan_reference(**options: Any) -> Reference:
    """A plan, by its code."""
    return Reference(slug_field="code", queryset=Plan.objects.all(), **options)


def features_reference(**options: Any) -> Any:
    """Features, by their codes."""
    return Reference(slug_field="code", queryset=Feature.objects.all(), many=True, **options)


class ReasonReference(Reference):
    """A reason for leaving, by its key; the list is asked for once for all fields."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        context = cast("dict[str, Any]", self.context)
        known = context.get("reasons")
        if known is None:
            known = {reason.key: reason for reason in CancellationReason.objects.all()}
            context["reasons"] = known
        if data not in known:
            self.fail("does_not_exist", slug_name=self.slug_field, value=data)
        return known[data]


def reason_reference(**options: Any) -> Reference:
    """A reason for leaving, by its key."""
    return ReasonReference(slug_field="key", queryset=CancellationReason.objects.all(), **options)


def person_reference(**options: Any) -> Reference:
    """A member of staff, by address."""
    people = User.objects.filter(is_active=True)
    return Reference(slug_field="email", queryset=people, **options)


def shown(name: str, **options: Any) -> Reference:
    """Another thing to be read only, by the field that names it."""
    return Reference(slug_field=name, read_only=True, allow_null=True, **options)


def person_shown(source: str) -> Reference:
    """A member of staff to be read only, by address."""
    return shown("email", source=source)
