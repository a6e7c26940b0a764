"""Answers: `/api/v1/responses/`."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework import response as answers
from rest_framework.request import Request

from customers.api.fields import (
    CancellationReference,
    CustomerReference,
    Reference,
    Strict,
    shown,
)
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from customers.models import Contact
from feedback import logic
from feedback.models import Answer, Response, Survey
from feedback.results import score_among
from feedback.services.responses import Given, record_response


class AnswerSerializer(serializers.ModelSerializer):
    """The answer to one question; without number, choices and text it was left open."""

    class Meta:
        model = Answer
        fields = ["question", "kind", "number", "choices", "text"]
        read_only_fields = fields


class ResponseSerializer(serializers.ModelSerializer):
    """What one person answered; `score` is the number that counts, null where it was left open."""

    survey = shown("name")
    customer_id = CustomerReference(source="customer", read_only=True, allow_null=True)
    contact_email = shown("email", source="contact")
    score = serializers.SerializerMethodField()
    answers = AnswerSerializer(many=True, read_only=True)
    set_aside_at = serializers.DateTimeField(
        source="quarantined_at", read_only=True, allow_null=True
    )

    class Meta:
        model = Response
        fields = [
            "id", "survey", "customer_id", "contact_email", "external_id", "cancellation",
            "channel", "language", "answered_at", "set_aside_at", "score", "answers",
        ]  # fmt: skip
        read_only_fields = fields

    def get_score(self, response: Response) -> int | None:
        content = response.version.content
        return score_among(response.answers.all(), response.survey.kind, content)


class AnswerGivenSerializer(Strict):
    """The answer to one question, by its key: a number, keys of choices, or words."""

    question = serializers.CharField(max_length=50)
    number = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=100, required=False
    )
    text = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class ResponseGivenSerializer(Strict):
    """An answer that was given elsewhere; `external_id` makes that it is taken once.

    `score` and `comment` answer the survey's first questions of that kind, `reason` the one that
    offers your reasons for leaving; `answers` are to further ones. `cancellation` is the departure.
    """

    external_id = serializers.CharField(max_length=200)
    survey = Reference(slug_field="name", queryset=Survey.objects.all())
    customer_id = CustomerReference(source="customer")
    contact_email = serializers.EmailField(required=False)
    answered_at = serializers.DateTimeField()
    score = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    comment = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    language = serializers.CharField(max_length=20, required=False)
    reason = serializers.CharField(max_length=100, required=False)
    cancellation = CancellationReference(required=False, allow_null=True)
    answers = serializers.ListField(child=AnswerGivenSerializer(), max_length=100, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        email = values.pop("contact_email", None)
        if email is not None:
            people = Contact.objects.filter(customer=values["customer"], email__iexact=email)
            values["contact"] = people.first()
            if values["contact"] is None:
                raise serializers.ValidationError(
                    {"contact_email": [_("This customer has no such contact.")]}
                )
        values["answers"] = [as_told(answer) for answer in values.get("answers", [])]
        return values


def as_told(answer: dict[str, Any]) -> tuple[str, logic.Given]:
    words = answer.get("text", "")
    given = logic.Given(answer.get("number"), tuple(answer.get("choices", ())), words)
    return answer["question"], given


class ResponseFilter(django_filters.FilterSet):
    survey = django_filters.CharFilter("survey__name")
    customer_id = CustomerIdFilter()
    external_id = django_filters.CharFilter()
    cancellation = django_filters.NumberFilter("cancellation_id")
    language = django_filters.CharFilter()
    set_aside = django_filters.BooleanFilter("quarantined_at", lookup_expr="isnull", exclude=True)
    answered_from = MomentFilter("answered_at", lookup_expr="gte")
    answered_to = MomentFilter("answered_at", lookup_expr="lte")


class Responses(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Answers that were sent in, of the customers that the caller may see."""

    app, noun = "feedback", "response"
    queryset = Response.objects.all()
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter

    def get_queryset(self) -> QuerySet[Response]:
        together = ("survey", "version", "customer", "contact")
        found = Response.objects.finished().select_related(*together)
        return self.visible(found.prefetch_related("answers"))

    @extend_schema(
        request=ResponseGivenSerializer,
        responses={201: ResponseSerializer, 200: ResponseSerializer},
    )
    def create(self, _request: Request) -> answers.Response:
        """Record an answer given elsewhere: 201, or 200 where it was recorded before.

        One that names the cancellation of somebody who left states their reason with it.
        """
        given = Given(**self.asked(ResponseGivenSerializer))
        response, is_new = record_response(given, by=self.user)
        return self.answer(response.pk, status=201 if is_new else 200)
