"""What customers are asked: `/api/v1/surveys/`."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import Strict
from customers.api.nouns import Noun
from feedback.api.contents import ContentSerializer
from feedback.models import Survey, SurveyKind, SurveyVersion
from feedback.services.surveys import (
    LONGEST_NAME,
    change_survey,
    create_survey,
    draft_survey,
    publish_newest,
)


class VersionSerializer(serializers.ModelSerializer):
    """What one version asks; a draft has no `published_at`."""

    content = serializers.DictField(read_only=True)

    class Meta:
        model = SurveyVersion
        fields = ["number", "changed_at", "published_at", "content"]
        read_only_fields = fields


class SurveySerializer(serializers.ModelSerializer):
    """A survey; its name is what files and other addresses call it."""

    class Meta:
        model = Survey
        fields = ["id", "name", "kind", "created_at", "archived_at"]
        read_only_fields = fields


class WholeSurveySerializer(SurveySerializer):
    """A survey with what it asks now (`published`), and what it would ask next (`draft`)."""

    published = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    class Meta(SurveySerializer.Meta):
        fields = [*SurveySerializer.Meta.fields, "published", "draft"]
        read_only_fields = fields

    @extend_schema_field(VersionSerializer(allow_null=True))
    def get_published(self, survey: Survey) -> dict[str, Any] | None:
        return self.shown(version for version in survey.versions.all() if version.published_at)

    @extend_schema_field(VersionSerializer(allow_null=True))
    def get_draft(self, survey: Survey) -> dict[str, Any] | None:
        return self.shown(v for v in survey.versions.all() if v.published_at is None)

    def shown(self, newest_first: Iterator[SurveyVersion]) -> dict[str, Any] | None:
        version = next(newest_first, None)
        return VersionSerializer(version).data if version else None


class NewSurveySerializer(Strict):
    """A survey from the ready one of its kind, published at once; or a draft of your content."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(choices=SurveyKind.choices)
    content = ContentSerializer(required=False)


class SurveyChangeSerializer(Strict):
    """Another name, or the whole content of the next version.

    `seen_at` is the draft's `changed_at` as it was read: needed where there is a draft already.
    """

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    content = ContentSerializer(required=False)
    seen_at = serializers.DateTimeField(required=False)


class SurveyFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    kind = django_filters.MultipleChoiceFilter(choices=SurveyKind.choices)
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)


class Surveys(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """What customers are asked."""

    app, noun = "feedback", "survey"
    queryset = Survey.objects.all()
    serializer_class = WholeSurveySerializer
    filterset_class = SurveyFilter

    def get_queryset(self) -> QuerySet[Survey]:
        if self.action == "list":
            return Survey.objects.all()
        versions = SurveyVersion.objects.order_by("-number").defer("earlier", "later")
        return Survey.objects.prefetch_related(Prefetch("versions", versions))

    def get_serializer_class(self) -> type[SurveySerializer]:
        return SurveySerializer if self.action == "list" else WholeSurveySerializer

    @extend_schema(request=NewSurveySerializer, responses={201: WholeSurveySerializer})
    def create(self, _request: Request) -> Response:
        """Make a survey: a ready one, which asks at once, or a draft with content of your own."""
        values = self.asked(NewSurveySerializer)
        made = draft_survey if "content" in values else create_survey
        return self.answer(made(**values, by=self.user).pk, status=201)

    @extend_schema(request=SurveyChangeSerializer, responses=WholeSurveySerializer)
    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Rename a survey, or write its next version, which asks nobody until it is published."""
        survey = self.get_object()
        change_survey(survey, **self.asked(SurveyChangeSerializer), by=self.user)
        return self.answer(survey.pk)

    @extend_schema(request=None, responses=WholeSurveySerializer)
    @action(methods=["post"], detail=True)
    def publish(self, _request: Request, **_address: str) -> Response:
        """Ask with the draft from now on; answers so far stay with the version they answered."""
        survey = self.get_object()
        publish_newest(survey, by=self.user)
        return self.answer(survey.pk)
