"""Subscriptions and what is done to them: `/api/v1/subscriptions/`."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.common.errors import RuleError
from customers.api.fields import CustomerReference, shown
from customers.api.nouns import CustomerIdFilter, Noun
from customers.api.subscription_bodies import (
    ChangeSerializer,
    ConnectSerializer,
    ContractSerializer,
    CorrectSerializer,
    NothingSerializer,
    OnSerializer,
    StartSerializer,
    TakeBackSerializer,
    changes_of,
    contract_of,
    price_of,
)
from customers.models import Subscription, Term
from customers.services.connections import connect_subscriptions
from customers.services.subscriptions import (
    change_contract,
    change_subscription,
    correct_term,
    end_subscription,
    pause_subscription,
    resume_subscription,
    start_subscription,
    withdraw_subscription,
)
from customers.services.taking_back import take_back_change, take_back_term


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
    continues = shown(
        "external_id",
        help_text="The `subscription_id` of the first of its chain, where it continues another.",
    )
    terms = TermSerializer(source="believed", many=True, read_only=True)

    class Meta:
        model = Subscription
        fields = [
            "id", "customer_id", "subscription_id", "contract_ends_on", "notice_by", "auto_renews",
            "continues", "terms",
        ]  # fmt: skip
        read_only_fields = fields


class SubscriptionFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
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
        return self.visible(
            Subscription.objects.select_related("customer", "continues")
        ).prefetch_related(Prefetch("terms", believed, to_attr="believed"))

    @extend_schema(request=StartSerializer, responses={201: SubscriptionSerializer})
    def create(self, _request: Request) -> Response:
        """Start a subscription."""
        values = self.asked(StartSerializer)
        started = start_subscription(
            values["customer"],
            plan=values["plan"],
            price=price_of(values),
            starts_on=values["starts_on"],
            kind=values["kind"],
            contract=contract_of(values),
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

    @extend_schema(request=ContractSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def contract(self, _request: Request, **_address: str) -> Response:
        """Say how long both are bound; no term changes by it."""
        subscription, values = self.get_object(), self.asked(ContractSerializer)
        change_contract(subscription, contract=contract_of(values), by=self.user)
        return self.answer(subscription.pk)

    @extend_schema(request=CorrectSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def correct(self, _request: Request, **_address: str) -> Response:
        """Say that a term was otherwise than we believed; past figures then read as corrected."""
        if not self.user.has_perm("customers.change_term"):
            raise PermissionDenied
        subscription, values = self.get_object(), self.asked(CorrectSerializer)
        term = self.term_of(subscription, values["term"])
        correct_term(term, changes=changes_of(values), by=self.user)
        return self.answer(subscription.pk)

    @extend_schema(request=TakeBackSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def take_back(self, _request: Request, **_address: str) -> Response:
        """Take back the last change, pause, end or correction, or a term that is still ahead."""
        subscription, values = self.get_object(), self.asked(TakeBackSerializer)
        if "term" in values:
            take_back_term(self.term_of(subscription, values["term"]), by=self.user)
        else:
            take_back_change(subscription, recorded_at=values.get("recorded_at"), by=self.user)
        return self.answer(subscription.pk)

    @extend_schema(request=ConnectSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def connect(self, _request: Request, **_address: str) -> Response:
        """Let it continue another one of its customer, so that the change makes no movement."""
        subscription, values = self.get_object(), self.asked(ConnectSerializer)
        connect_subscriptions(values["continues"], subscription, by=self.user)
        return self.answer(subscription.pk)

    @extend_schema(request=NothingSerializer, responses=SubscriptionSerializer)
    @action(methods=["post"], detail=True)
    def withdraw(self, _request: Request, **_address: str) -> Response:
        """Say that it never was: none of its terms is believed any more."""
        subscription = self.get_object()
        self.asked(NothingSerializer)
        withdraw_subscription(subscription, by=self.user)
        return self.answer(subscription.pk)

    def term_of(self, subscription: Subscription, pk: int) -> Term:
        term = Term.objects.standing().filter(pk=pk, subscription=subscription).first()
        if term is None:
            raise RuleError(_("This subscription has no such term now."), field="term")
        return term

    def do(self, verb: Any) -> Response:
        subscription, values = self.get_object(), self.asked(OnSerializer)
        verb(subscription, on=values["on"], by=self.user)
        return self.answer(subscription.pk)
