"""Who was asked, and asking somebody: `/api/v1/invitations/`."""

import hashlib
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import (
    CancellationReference,
    CustomerReference,
    Reference,
    Strict,
    shown,
)
from customers.api.idempotency import OTHERWISE, PARAMETER, answer_once, given_key
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from customers.mail import reasons
from customers.models import Contact, Customer
from feedback.inviting.words import why_not
from feedback.models import Invitation, Survey
from feedback.services.invitations import call_back_invitation
from feedback.services.inviting import Outcome, Wish, invite_people

MOST_PEOPLE = 50
LATEST_REMINDER = 25  # days; links are open for 30


class InvitationSerializer(serializers.ModelSerializer):
    """That a contact was asked; `answered_at` is null until an answer was sent in.

    `state` is waiting (its mail has not gone out), open, answered, expired, called_back or
    not_sent; `why_not` says why the mail is not with the contact, where it isn't.
    """

    survey = shown("name")
    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    state = serializers.ChoiceField(choices=Invitation.STATES, read_only=True)
    mail_state = serializers.CharField(
        source="mail.state", read_only=True, allow_null=True, default=None
    )
    why_not = serializers.SerializerMethodField()
    invited_at = serializers.DateTimeField(source="created_at", read_only=True)
    answered_at = serializers.DateTimeField(
        source="response.answered_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Invitation
        fields = [
            "id", "survey", "customer_id", "contact_email", "cancellation", "channel", "language",
            "state", "mail_state", "why_not", "invited_at", "expires_at",
            "remind_after_days", "reminders_sent", "reminded_at", "called_back_at", "answered_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_why_not(self, invitation: Invitation) -> str:
        return reasons.why_not(invitation.mail) if invitation.mail else ""


class InviteSerializer(Strict):
    """Whom to ask what; without `contact_emails` the one whom a rule would choose.

    Who left is asked about the `cancellation`. A customer whom a survey of this kind asked within
    `not_again_days` is spared. Who has not answered `remind_after_days` after their mail went out
    is reminded once; without it, never.
    """

    survey = Reference(slug_field="name", queryset=Survey.objects.all())
    customer_id = CustomerReference(source="customer")
    contact_emails = serializers.ListField(
        child=serializers.EmailField(), max_length=MOST_PEOPLE, required=False
    )
    cancellation = CancellationReference(required=False, allow_null=True)
    not_again_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    remind_after_days = serializers.IntegerField(
        min_value=1, max_value=LATEST_REMINDER, required=False, allow_null=True
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        values["people"] = people_of(values["customer"], values.pop("contact_emails", []))
        return values


def people_of(customer: Customer, addresses: list[str]) -> list[Contact]:
    """The contacts of these addresses, each once; ValidationError names one that is none."""
    there = {
        person.email.lower(): person for person in customer.contacts.select_related("customer")
    }
    unknown = [address for address in addresses if address.lower() not in there]
    if unknown:
        said = _("This customer has no contact %(email)s. Add them first, or leave them out.")
        raise serializers.ValidationError({"contact_emails": [said % {"email": unknown[0]}]})
    return list(dict.fromkeys(there[address.lower()] for address in addresses))


class LeftOutSerializer(serializers.Serializer):
    """Somebody who was not asked: a stable `code`, and the same in words."""

    contact_email = serializers.EmailField(allow_null=True)
    code = serializers.CharField()
    why_not = serializers.CharField()


class InvitedSerializer(serializers.Serializer):
    """What became of a wish: who was invited, and who was not."""

    invited = InvitationSerializer(many=True)
    left_out = LeftOutSerializer(many=True)


class InvitationFilter(django_filters.FilterSet):
    survey = django_filters.CharFilter("survey__name")
    customer_id = CustomerIdFilter()
    contact_email = django_filters.CharFilter("contact__email", lookup_expr="iexact")
    cancellation = django_filters.NumberFilter("cancellation_id")
    state = django_filters.MultipleChoiceFilter(
        choices=[(state, state) for state in Invitation.STATES]
    )
    answered = django_filters.BooleanFilter(
        "response__answered_at", lookup_expr="isnull", exclude=True
    )
    invited_from = MomentFilter("created_at", lookup_expr="gte")
    invited_to = MomentFilter("created_at", lookup_expr="lte")


class Invitations(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Who was asked, of the customers that the caller may see."""

    app, noun = "feedback", "invitation"
    adding = frozenset({"create", "call_back"})
    queryset = Invitation.objects.all()
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilter

    def get_queryset(self) -> QuerySet[Invitation]:
        together = ("survey", "customer", "contact", "response", "mail__batch")
        found = Invitation.objects.with_state(timezone.now()).select_related(*together)
        return self.visible(found)

    @extend_schema(
        request=InviteSerializer,
        responses={201: InvitedSerializer, 200: InvitedSerializer, 409: OTHERWISE},
        parameters=[PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Ask people of a customer by mail: 201, or 200 where nobody was invited.

        The same holds as for a round by hand: nobody who gets no mail of this kind is asked, and
        the mail waits first, so that it can be called back.
        """
        return answer_once(request, self.user, self.invite)

    def invite(self) -> Response:
        asked = self.asked(InviteSerializer)
        key = f"{self.user.pk}:{given_key(self.request)}"
        wish = Wish(key=hashlib.sha256(key.encode()).hexdigest()[:32], **asked)
        outcome = invite_people(wish, by=self.user)
        return Response(self.told(outcome), status=201 if outcome.made else 200)

    def told(self, outcome: Outcome) -> dict[str, Any]:
        made = self.get_queryset().filter(pk__in=[row.pk for row in outcome.made]).order_by("pk")
        left_out = [
            {"contact_email": person and person.email, "code": code, "why_not": why_not(code)}
            for person, code in outcome.left_out
        ]
        return dict(InvitedSerializer({"invited": made, "left_out": left_out}).data)

    @extend_schema(request=None, responses=InvitationSerializer)
    @action(methods=["post"], detail=True)
    def call_back(self, _request: Request, **_address: str) -> Response:
        """Stop the mail of an invitation that waits: nobody is asked."""
        invitation = self.get_object()
        call_back_invitation(invitation, by=self.user)
        return self.answer(invitation.pk)
