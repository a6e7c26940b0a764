"""Early warning: `/api/v1/risk-flags/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict, person_shown, shown
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import RiskFlag
from customers.risk.sentences import sentence
from customers.services.flags import (
    acknowledge_flag,
    dismiss_flag,
    reopen_flag,
    resolve_flag,
    snooze_flag,
)

DISMISSALS = [choice for choice in RiskFlag.Dismissal.choices if choice[0]]


class FlagSerializer(serializers.ModelSerializer):
    """That a rule speaks of a customer; `sentence` says why, with its numbers."""

    customer_id = CustomerReference(source="customer", read_only=True)
    rule = shown("key")
    sentence = serializers.SerializerMethodField()
    facts = serializers.DictField(read_only=True)
    changed_by_email = person_shown("changed_by")

    class Meta:
        model = RiskFlag
        fields = [
            "id", "customer_id", "rule", "subject", "sentence", "facts", "severity", "level",
            "state", "raised_on", "seen_on", "snoozed_until", "dismissal", "closed_on", "note",
            "changed_at", "changed_by_email",
        ]  # fmt: skip
        read_only_fields = fields

    def get_sentence(self, flag: RiskFlag) -> str:
        return sentence(flag, today=timezone.localdate())


class NoteSerializer(Strict):
    """A word on it, if there is one."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SnoozeSerializer(NoteSerializer):
    """Until the day on which it is open again."""

    until = serializers.DateField()


class DismissSerializer(NoteSerializer):
    """Why it was no warning."""

    because = serializers.ChoiceField(choices=DISMISSALS)


class FlagFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    rule = django_filters.CharFilter(field_name="rule__key")
    state = django_filters.MultipleChoiceFilter(choices=RiskFlag.State.choices)
    severity = django_filters.NumberFilter(lookup_expr="gte", min_value=0, max_value=5)
    raised_from = django_filters.DateFilter("raised_on", lookup_expr="gte")
    raised_to = django_filters.DateFilter("raised_on", lookup_expr="lte")


class Flags(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Flags of the customers that the caller may see, closed ones included."""

    noun = "riskflag"
    queryset = RiskFlag.objects.all()
    serializer_class = FlagSerializer
    filterset_class = FlagFilter

    def get_queryset(self) -> QuerySet[RiskFlag]:
        return self.visible(RiskFlag.objects.select_related("customer", "rule", "changed_by"))

    @extend_schema(request=NoteSerializer, responses=FlagSerializer)
    @action(methods=["post"], detail=True)
    def acknowledge(self, _request: Request, **_address: str) -> Response:
        """Somebody works on it."""
        return self.do(acknowledge_flag, NoteSerializer)

    @extend_schema(request=SnoozeSerializer, responses=FlagSerializer)
    @action(methods=["post"], detail=True)
    def snooze(self, _request: Request, **_address: str) -> Response:
        """Leave it alone until a day; it does not count as risk till then."""
        return self.do(snooze_flag, SnoozeSerializer)

    @extend_schema(request=NoteSerializer, responses=FlagSerializer)
    @action(methods=["post"], detail=True)
    def resolve(self, _request: Request, **_address: str) -> Response:
        """It is dealt with."""
        return self.do(resolve_flag, NoteSerializer)

    @extend_schema(request=DismissSerializer, responses=FlagSerializer)
    @action(methods=["post"], detail=True)
    def dismiss(self, _request: Request, **_address: str) -> Response:
        """It was no warning."""
        return self.do(dismiss_flag, DismissSerializer)

    @extend_schema(request=None, responses=FlagSerializer)
    @action(methods=["post"], detail=True)
    def reopen(self, _request: Request, **_address: str) -> Response:
        """Take back what a person did about it."""
        return self.do(reopen_flag, Strict)

    def do(self, verb: Any, serializer_class: Any) -> Response:
        flag, values = self.get_object(), self.asked(serializer_class)
        verb(flag, by=self.user, now=timezone.now(), **values)
        return self.answer(flag.pk)
