"""Complaints: `/api/v1/complaints/`."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import (
    CustomerReference,
    Reference,
    Strict,
    person_reference,
    person_shown,
    reason_reference,
    shown,
)
from customers.api.nouns import Noun
from customers.filters import formerly
from customers.models import Complaint, Feature
from customers.services.complaints import (
    LONGEST_WORDS,
    Grievance,
    Settlement,
    assign_complaint,
    confirm_complaint,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
)

STATES = ("open", "reopened", "resolved", "confirmed")


class ComplaintSerializer(serializers.ModelSerializer):
    """The work on a complaint; `interaction_id` is its entry on the customer's timeline."""

    customer_id = CustomerReference(source="entry.customer", read_only=True)
    interaction_id = serializers.IntegerField(source="entry_id", read_only=True)
    words = serializers.CharField(source="entry.summary", read_only=True)
    occurred_at = serializers.DateTimeField(source="entry.occurred_at", read_only=True)
    contact_email = shown("email", source="entry.contact")
    owner_email = person_shown("owner")
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    reason = shown("key", source="reason.counts_as")
    feature = shown("code")

    class Meta:
        model = Complaint
        fields = [
            "id", "customer_id", "interaction_id", "words", "occurred_at", "contact_email",
            "owner_email", "due_on", "state", "reason", "feature", "resolution", "resolved_at",
            "confirmed", "confirmed_at",
        ]  # fmt: skip
        read_only_fields = fields


class OpenSerializer(Strict):
    """What a customer complains about; without an owner and a day the usual ones hold."""

    customer_id = CustomerReference(source="customer")
    words = serializers.CharField(max_length=LONGEST_WORDS)
    said_on = serializers.DateField(required=False, allow_null=True)
    contact_email = serializers.EmailField(required=False)
    reason = reason_reference(required=False, allow_null=True)
    feature = Reference(
        slug_field="code", queryset=Feature.objects.all(), required=False, allow_null=True
    )
    owner_email = person_reference(source="owner", required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        email = values.pop("contact_email", None)
        if email is not None:
            contacts = values["customer"].contacts
            values["contact"] = contacts.filter(email__iexact=email).first()
            if values["contact"] is None:
                raise serializers.ValidationError(
                    {"contact_email": [_("This customer has no such contact.")]}
                )
        return values


class AssignSerializer(Strict):
    """Who settles it, and by when."""

    owner_email = person_reference(source="owner")
    due_on = serializers.DateField()


class ResolveSerializer(Strict):
    """How it was settled, and what was behind it."""

    resolution = serializers.CharField(max_length=LONGEST_WORDS)
    reason = reason_reference(required=False, allow_null=True)
    feature = Reference(
        slug_field="code", queryset=Feature.objects.all(), required=False, allow_null=True
    )


class ConfirmSerializer(Strict):
    """Whether the customer agrees that it is resolved; if not, it is open again."""

    agrees = serializers.BooleanField()


class ComplaintFilter(django_filters.FilterSet):
    customer_id = django_filters.CharFilter(method="of_customer")
    owner_email = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    resolved = django_filters.BooleanFilter("resolved_at", lookup_expr="isnull", exclude=True)
    confirmed = django_filters.BooleanFilter()
    overdue = django_filters.BooleanFilter(method="by_deadline")
    due_from = django_filters.DateFilter("due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter("due_on", lookup_expr="lte")

    def of_customer(self, rows: QuerySet[Complaint], _name: str, value: str) -> QuerySet[Complaint]:
        named = Q(entry__customer__external_id=value)
        return rows.filter(named | Q(entry__customer__in=formerly(external_id=value)))

    def by_deadline(
        self, rows: QuerySet[Complaint], _name: str, value: bool
    ) -> QuerySet[Complaint]:
        late = Q(resolved_at=None, due_on__lt=timezone.localdate())
        return rows.filter(late if value else ~late)


class Complaints(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Complaints of the customers that the caller may see, settled ones included."""

    noun = "complaint"
    queryset = Complaint.objects.all()
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilter

    def get_queryset(self) -> QuerySet[Complaint]:
        return Complaint.objects.visible_to(self.user, self.organisation).with_all()

    @extend_schema(request=OpenSerializer, responses={201: ComplaintSerializer})
    def create(self, _request: Request) -> Response:
        """Write a complaint down; its owner gets a task."""
        values = self.asked(OpenSerializer)
        customer = values.pop("customer")
        complaint = open_complaint(customer, Grievance(**values), by=self.user)
        return self.answer(complaint.pk, status=201)

    @extend_schema(request=AssignSerializer, responses=ComplaintSerializer)
    @action(methods=["post"], detail=True)
    def assign(self, _request: Request, **_address: str) -> Response:
        """Give it to somebody, by a day."""
        complaint = self.get_object()
        assign_complaint(complaint, by=self.user, **self.asked(AssignSerializer))
        return self.answer(complaint.pk)

    @extend_schema(request=ResolveSerializer, responses=ComplaintSerializer)
    @action(methods=["post"], detail=True)
    def resolve(self, _request: Request, **_address: str) -> Response:
        """Say how it was settled."""
        complaint = self.get_object()
        resolve_complaint(complaint, Settlement(**self.asked(ResolveSerializer)), by=self.user)
        return self.answer(complaint.pk)

    @extend_schema(request=ConfirmSerializer, responses=ComplaintSerializer)
    @action(methods=["post"], detail=True)
    def confirm(self, _request: Request, **_address: str) -> Response:
        """Record what the customer says of the resolution."""
        complaint = self.get_object()
        confirm_complaint(complaint, by=self.user, **self.asked(ConfirmSerializer))
        return self.answer(complaint.pk)

    @extend_schema(request=None, responses=ComplaintSerializer)
    @action(methods=["post"], detail=True)
    def reopen(self, _request: Request, **_address: str) -> Response:
        """Take back that it is resolved."""
        complaint = self.get_object()
        reopen_complaint(complaint, by=self.user)
        return self.answer(complaint.pk)
