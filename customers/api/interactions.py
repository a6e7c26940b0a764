"""Timelines: `/api/v1/interactions/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict, person_shown, shown
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from customers.models import Contact, Interaction
from customers.services.interactions import change_interaction, log_interaction

Kind = Interaction.Kind
WRITTEN = [
    (kind.value, kind.label)
    for kind in (
        Kind.EMAIL,
        Kind.CALL,
        Kind.MEETING,
        Kind.TICKET,
        Kind.SOCIAL,
        Kind.REVIEW,
        Kind.NOTE,
    )
]


class InteractionSerializer(serializers.ModelSerializer):
    """One entry on a timeline; events of the product itself carry a `verb` and its `facts`."""

    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    author_email = person_shown("author")
    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Interaction
        fields = [
            "id", "customer_id", "contact_email", "external_id", "kind", "verb", "facts",
            "occurred_at", "summary", "sentiment", "score", "status", "first_reply_at", "closed_at",
            "complaint", "author_email",
        ]  # fmt: skip
        read_only_fields = fields


class InteractionChangeSerializer(Strict, serializers.ModelSerializer):
    """What happens to a ticket or a talk afterwards."""

    class Meta:
        model = Interaction
        fields = [
            "occurred_at", "summary", "sentiment", "status", "first_reply_at", "closed_at",
            "complaint",
        ]  # fmt: skip
        extra_kwargs = {
            "sentiment": {"min_value": -1, "max_value": 1},
            "summary": {"max_length": 20_000},
        }


class InteractionLogSerializer(InteractionChangeSerializer):
    """Something that was said or written; `external_id` makes that it is taken once."""

    customer_id = CustomerReference(source="customer")
    contact_email = serializers.EmailField(required=False)
    kind = serializers.ChoiceField(choices=WRITTEN)
    external_id = serializers.CharField(max_length=200, required=False)

    class Meta(InteractionChangeSerializer.Meta):
        fields = [
            "customer_id", "contact_email", "external_id", "kind",
            *InteractionChangeSerializer.Meta.fields,
        ]  # fmt: skip

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        email = values.pop("contact_email", None)
        if email is not None:
            values["contact"] = Contact.objects.filter(
                customer=values["customer"], email__iexact=email
            ).first()
            if values["contact"] is None:
                raise serializers.ValidationError(
                    {"contact_email": [_("This customer has no such contact.")]}
                )
        return values


class InteractionFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    kind = django_filters.MultipleChoiceFilter(choices=Kind.choices)
    status = django_filters.MultipleChoiceFilter(choices=Interaction.Status.choices)
    complaint = django_filters.BooleanFilter()
    external_id = django_filters.CharFilter()
    occurred_from = MomentFilter("occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter("occurred_at", lookup_expr="lte")


class Interactions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Timelines of the customers that the caller may see."""

    noun = "interaction"
    queryset = Interaction.objects.all()
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter

    def get_queryset(self) -> QuerySet[Interaction]:
        return self.visible(Interaction.objects.select_related("customer", "contact", "author"))

    def create(self, _request: Request) -> Response:
        """Put a mail, call, meeting, ticket, review or note on a customer's timeline."""
        entry = log_interaction(self.asked(InteractionLogSerializer), by=self.user)
        return self.answer(entry.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say how a ticket went on, or correct an entry."""
        entry = self.get_object()
        values = self.asked(InteractionChangeSerializer, instance=entry, partial=True)
        change_interaction(entry, values, by=self.user)
        return self.answer(entry.pk)
