"""The register of competitors: `/api/v1/competitors/` and `/api/v1/competitor-offers/`."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import Strict, person_shown
from customers.api.nouns import Noun
from customers.models import Competitor, CompetitorName, CompetitorOffer
from customers.models.competitor import in_plain
from customers.services.competitor_offers import (
    OfferDetails,
    add_offer,
    details_of,
    edit_offer,
    end_offer,
    take_back_end,
)
from customers.services.competitors import (
    LONGEST_NAME,
    CompetitorDetails,
    add_competitor,
    add_name,
    bring_back_competitor,
    edit_competitor,
    merge_competitors,
    retire_competitor,
    separate_competitor,
    take_name_away,
)
from customers.services.ledger import GREATEST_MINOR

LONGEST_NOTE = 20_000


class CompetitorSerializer(Strict, serializers.ModelSerializer):
    """A company that customers go to; `names` are all that departures may call it."""

    website = serializers.URLField(max_length=2000, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    names = serializers.SerializerMethodField()
    merged_into_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Competitor
        fields = ["id", "name", "website", "notes", "names", "merged_into_id", "retired_at"]
        read_only_fields = ["retired_at"]

    def get_names(self, competitor: Competitor) -> list[str]:
        return [name.text for name in competitor.names.all()]


class NameSerializer(Strict):
    """A name that it goes by."""

    name = serializers.CharField(max_length=LONGEST_NAME)


def competitor_reference(**options: Any) -> serializers.PrimaryKeyRelatedField:
    """A competitor, by its id."""
    return serializers.PrimaryKeyRelatedField(
        queryset=Competitor.objects.all(), pk_field=serializers.IntegerField(), **options
    )


class MergeCompetitorSerializer(Strict):
    """The competitor that it counts as from now on."""

    into_id = competitor_reference(source="into")


class CompetitorFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(method="by_name")
    retired = django_filters.BooleanFilter("retired_at", lookup_expr="isnull", exclude=True)
    merged = django_filters.BooleanFilter("merged_into", lookup_expr="isnull", exclude=True)

    def by_name(self, rows: QuerySet[Competitor], _name: str, value: str) -> QuerySet[Competitor]:
        """By any name that it goes by."""
        return rows.filter(names__plain=in_plain(value))


class Competitors(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Competitors, those merged into others among them."""

    noun = "competitor"
    queryset = Competitor.objects.prefetch_related("names")
    serializer_class = CompetitorSerializer
    filterset_class = CompetitorFilter

    def create(self, _request: Request) -> Response:
        """Add one to the register; no two go by the same name."""
        details = CompetitorDetails(**self.asked(CompetitorSerializer))
        return self.answer(add_competitor(details, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say it otherwise; a former name stays one that it goes by."""
        competitor = self.get_object()
        was = {name: getattr(competitor, name) for name in ("name", "website", "notes")}
        values = self.asked(CompetitorSerializer, instance=competitor, partial=True)
        edit_competitor(competitor, CompetitorDetails(**(was | values)), by=self.user)
        return self.answer(competitor.pk)

    @extend_schema(request=NameSerializer, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def add_name(self, _request: Request, **_address: str) -> Response:
        """Give it another name; past departures that gave that name count too."""
        competitor = self.get_object()
        add_name(competitor, by=self.user, **self.asked(NameSerializer))
        return self.answer(competitor.pk)

    @extend_schema(request=NameSerializer, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def remove_name(self, _request: Request, **_address: str) -> Response:
        """Take a name away that it does not go by."""
        competitor = self.get_object()
        plain = in_plain(self.asked(NameSerializer)["name"])
        name = CompetitorName.objects.filter(competitor=competitor, plain=plain).first()
        if name is None:
            raise serializers.ValidationError({"name": [_("It does not go by this name.")]})
        take_name_away(name, by=self.user)
        return self.answer(competitor.pk)

    @extend_schema(request=MergeCompetitorSerializer, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def merge(self, _request: Request, **_address: str) -> Response:
        """Count its names, offers and losses as those of another."""
        competitor = self.get_object()
        into = self.asked(MergeCompetitorSerializer)["into"]
        merge_competitors(into, competitor, by=self.user)
        return self.answer(competitor.pk)

    @extend_schema(request=None, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def separate(self, _request: Request, **_address: str) -> Response:
        """Let it stand by itself again."""
        competitor = self.get_object()
        separate_competitor(competitor, by=self.user)
        return self.answer(competitor.pk)

    @extend_schema(request=None, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def retire(self, _request: Request, **_address: str) -> Response:
        """Suggest it no longer."""
        competitor = self.get_object()
        retire_competitor(competitor, by=self.user)
        return self.answer(competitor.pk)

    @extend_schema(request=None, responses=CompetitorSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Suggest it again."""
        competitor = self.get_object()
        bring_back_competitor(competitor, by=self.user)
        return self.answer(competitor.pk)


class OfferSerializer(Strict, serializers.ModelSerializer):
    """What a competitor asked for something on a day; its price is whole or null."""

    competitor_id = competitor_reference(source="competitor")
    amount_minor = serializers.IntegerField(
        min_value=0, max_value=GREATEST_MINOR, required=False, allow_null=True
    )
    url = serializers.URLField(max_length=2000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    recorded_by_email = person_shown("recorded_by")

    class Meta:
        model = CompetitorOffer
        fields = [
            "id", "competitor_id", "name", "amount_minor", "currency", "per", "seen_on", "ends_on",
            "url", "note", "recorded_at", "recorded_by_email",
        ]  # fmt: skip
        read_only_fields = ["recorded_at"]


class AmendOfferSerializer(OfferSerializer):
    """What may turn out to be otherwise; whose it is stays."""

    competitor_id = serializers.IntegerField(read_only=True)


class EndOfferSerializer(Strict):
    """The day from which it is no longer offered."""

    ends_on = serializers.DateField()


class OfferFilter(django_filters.FilterSet):
    competitor_id = django_filters.NumberFilter(method="by_competitor")
    ended = django_filters.BooleanFilter("ends_on", lookup_expr="isnull", exclude=True)
    seen_from = django_filters.DateFilter("seen_on", lookup_expr="gte")
    seen_to = django_filters.DateFilter("seen_on", lookup_expr="lte")

    def by_competitor(
        self, rows: QuerySet[CompetitorOffer], _name: str, value: Any
    ) -> QuerySet[CompetitorOffer]:
        """Its own, and those of competitors merged into it."""
        return rows.filter(Q(competitor=value) | Q(competitor__merged_into=value))


class CompetitorOffers(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Offers of competitors with the days on which they were seen."""

    noun = "competitoroffer"
    queryset = CompetitorOffer.objects.select_related("competitor", "recorded_by")
    serializer_class = OfferSerializer
    filterset_class = OfferFilter

    def get_serializer_class(self) -> type[OfferSerializer]:
        return AmendOfferSerializer if self.action == "partial_update" else OfferSerializer

    def create(self, _request: Request) -> Response:
        """Write an offer down; the same thing seen later takes its place."""
        values = self.asked(OfferSerializer)
        competitor = values.pop("competitor")
        offer = add_offer(competitor, OfferDetails(**values), by=self.user)
        return self.answer(offer.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Correct what was written down."""
        offer = self.get_object()
        was = vars(details_of(offer))
        values = self.asked(AmendOfferSerializer, instance=offer, partial=True)
        edit_offer(offer, OfferDetails(**(was | values)), by=self.user)
        return self.answer(offer.pk)

    @extend_schema(request=EndOfferSerializer, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def end(self, _request: Request, **_address: str) -> Response:
        """Say that it is no longer offered."""
        offer = self.get_object()
        end_offer(offer, by=self.user, **self.asked(EndOfferSerializer))
        return self.answer(offer.pk)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(methods=["post"], detail=True)
    def runs_on(self, _request: Request, **_address: str) -> Response:
        """Take back that it has ended."""
        offer = self.get_object()
        take_back_end(offer, by=self.user)
        return self.answer(offer.pk)
