"""Links to leave through: `/api/v1/cancel-visits/`."""

import hashlib
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.leaving.links import address_of
from campaigns.models import CancelVisit
from campaigns.services.leaving import Wish, make_visit
from customers.api.fields import CustomerReference, Strict, shown
from customers.api.idempotency import OTHERWISE, PARAMETER, answer_once, given_key
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun


class CancelVisitSerializer(serializers.ModelSerializer):
    """One customer's link to leave through, and what became of it.

    `ends_on` is the first day not paid for, once they have left. `why_no_offer` says why the offer
    of their reason was not made.
    """

    flow = shown("name")
    flow_id = serializers.IntegerField(read_only=True)
    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    subscription_id = shown("external_id", source="subscription")
    state = serializers.ChoiceField(
        choices=CancelVisit.State.choices, source="stands", read_only=True
    )
    reason = shown("key")
    offer = serializers.CharField(
        source="grant.offer.name", default=None, read_only=True, allow_null=True
    )
    saved_by = serializers.ChoiceField(
        choices=CancelVisit.SavedBy.choices, allow_blank=True, read_only=True
    )

    class Meta:
        model = CancelVisit
        fields = [
            "id", "flow", "flow_id", "customer_id", "contact_email", "subscription_id", "state",
            "held_out", "language", "profile", "most_clicks", "clicks", "made_at", "expires_at",
            "entered_at", "reason", "comment", "competitor", "missing_feature", "offer",
            "why_no_offer", "saved_at", "saved_by", "left_at", "ends_on",
        ]  # fmt: skip
        read_only_fields = fields


class AskSerializer(Strict):
    """Who wants to leave; `subscription_id` names one of several, without it everything ends."""

    customer_id = CustomerReference(source="customer")
    contact_email = serializers.EmailField(required=False, allow_null=True)
    subscription_id = serializers.CharField(max_length=400, required=False, allow_null=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        customer = values["customer"]
        address, name = values.pop("contact_email", None), values.pop("subscription_id", None)
        values["contact"] = values["subscription"] = None
        if address:
            values["contact"] = customer.contacts.filter(email__iexact=address).first()
            if values["contact"] is None:
                said = _("This customer has no contact %(email)s. Add them first, or leave it out.")
                raise serializers.ValidationError({"contact_email": [said % {"email": address}]})
        if name:
            values["subscription"] = customer.subscriptions.filter(external_id=name).first()
            if values["subscription"] is None:
                said = _("This customer has no subscription %(name)s.")
                raise serializers.ValidationError({"subscription_id": [said % {"name": name}]})
        return values


class MadeVisitSerializer(CancelVisitSerializer):
    """As it stands, with the address that the customer opens; only who makes it is told."""

    link = serializers.SerializerMethodField()

    class Meta(CancelVisitSerializer.Meta):
        fields = [*CancelVisitSerializer.Meta.fields, "link"]
        read_only_fields = fields

    def get_link(self, visit: CancelVisit) -> str:
        return address_of(visit)


class CancelVisitFilter(django_filters.FilterSet):
    flow_id = django_filters.NumberFilter("flow_id")
    customer_id = CustomerIdFilter()
    state = django_filters.MultipleChoiceFilter("stands", choices=CancelVisit.State.choices)
    made_from = MomentFilter("made_at", lookup_expr="gte")
    made_to = MomentFilter("made_at", lookup_expr="lte")


class CancelVisits(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Visits of customers that the caller may see."""

    app, noun = "campaigns", "cancelvisit"
    queryset = CancelVisit.objects.all()
    serializer_class = CancelVisitSerializer
    filterset_class = CancelVisitFilter

    def get_queryset(self) -> QuerySet[CancelVisit]:
        together = ("flow", "customer", "contact", "subscription", "reason", "grant__offer")
        rows = CancelVisit.objects.as_of(timezone.now()).select_related(*together)
        return self.visible(rows)

    @extend_schema(
        request=AskSerializer,
        responses={201: MadeVisitSerializer, 409: OTHERWISE},
        parameters=[PARAMETER],
    )
    def create(self, request: Request) -> Response:
        """Make a link; `link` is the address where the customer cancels, given this once."""
        return answer_once(request, self.user, self.make)

    def make(self) -> Response:
        asked = self.asked(AskSerializer)
        key = f"{self.user.pk}:{given_key(self.request)}"
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        wish = Wish(key=f"api:{digest}", **asked)
        made = make_visit(wish, now=timezone.now(), by=self.user)
        row = self.get_queryset().get(pk=made.pk)
        told = MadeVisitSerializer(row, context=self.get_serializer_context()).data
        return Response(dict(told), 201)
