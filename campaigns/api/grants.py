"""Offers made to customers: `/api/v1/grants/`."""

import hashlib
from collections.abc import Callable
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.offers import offer_reference
from campaigns.links import path_of
from campaigns.models import Grant
from campaigns.services import accepting
from campaigns.services.handing import Handing, offer_to
from campaigns.services.undoing import undo_acceptance
from customers.api.fields import CustomerReference, Strict, shown
from customers.api.idempotency import OTHERWISE, PARAMETER, answer_once, given_key
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun


class GrantSerializer(serializers.ModelSerializer):
    """That an offer was made to a customer, and what became of it.

    `cost_minor`, in the reporting currency, is what it would cost, and once accepted what it does.
    `agreed` says what was paid before and what is paid from when, as a year's price.
    """

    offer = shown("name")
    offer_id = serializers.IntegerField(read_only=True)
    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    state = serializers.ChoiceField(choices=Grant.State.choices, source="stands", read_only=True)
    made_by = shown("email")
    settled_by = shown("email")
    subscription_id = shown("external_id", source="subscription")
    agreed = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        fields = [
            "id", "offer", "offer_id", "customer_id", "contact_email", "state", "made_at",
            "made_by", "expires_at", "settled_at", "settled_by", "undone_at", "cost_minor",
            "subscription_id", "task", "agreed",
        ]  # fmt: skip
        read_only_fields = fields

    def get_agreed(self, grant: Grant) -> dict[str, Any]:
        return {name: grant.agreed[name] for name in ("before", "after") if name in grant.agreed}


class MakeSerializer(Strict):
    """Which offer is made to whom; `contact_email` names somebody at the customer."""

    offer_id = offer_reference(source="offer")
    customer_id = CustomerReference(source="customer")
    contact_email = serializers.EmailField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        address = values.pop("contact_email", None)
        values["contact"] = None
        if address:
            values["contact"] = values["customer"].contacts.filter(email__iexact=address).first()
            if values["contact"] is None:
                said = _("This customer has no contact %(email)s. Add them first, or leave it out.")
                raise serializers.ValidationError({"contact_email": [said % {"email": address}]})
        return values


class MadeSerializer(GrantSerializer):
    """As it stands, with the address where the customer accepts it; only who makes it is told."""

    link = serializers.SerializerMethodField()

    class Meta(GrantSerializer.Meta):
        fields = [*GrantSerializer.Meta.fields, "link"]
        read_only_fields = fields

    def get_link(self, grant: Grant) -> str:
        return settings.BASE_URL + path_of(grant)


class GrantFilter(django_filters.FilterSet):
    offer_id = django_filters.NumberFilter("offer_id")
    customer_id = CustomerIdFilter()
    state = django_filters.MultipleChoiceFilter("stands", choices=Grant.State.choices)
    made_from = MomentFilter("made_at", lookup_expr="gte")
    made_to = MomentFilter("made_at", lookup_expr="lte")


class Grants(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Offers made to customers that the caller may see."""

    app, noun = "campaigns", "grant"
    queryset = Grant.objects.all()
    serializer_class = GrantSerializer
    filterset_class = GrantFilter

    def get_queryset(self) -> QuerySet[Grant]:
        together = ("offer", "customer", "contact", "made_by", "settled_by", "subscription")
        return self.visible(Grant.objects.as_of(timezone.now()).select_related(*together))

    @extend_schema(
        request=MakeSerializer,
        responses={201: MadeSerializer, 409: OTHERWISE},
        parameters=[PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Make an offer to a customer; `link` is where they accept it. No mail is sent."""
        return answer_once(request, self.user, self.make)

    def make(self) -> Response:
        asked = self.asked(MakeSerializer)
        offer = asked.pop("offer")
        key = f"{self.user.pk}:{given_key(self.request)}"
        handing = Handing(key=hashlib.sha256(key.encode()).hexdigest()[:32], **asked)
        made = offer_to(offer, handing, now=timezone.now(), by=self.user)
        row = self.get_queryset().get(pk=made.pk)
        return Response(dict(MadeSerializer(row, context=self.get_serializer_context()).data), 201)

    def done(self, deed: Callable[..., Grant]) -> Response:
        return self.answer(deed(self.get_object(), now=timezone.now(), by=self.user).pk)

    @extend_schema(request=None, responses=GrantSerializer)
    @action(methods=["post"], detail=True)
    def accept(self, _request: Request, **_address: str) -> Response:
        """Accept it for the customer, and carry it out."""
        return self.done(accepting.accept)

    @extend_schema(request=None, responses=GrantSerializer)
    @action(methods=["post"], detail=True)
    def decline(self, _request: Request, **_address: str) -> Response:
        """Decline it for the customer."""
        return self.done(accepting.decline)

    @extend_schema(request=None, responses=GrantSerializer)
    @action(methods=["post"], detail=True)
    def take_back(self, _request: Request, **_address: str) -> Response:
        """Take it back: its link opens nothing any more."""
        return self.done(accepting.take_back)

    @extend_schema(request=None, responses=GrantSerializer)
    @action(methods=["post"], detail=True)
    def undo(self, _request: Request, **_address: str) -> Response:
        """Undo what it agreed: from today on it is as before."""
        return self.done(undo_acceptance)
