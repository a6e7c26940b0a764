"""What is offered: `/api/v1/offers/`."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.models import Offer, OfferKind, OfferRules
from campaigns.models.offer import FIELDS
from campaigns.services.checking import LONGEST, MOST_DAYS, MOST_MINOR, MOST_MONTHS, MOST_OF_ONE
from campaigns.services.offers import (
    approve_offer,
    archive_offer,
    bring_back_offer,
    change_offer,
    make_offer,
    resume_offer,
    stop_offer,
    waits_for_approval,
)
from campaigns.worth import Reception, receptions
from customers.api.fields import Strict, plan_reference, shown
from customers.api.nouns import Noun


class TextsSerializer(Strict):
    """What customers read in one language."""

    title = serializers.CharField(max_length=LONGEST["title"], allow_blank=True, required=False)
    text = serializers.CharField(max_length=LONGEST["text"], allow_blank=True, required=False)
    button = serializers.CharField(max_length=LONGEST["button"], allow_blank=True, required=False)


class LanguagesSerializer(Strict):
    """English at least has a title and a text; other languages fall back to it."""

    en = TextsSerializer(required=False)
    nb = TextsSerializer(required=False)
    da = TextsSerializer(required=False)
    sv = TextsSerializer(required=False)


def offer_reference(**options: Any) -> serializers.PrimaryKeyRelatedField:
    """An offer, by its id."""
    return serializers.PrimaryKeyRelatedField(
        queryset=Offer.objects.all(), pk_field=serializers.IntegerField(), **options
    )


def minor(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST_MINOR, required=False, **options)


@extend_schema_serializer(component_name="SalesOffer")
class OfferSerializer(Strict, serializers.ModelSerializer):
    """An offer; amounts are in minor units, `amount_minor` in `currency`, others in ours.

    What its kind has no use for is null or empty. `made`, `accepted`, `cost_minor` say how it was
    received. `waits_for_approval`: its budget is above the limit and nobody has approved it.
    """

    kind = serializers.ChoiceField(choices=OfferKind.choices)
    percent = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    amount_minor = minor(allow_null=True)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    months = serializers.IntegerField(
        min_value=1, max_value=MOST_MONTHS, required=False, allow_null=True
    )
    plan = plan_reference(required=False, allow_null=True)
    texts = LanguagesSerializer()
    eligible = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    days_to_accept = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False)
    cool_down_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS * 10, required=False)
    most_a_customer = serializers.IntegerField(min_value=1, max_value=MOST_OF_ONE, required=False)
    most_in_total = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True
    )
    budget_minor = minor(allow_null=True)
    fixed_cost_minor = minor()
    approved_by = shown("email")
    waits_for_approval = serializers.SerializerMethodField()
    made = serializers.SerializerMethodField()
    accepted = serializers.SerializerMethodField()
    cost_minor = serializers.SerializerMethodField()

    class Meta:
        model = Offer
        fields = [
            "id", "name", "kind", "percent", "amount_minor", "currency", "months", "plan", "texts",
            "address", "fulfilment", "eligible", "days_to_accept", "cool_down_days",
            "most_a_customer", "most_in_total", "budget_minor", "fixed_cost_minor",
            "waits_for_approval", "approved_by", "approved_at", "stopped_at", "archived_at",
            "created_at", "changed_at", "made", "accepted", "cost_minor",
        ]  # fmt: skip
        read_only_fields = [
            "approved_at", "stopped_at", "archived_at", "created_at", "changed_at",
        ]  # fmt: skip
        extra_kwargs = {"name": {"validators": []}}

    def get_waits_for_approval(self, offer: Offer) -> bool:
        return waits_for_approval(offer, self.context["rules"]())

    def get_made(self, offer: Offer) -> int:
        return self.reception(offer).made

    def get_accepted(self, offer: Offer) -> int:
        return self.reception(offer).accepted

    def get_cost_minor(self, offer: Offer) -> int:
        return self.reception(offer).cost_minor

    def reception(self, offer: Offer) -> Reception:
        """Of a whole page asked for once."""
        known = self.context.setdefault("receptions", {})
        if offer.pk not in known:
            rows = self.parent.instance if self.parent else [offer]
            known |= receptions(rows if isinstance(rows, list) else [offer])
        found: Reception = known[offer.pk]
        return found


class OfferFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    kind = django_filters.MultipleChoiceFilter(choices=OfferKind.choices)
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)
    stopped = django_filters.BooleanFilter("stopped_at", lookup_expr="isnull", exclude=True)


class Offers(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Offers, archived ones among them."""

    app, noun = "campaigns", "offer"
    queryset = Offer.objects.select_related("plan", "approved_by")
    serializer_class = OfferSerializer
    filterset_class = OfferFilter

    @property
    def permission_needed(self) -> dict[str, str]:
        """Approving has a permission of its own."""
        needed = super().permission_needed
        return needed | {"POST": "campaigns.approve_offer"} if self.action == "approve" else needed

    def get_serializer_context(self) -> dict[str, Any]:
        kept: list[OfferRules] = []

        def rules() -> OfferRules:
            if not kept:
                kept.append(OfferRules.current())
            return kept[0]

        return {**super().get_serializer_context(), "rules": rules}

    def create(self, _request: Request) -> Response:
        """Make an offer; its kind says which fields it needs."""
        empty = Offer(texts={})
        begun = {name: getattr(empty, name) for name in FIELDS}
        values = self.asked(OfferSerializer)
        return self.answer(make_offer(begun | values, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change it. What it is worth stays while somebody may still accept it."""
        offer: Offer = self.get_object()
        was = {name: getattr(offer, name) for name in FIELDS}
        values = self.asked(OfferSerializer, instance=offer, partial=True)
        change_offer(offer, was | values, seen_at=offer.changed_at, by=self.user)
        return self.answer(offer.pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def approve(self, _request: Request, **_address: str) -> Response:
        """Approve it as a second person."""
        return self.answer(approve_offer(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def stop(self, _request: Request, **_address: str) -> Response:
        """Make it to nobody any more; nobody can accept it."""
        return self.answer(stop_offer(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def resume(self, _request: Request, **_address: str) -> Response:
        """Undo a stop."""
        return self.answer(resume_offer(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Put it away; its figures stay."""
        return self.answer(archive_offer(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving."""
        return self.answer(bring_back_offer(self.get_object(), by=self.user).pk)
