"""Subscriptions and what is done to them: `/api/v1/subscriptions/`."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.common.money import PERIODS_A_YEAR
from customers.api.fields import CustomerReference, Strict, plan_reference, shown
from customers.api.nouns import Noun
from customers.models import Subscription, Term
from customers.services.subscriptions import (
    Contract,
    Price,
    change_subscription,
    end_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
)

STARTS_AS = [(kind.value, kind.label) for kind in (Term.Kind.PAID, Term.Kind.TRIAL, Term.Kind.FREE)]
LARGEST = Decimal(10) ** 9


class TermSerializer(serializers.ModelSerializer):
    """What a subscription is worth on `[starts_on, ends_on)`, as believed now."""

    plan = shown("code")

    class Meta:
        model = Term
        fields = [
            "id", "plan", "quantity", "kind", "arr_native_minor", "currency", "fx_rate",
            "arr_minor", "starts_on", "ends_on", "recorded_at",
        ]  # fmt: skip
        read_only_fields = fields


class SubscriptionSerializer(serializers.ModelSerializer):
    """A subscription with its terms as believed now, in order."""

    customer_id = CustomerReference(source="customer", read_only=True)
    subscription_id = serializers.CharField(source="external_id", read_only=True)
    terms = TermSerializer(source="believed", many=True, read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "id", "customer_id", "subscription_id", "contract_ends_on", "notice_by", "auto_renews",
            "terms",
        ]  # fmt: skip
        read_only_fields = fields


class PriceFields(Strict):
    """The price of one unit for one interval, in major units, and how many units."""

    amount = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=Decimal(0), max_value=LARGEST
    )
    interval = serializers.ChoiceField(choices=list(PERIODS_A_YEAR), default="month")
    currency = serializers.CharField(max_length=3)
    quantity = serializers.DecimalField(
        max_digits=13,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        max_value=LARGEST,
        default=Decimal(1),
    )


class StartSerializer(PriceFields):
    """A new subscription, open-ended from `starts_on`."""

    customer_id = CustomerReference(source="customer")
    plan = plan_reference()
    starts_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=STARTS_AS, default=Term.Kind.PAID)
    contract_ends_on = serializers.DateField(required=False, allow_null=True)
    notice_by = serializers.DateField(required=False, allow_null=True)
    auto_renews = serializers.BooleanField(required=False, allow_null=True)


class OnSerializer(Strict):
    """`on` is the first day of what is new."""

    on = serializers.DateField()


class ChangeSerializer(OnSerializer):
    """Another plan, another price, or both."""

    plan = plan_reference(required=False)
    price = PriceFields(required=False)


class SubscriptionFilter(django_filters.FilterSet):
    customer_id = django_filters.CharFilter(field_name="customer__external_id")
    subscription_id = django_filters.CharFilter(field_name="external_id")
    contract_ends_from = django_filters.DateFilter("contract_ends_on", lookup_expr="gte")
    contract_ends_to = django_filters.DateFilter("contract_ends_on", lookup_expr="lte")
    notice_from = django_filters.DateFilter("notice_by", lookup_expr="gte")
    notice_to = django_filters.DateFilter("notice_by", lookup_expr="lte")


class Subscriptions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Subscriptions of the customers that the caller may see."""

    noun = "subscription"
    queryset = Subscription.objects.all()
    serializer_class = SubscriptionSerializer
    filterset_class = SubscriptionFilter

    def get_queryset(self) -> QuerySet[Subscription]:
        believed = Term.objects.standing().select_related("plan").order_by("starts_on")
        return self.visible(Subscription.objects.select_related("customer")).prefetch_related(
            Prefetch("terms", believed, to_attr="believed")
        )

    @extend_schema(request=StartSerializer, responses={201: SubscriptionSerializer})
    def create(self, _request: Request) -> Response:
        """Start a subscription."""
        values = self.asked(StartSerializer)
        contract = Contract(
            values.get("contract_ends_on"), values.get("notice_by"), values.get("auto_renews")
        )
        started = start_subscription(
            values["customer"],
            plan=values["plan"],
            price=price_of(values),
            starts_on=values["starts_on"],
            kind=values["kind"],
            contract=contract,
            by=self.user,
        )
        return self.answer(started.pk, status=201)

    @extend_schema(request=ChangeSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def change(self, _request: Request, **_address: str) -> Response:
        """Another plan, another price, or both, from a day on."""
        subscription, values = self.get_object(), self.asked(ChangeSerializer)
        price = price_of(values["price"]) if "price" in values else None
        change_subscription(
            subscription, on=values["on"], plan=values.get("plan"), price=price, by=self.user
        )
        return self.answer(subscription.pk)

    @extend_schema(request=OnSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def pause(self, _request: Request, **_address: str) -> Response:
        """Nothing is paid from `on` until it is resumed."""
        return self.do(pause_subscription)

    @extend_schema(request=OnSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def resume(self, _request: Request, **_address: str) -> Response:
        """What was paid before the pause is paid again from `on`."""
        return self.do(resume_subscription)

    @extend_schema(request=OnSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def end(self, _request: Request, **_address: str) -> Response:
        """End it: `on` is the first day not paid for. To say why, record a cancellation instead."""
        return self.do(end_subscription)

    def do(self, verb: Any) -> Response:
        subscription, values = self.get_object(), self.asked(OnSerializer)
        verb(subscription, on=values["on"], by=self.user)
        return self.answer(subscription.pk)


def price_of(values: dict[str, Any]) -> Price:
    return Price(values["amount"], values["interval"], values["currency"], values["quantity"])
