"""Campaigns: `/api/v1/campaigns/`, and who is in them: `/api/v1/recipients/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.paths import PathSerializer
from campaigns.models import HORIZONS, Campaign, CampaignKind, Fix, Goal, Recipient
from campaigns.services import campaigns
from customers.api.fields import CustomerReference, Reference, Strict, shown
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Contact, Feature

DEEDS = {"launch", "unschedule", "pause", "resume", "finish"}


class CampaignSerializer(Strict, serializers.ModelSerializer):
    """A campaign. `audience` is a query string over customers, such as `reason=price&country=NO`.

    Once it is launched only its name and note change.
    """

    kind = serializers.ChoiceField(choices=CampaignKind.choices)
    audience = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Contact.Role.choices), required=False
    )
    holdout_percent = serializers.IntegerField(min_value=0, max_value=90, required=False)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False)
    goal_feature = Reference(
        slug_field="code", queryset=Feature.objects.all(), required=False, allow_null=True
    )
    horizon_days = serializers.ChoiceField(choices=HORIZONS, required=False)
    strength = serializers.IntegerField(min_value=0, max_value=100, required=False)
    fix = serializers.PrimaryKeyRelatedField(
        queryset=Fix.objects.all(),
        required=False,
        allow_null=True,
        pk_field=serializers.IntegerField(),
    )
    path = PathSerializer(required=False)

    class Meta:
        model = Campaign
        fields = [
            "id", "name", "kind", "note", "state", "audience", "roles", "entry",
            "holdout_percent", "goal", "goal_feature", "horizon_days", "strength", "fix", "path",
            "starts_at", "launched_at", "paused_at", "paused_because", "finished_at", "created_at",
            "changed_at",
        ]  # fmt: skip
        read_only_fields = [
            "state", "starts_at", "launched_at", "paused_at", "paused_because", "finished_at",
            "created_at", "changed_at",
        ]  # fmt: skip


class LaunchSerializer(Strict):
    """When it begins; now where nothing is said."""

    at = serializers.DateTimeField(required=False)


class PauseSerializer(Strict):
    """Why it is held, for colleagues."""

    because = serializers.CharField(max_length=300, required=False, allow_blank=True)


class CampaignFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    kind = django_filters.MultipleChoiceFilter(choices=CampaignKind.choices)
    state = django_filters.MultipleChoiceFilter(choices=Campaign.State.choices)


class Campaigns(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Campaigns, archived ones among them."""

    app, noun = "campaigns", "campaign"
    queryset = Campaign.objects.select_related("goal_feature")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter

    @property
    def permission_needed(self) -> dict[str, str]:
        """Letting one run and holding it has a permission of its own."""
        needed = super().permission_needed
        own = {"POST": "campaigns.launch_campaign"} if self.action in DEEDS else {}
        return needed | own

    def create(self, _request: Request) -> Response:
        """Make a draft; it mails nobody until it is launched."""
        made = campaigns.make_campaign(self.asked(CampaignSerializer), by=self.user)
        return self.answer(made.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a draft, or the name and the note of one in use."""
        campaign: Campaign = self.get_object()
        values = self.asked(CampaignSerializer, instance=campaign, partial=True)
        campaigns.change_campaign(Campaign.objects.get(pk=campaign.pk), values, by=self.user)
        return self.answer(campaign.pk)

    @extend_schema(request=LaunchSerializer, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def launch(self, _request: Request, **_address: str) -> Response:
        """Let it run, now or from a moment on; says what speaks against it."""
        values = self.asked(LaunchSerializer)
        return self.answer(campaigns.launch(self.get_object(), **values, by=self.user).pk)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def unschedule(self, _request: Request, **_address: str) -> Response:
        """Back to a draft, before it has begun."""
        return self.done(campaigns.unschedule)

    @extend_schema(request=PauseSerializer, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def pause(self, _request: Request, **_address: str) -> Response:
        """Hold everything: nobody goes on, and no mail of it goes out."""
        because = self.asked(PauseSerializer).get("because", "")
        return self.done(campaigns.pause, because=because)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def resume(self, _request: Request, **_address: str) -> Response:
        """Go on where everybody was."""
        return self.done(campaigns.resume)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def finish(self, _request: Request, **_address: str) -> Response:
        """End it for good; mail that waits is called back."""
        return self.done(campaigns.finish)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Put it away; its figures stay."""
        return self.done(campaigns.archive)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving."""
        return self.done(campaigns.bring_back)

    def done(self, verb: Any, **given: Any) -> Response:
        """The campaign as it is once a verb has been done to it."""
        campaign: Campaign = self.get_object()
        verb(campaign, by=self.user, **given)
        return self.answer(campaign.pk)


class RecipientSerializer(serializers.ModelSerializer):
    """A customer in a campaign: in which arm, how far, and why they went before the end.

    `held_out` ones get nothing, so that the effect can be told. `why` is a stable code.
    """

    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")

    class Meta:
        model = Recipient
        fields = [
            "id", "campaign", "customer_id", "contact_email", "held_out", "variant", "language",
            "state", "why", "step", "due_at", "entered_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class RecipientFilter(django_filters.FilterSet):
    campaign = django_filters.NumberFilter(
        min_value=1, max_value=2**63 - 1, field_name="campaign_id"
    )
    customer_id = CustomerIdFilter()
    state = django_filters.MultipleChoiceFilter(choices=Recipient.State.choices)
    held_out = django_filters.BooleanFilter()


class Recipients(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Who is in campaigns, those left out among them."""

    app, noun = "campaigns", "recipient"
    queryset = Recipient.objects.select_related("customer", "contact")
    serializer_class = RecipientSerializer
    filterset_class = RecipientFilter

    def get_queryset(self) -> QuerySet[Recipient]:
        return self.visible(super().get_queryset())
