"""Surveys and invitations: `/api/v1/surveys/`, `/api/v1/invitations/`."""

import django_filters
from django.db.models import QuerySet
from rest_framework import mixins, serializers

from customers.api.fields import CustomerReference, shown
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from feedback.models import Invitation, Survey, SurveyKind


class SurveySerializer(serializers.ModelSerializer):
    """A survey; its name is what files and other addresses call it."""

    class Meta:
        model = Survey
        fields = ["id", "name", "kind", "created_at", "archived_at"]
        read_only_fields = fields


class SurveyFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    kind = django_filters.MultipleChoiceFilter(choices=SurveyKind.choices)
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class Surveys(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """What customers are asked."""

    app, noun = "feedback", "survey"
    queryset = Survey.objects.all()
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter


class InvitationSerializer(serializers.ModelSerializer):
    """That a contact was asked; `answered_at` is null until an answer was sent in."""

    survey = shown("name")
    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    invited_at = serializers.DateTimeField(source="created_at", read_only=True)
    answered_at = serializers.DateTimeField(
        source="response.answered_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Invitation
        fields = [
            "id", "survey", "customer_id", "contact_email", "channel", "language", "invited_at",
            "expires_at", "reminders_sent", "reminded_at", "called_back_at", "answered_at",
        ]  # fmt: skip
        read_only_fields = fields


class InvitationFilter(django_filters.FilterSet):
    survey = django_filters.CharFilter("survey__name")
    customer_id = CustomerIdFilter()
    answered = django_filters.BooleanFilter(
        "response__answered_at", lookup_expr="isnull", exclude=True
    )
    invited_from = MomentFilter("created_at", lookup_expr="gte")
    invited_to = MomentFilter("created_at", lookup_expr="lte")


class Invitations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Who was asked, of the customers that the caller may see."""

    app, noun = "feedback", "invitation"
    queryset = Invitation.objects.all()
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter

    def get_queryset(self) -> QuerySet[Invitation]:
        together = ("survey", "customer", "contact", "response")
        return self.visible(Invitation.objects.select_related(*together))
