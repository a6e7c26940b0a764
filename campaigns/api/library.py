"""The content library: `/api/v1/contents/`; what is recommended: `/api/v1/recommendations/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.library.figures import Received, received
from campaigns.models import Content, ContentKind, Recommendation
from campaigns.services import recommendations
from campaigns.services.content_checks import LONGEST
from campaigns.services.contents import (
    ABOUT,
    FIELDS,
    archive_content,
    bring_back_content,
    change_content,
    make_content,
)
from churnapp.models import User
from customers.api.fields import Reference, Strict, shown
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Feature, Plan


class ContentTextsSerializer(Strict):
    """What customers read in one language, and where it leads."""

    title = serializers.CharField(max_length=LONGEST["title"], allow_blank=True, required=False)
    summary = serializers.CharField(max_length=LONGEST["summary"], allow_blank=True, required=False)
    address = serializers.CharField(max_length=LONGEST["address"], allow_blank=True, required=False)


class ContentLanguagesSerializer(Strict):
    """English is whole; what other languages lack is read in English."""

    en = ContentTextsSerializer(required=False)
    nb = ContentTextsSerializer(required=False)
    da = ContentTextsSerializer(required=False)
    sv = ContentTextsSerializer(required=False)


@extend_schema_serializer(component_name="LibraryContent")
class ContentSerializer(Strict, serializers.ModelSerializer):
    """A guide, a piece of news or a download; `key` is its name in placeholders.

    Without features and plans it is for everybody. Without `published_on` it is a draft.
    `followed` are customers where a person followed a campaign's link; programs are not in it.
    """

    kind = serializers.ChoiceField(choices=ContentKind.choices)
    texts = ContentLanguagesSerializer()
    features = Reference("code", many=True, required=False, queryset=Feature.objects.all())
    plans = Reference("code", many=True, required=False, queryset=Plan.objects.all())
    owner = serializers.SlugRelatedField(
        "email", required=False, allow_null=True, queryset=User.objects.filter(is_active=True)
    )
    state = serializers.SerializerMethodField()
    sent = serializers.SerializerMethodField()
    followed = serializers.SerializerMethodField()

    class Meta:
        model = Content
        fields = [
            "id", "key", "kind", "texts", "features", "plans", "owner", "published_on",
            "expires_on", "state", "archived_at", "created_at", "changed_at", "sent", "followed",
        ]  # fmt: skip
        read_only_fields = ["archived_at", "created_at", "changed_at"]
        extra_kwargs = {"key": {"validators": []}}

    def get_state(self, content: Content) -> str:
        return str(content.state_on(timezone.localdate()))

    def get_sent(self, content: Content) -> int:
        return self.received(content).sent

    def get_followed(self, content: Content) -> int:
        return self.received(content).followed

    def received(self, content: Content) -> Received:
        """Of a whole page asked for once."""
        known = self.context.setdefault("received", {})
        if content.pk not in known:
            rows = self.parent.instance if self.parent else [content]
            known |= received(rows if isinstance(rows, list) else [content])
        found: Received = known[content.pk]
        return found


class ContentFilter(django_filters.FilterSet):
    key = django_filters.CharFilter()
    kind = django_filters.MultipleChoiceFilter(choices=ContentKind.choices)
    feature = django_filters.CharFilter("features__code")
    plan = django_filters.CharFilter("plans__code")
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class Contents(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Contents of the library, archived ones among them."""

    app, noun = "campaigns", "content"
    queryset = Content.objects.select_related("owner").prefetch_related("features", "plans")
    serializer_class = ContentSerializer
    filterset_class = ContentFilter

    def create(self, _request: Request) -> Response:
        """Put a content in."""
        empty = Content(texts={})
        begun: dict[str, Any] = {name: getattr(empty, name) for name in FIELDS}
        values = self.asked(ContentSerializer)
        return self.answer(make_content(begun | values, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change it; the key stays while mails lead to it."""
        content: Content = self.get_object()
        was: dict[str, Any] = {name: getattr(content, name) for name in FIELDS}
        was |= {name: list(getattr(content, name).all()) for name in ABOUT}
        values = self.asked(ContentSerializer, instance=content, partial=True)
        change_content(content, was | values, seen_at=content.changed_at, by=self.user)
        return self.answer(content.pk)

    @extend_schema(request=None, responses=ContentSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Show it to nobody any more; links that went out still lead there."""
        return self.answer(archive_content(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=ContentSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving."""
        return self.answer(bring_back_content(self.get_object(), by=self.user).pk)


class RecommendationSerializer(serializers.ModelSerializer):
    """A feature or a plan that fits a customer: `users` of `peers` that stayed have it.

    `lower` is the share of peers that is sure, by Wilson's interval at 95 %.
    """

    customer_id = shown("external_id", source="customer")
    feature = shown("code")
    plan = shown("code")

    class Meta:
        model = Recommendation
        fields = [
            "id", "customer_id", "feature", "plan", "peers", "users", "lower", "days_here",
            "days_there", "strength", "as_of", "dismissed_at",
        ]  # fmt: skip
        read_only_fields = fields


class RecommendationFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    feature = django_filters.CharFilter("feature__code")
    plan = django_filters.CharFilter("plan__code")
    dismissed = django_filters.BooleanFilter("dismissed_at", lookup_expr="isnull", exclude=True)


class Recommendations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """What similar customers that stayed use, as the last night found it.

    One that does not fit a customer is dismissed: it is shown and recommended no more.
    """

    app, noun = "campaigns", "recommendation"
    queryset = Recommendation.objects.select_related("customer", "feature", "plan")
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter

    def get_queryset(self) -> QuerySet[Recommendation]:
        return self.visible(super().get_queryset())

    @extend_schema(request=None, responses=RecommendationSerializer)
    @action(methods=["post"], detail=True)
    def dismiss(self, _request: Request, **_address: str) -> Response:
        """Not for this customer: it is shown no more and recommended in no mail."""
        return self.answer(recommendations.dismiss(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=RecommendationSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo a dismissal; if it holds no more, the next night takes it away."""
        return self.answer(recommendations.bring_back(self.get_object(), by=self.user).pk)
