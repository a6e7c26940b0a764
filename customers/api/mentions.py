"""Mentions and reviews: `/api/v1/mentions/`."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict, person_reference, person_shown
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from customers.models import Mention
from customers.models.mention import HIGHEST_RATING
from customers.services.mentions import (
    Arrangement,
    add_mention,
    arrange_mention,
    mark_replied,
    match_mention,
    set_apart,
    unmatch_mention,
)


class MentionSerializer(serializers.ModelSerializer):
    """Something said of us in public; `matched_by` says how its customer was found."""

    customer_id = CustomerReference(source="customer", read_only=True, allow_null=True)
    owner_email = person_shown("owner")

    class Meta:
        model = Mention
        fields = [
            "id", "external_id", "kind", "site", "url", "author", "author_email", "company",
            "domain", "text", "rating", "sentiment", "occurred_at", "customer_id", "matched_by",
            "owner_email", "reply_by", "replied_at", "reply_text", "reply_url",
        ]  # fmt: skip
        read_only_fields = fields


class MentionAddSerializer(Strict, serializers.ModelSerializer):
    """What was said; it is matched by customer id, author's address, domain or name."""

    external_id = serializers.CharField(max_length=200, required=False)
    url = serializers.URLField(max_length=2000, required=False)
    author_email = serializers.EmailField(required=False)
    website = serializers.CharField(max_length=2000, required=False)
    customer_id = CustomerReference(source="customer", required=False)
    owner_email = person_reference(source="owner", required=False)

    class Meta:
        model = Mention
        fields = [
            "external_id", "kind", "site", "url", "author", "author_email", "company", "website",
            "text", "rating", "sentiment", "occurred_at", "customer_id", "owner_email", "reply_by",
            "replied_at",
        ]  # fmt: skip
        extra_kwargs = {
            "rating": {"min_value": 0, "max_value": HIGHEST_RATING},
            "sentiment": {"min_value": -1, "max_value": 1},
            "text": {"max_length": 20_000},
        }


class MatchSerializer(Strict):
    """Whose it is."""

    customer_id = CustomerReference(source="customer")


class ArrangeSerializer(Strict):
    """Who answers it by when, and how it sounds; what is left out is emptied."""

    owner_email = person_reference(source="owner", required=False, allow_null=True)
    reply_by = serializers.DateField(required=False, allow_null=True)
    sentiment = serializers.IntegerField(min_value=-1, max_value=1, required=False, allow_null=True)


class RepliedSerializer(Strict):
    """What was answered, and where it can be read."""

    text = serializers.CharField(max_length=20_000, required=False)
    url = serializers.URLField(max_length=2000, required=False)


class MentionFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    kind = django_filters.MultipleChoiceFilter(choices=Mention.Kind.choices)
    site = django_filters.CharFilter(lookup_expr="iexact")
    external_id = django_filters.CharFilter()
    owner_email = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    matched = django_filters.BooleanFilter("customer", lookup_expr="isnull", exclude=True)
    replied = django_filters.BooleanFilter("replied_at", lookup_expr="isnull", exclude=True)
    occurred_from = MomentFilter("occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter("occurred_at", lookup_expr="lte")


class Mentions(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Mentions by customers that the caller may see, and those that belong to none."""

    noun = "mention"
    queryset = Mention.objects.all()
    serializer_class = MentionSerializer
    filterset_class = MentionFilter

    def get_queryset(self) -> QuerySet[Mention]:
        return Mention.objects.visible_to(self.user, self.organisation).with_all()

    @extend_schema(request=MentionAddSerializer, responses={201: MentionSerializer})
    def create(self, _request: Request) -> Response:
        """Take a mention in; `external_id` makes that it is taken once."""
        values = self.asked(MentionAddSerializer)
        mention = add_mention(values, website=values.pop("website", ""), by=self.user)
        return self.answer(mention.pk, status=201)

    @extend_schema(request=MatchSerializer, responses=MentionSerializer)
    @action(methods=["post"], detail=True)
    def match(self, _request: Request, **_address: str) -> Response:
        """Say whose it is; it goes on the customer's timeline."""
        mention = self.get_object()
        match_mention(mention, by=self.user, **self.asked(MatchSerializer))
        return self.answer(mention.pk)

    @extend_schema(request=None, responses=MentionSerializer)
    @action(methods=["post"], detail=True)
    def apart(self, _request: Request, **_address: str) -> Response:
        """Say that no customer said it."""
        mention = self.get_object()
        set_apart(mention, by=self.user)
        return self.answer(mention.pk)

    @extend_schema(request=None, responses=MentionSerializer)
    @action(methods=["post"], detail=True)
    def unmatch(self, _request: Request, **_address: str) -> Response:
        """Take back whose it is, and take it off the timeline."""
        mention = self.get_object()
        unmatch_mention(mention, by=self.user)
        return self.answer(mention.pk)

    @extend_schema(request=ArrangeSerializer, responses=MentionSerializer)
    @action(methods=["post"], detail=True)
    def arrange(self, _request: Request, **_address: str) -> Response:
        """Say who answers it by when, and how it sounds."""
        mention = self.get_object()
        given = {"owner": None, "reply_by": None, "sentiment": None}
        arrangement = Arrangement(**(given | self.asked(ArrangeSerializer)))
        arrange_mention(mention, arrangement, by=self.user)
        return self.answer(mention.pk)

    @extend_schema(request=RepliedSerializer, responses=MentionSerializer)
    @action(methods=["post"], detail=True)
    def replied(self, _request: Request, **_address: str) -> Response:
        """Record that it is answered."""
        mention = self.get_object()
        mark_replied(mention, by=self.user, **self.asked(RepliedSerializer))
        return self.answer(mention.pk)
