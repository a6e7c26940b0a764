"""Cancel flows, and what they answer to each reason: `/api/v1/cancel-flows/`."""

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.offers import LanguagesSerializer
from campaigns.leaving.jurisdictions import ALL
from campaigns.models import CancelFlow, FlowAnswer, Offer
from campaigns.services import flows
from campaigns.services.checking import LONGEST
from campaigns.services.flow_checks import LIMITS, Answer
from customers.api.fields import Strict, reason_reference
from customers.api.nouns import Noun

Kind = FlowAnswer.Kind
LONGEST_QUERY = 2_000


class FirstWordsSerializer(Strict):
    """Title and text of the first page in one language."""

    title = serializers.CharField(max_length=LONGEST["title"], allow_blank=True, required=False)
    text = serializers.CharField(max_length=LONGEST["text"], allow_blank=True, required=False)


class FirstPageSerializer(Strict):
    """The first page by language; where nothing is said it says what every flow says."""

    en = FirstWordsSerializer(required=False)
    nb = FirstWordsSerializer(required=False)
    da = FirstWordsSerializer(required=False)
    sv = FirstWordsSerializer(required=False)


class FlowAnswerSerializer(Strict, serializers.ModelSerializer):
    """What is answered to a reason; `reason` null means to any that has no answer of its own.

    An offer is named by its `id` and brings its own words; help and a call need `texts`. `apart`
    gives the answer a page of its own, which is one more click to leave.
    """

    reason = reason_reference(required=False, allow_null=True)
    kind = serializers.ChoiceField(
        choices=[
            (Kind.OFFER, _("an offer")),
            (Kind.HELP, _("help")),
            (Kind.CALL, _("a personal call")),
        ]
    )
    offer = serializers.IntegerField(
        source="offer_id", min_value=1, max_value=2**63 - 1, required=False, allow_null=True
    )
    texts = LanguagesSerializer(required=False)
    address = serializers.URLField(max_length=500, required=False, allow_blank=True)
    apart = serializers.BooleanField(required=False)

    class Meta:
        model = FlowAnswer
        fields = ["reason", "kind", "offer", "texts", "address", "apart"]


def number(name: str) -> serializers.IntegerField:
    least, most = LIMITS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False)


class CancelFlowSerializer(Strict, serializers.ModelSerializer):
    """A way out: for whom it is, which law it keeps to, and what it answers to which reason.

    `texts` and `answers` are replaced as a whole. What is wrong with an answer is named after its
    reason, such as `r-price_offer`; `any_…` is the one without a reason.
    """

    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        allow_blank=True,
        help_text="Filters of customers as a query string; empty means every customer.",
    )
    priority = number("priority")
    profile = serializers.ChoiceField(
        choices=[law.key for law in ALL],
        required=False,
        allow_blank=True,
        help_text="The law it keeps to; empty, the customer's country decides.",
    )
    holdout_percent = number("holdout_percent")
    days_open = number("days_open")
    renewal_months = number("renewal_months")
    texts = FirstPageSerializer(required=False)
    answers = FlowAnswerSerializer(many=True, required=False)

    class Meta:
        model = CancelFlow
        fields = [
            "id", "name", "query", "priority", "on_since", "archived_at", "profile",
            "holdout_percent", "days_open", "ending", "renewal_months", "texts", "answers",
            "version", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields = ["on_since", "archived_at", "version", "created_at", "changed_at"]
        extra_kwargs = {"name": {"validators": []}}

    def validate_answers(self, answers: list[dict[str, Any]]) -> list[Answer]:
        """Offers are made no more once they are stopped; one that stands here already may stay."""
        rows = self.instance.answers.all() if self.instance else ()
        known = {row.offer_id for row in rows}
        offers = Offer.objects.in_bulk({each.get("offer_id") or 0 for each in answers})
        given = []
        for each in answers:
            number = each.pop("offer_id", None)
            offer = offers.get(number)
            if number and offer is None:
                said = _("There is no offer with the id %(id)s. Look it up under /offers/.")
                raise serializers.ValidationError(said % {"id": number})
            if offer and not offer.is_on and offer.pk not in known:
                said = _("%(offer)s is made to nobody any more.")
                raise serializers.ValidationError(said % {"offer": offer})
            given.append(Answer(**({"reason": None, "offer": offer} | each)))
        return given


class CancelFlowFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)
    on = django_filters.BooleanFilter("on_since", lookup_expr="isnull", exclude=True)


class CancelFlows(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Cancel flows, archived ones among them."""

    app, noun = "campaigns", "cancelflow"
    queryset = CancelFlow.objects.prefetch_related("answers__reason", "answers__offer")
    serializer_class = CancelFlowSerializer
    filterset_class = CancelFlowFilter

    def create(self, _request: Request) -> Response:
        """Make a flow; no customer is led through it until it is switched on."""
        values = self.asked(CancelFlowSerializer)
        answers = values.pop("answers", [])
        empty = CancelFlow()
        begun = {name: getattr(empty, name) for name in flows.FIELDS}
        return self.answer(flows.make_flow(begun | values, answers, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say it otherwise; who was drawn into its holdout stays there."""
        flow: CancelFlow = self.get_object()
        values = self.asked(CancelFlowSerializer, instance=flow, partial=True)
        answers = values.pop("answers", None)
        if answers is None:
            answers = flows.answers_of(flow)
        was = {name: getattr(flow, name) for name in flows.FIELDS}
        flows.change_flow(flow, was | values, answers, seen_at=flow.changed_at, by=self.user)
        return self.answer(flow.pk)

    @extend_schema(request=None, responses=CancelFlowSerializer)
    @action(methods=["post"], detail=True)
    def switch_on(self, _request: Request, **_address: str) -> Response:
        """Lead customers through it from now on."""
        return self.answer(flows.switch_on(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=CancelFlowSerializer)
    @action(methods=["post"], detail=True)
    def switch_off(self, _request: Request, **_address: str) -> Response:
        """Lead nobody through it any more; links that were made stay open."""
        return self.answer(flows.switch_off(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=CancelFlowSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Switch it off and put it away; its figures stay."""
        return self.answer(flows.archive_flow(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=CancelFlowSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving; it stays off."""
        return self.answer(flows.bring_back_flow(self.get_object(), by=self.user).pk)
