"""What customers get for bringing others: `/api/v1/referral-programs/`."""

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.offers import TextsSerializer
from campaigns.models import Offer, ReferralProgram
from campaigns.services import referral_programs as programs
from campaigns.services.checking import LONGEST
from campaigns.services.referral_programs import MAY_BE_EMPTY, PARTS, WITHIN
from customers.api.fields import Strict, person_reference, shown
from customers.api.nouns import Noun

OFFERS = ("reward", "welcome")


class RecommendedTextsSerializer(TextsSerializer):
    """What the page of a link says in one language; `welcome` is what who comes gets, in words."""

    welcome = serializers.CharField(
        max_length=LONGEST[PARTS["welcome"]], allow_blank=True, required=False
    )


class RecommendedPageSerializer(Strict):
    """English at least has a title and a text; other languages fall back to it."""

    en = RecommendedTextsSerializer(required=False)
    nb = RecommendedTextsSerializer(required=False)
    da = RecommendedTextsSerializer(required=False)
    sv = RecommendedTextsSerializer(required=False)


def number(name: str) -> serializers.IntegerField:
    """A number as the services allow it; null, where it may be, is no limit."""
    least, most = WITHIN[name]
    return serializers.IntegerField(
        min_value=least, max_value=most, required=False, allow_null=name in MAY_BE_EMPTY
    )


def offer_id(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=2**63 - 1, **options)


class ReferralProgramSerializer(Strict, serializers.ModelSerializer):
    """A program: `reward_id` is the offer to who recommends, `welcome_id` the one to who comes.

    `responsible` gets in touch with who came; null, it is the owner of the customer who
    recommends. `texts` is replaced as a whole; what English lacks is named `title_en`, `text_en`.
    """

    reward = shown("name")
    reward_id = offer_id()
    welcome = shown("name")
    welcome_id = offer_id(required=False, allow_null=True)
    texts = RecommendedPageSerializer()
    responsible = person_reference(required=False, allow_null=True)
    days_to_sign_up = number("days_to_sign_up")
    months_to_pay = number("months_to_pay")
    months_away = number("months_away")
    most_a_referrer = number("most_a_referrer")
    most_a_month = number("most_a_month")

    class Meta:
        model = ReferralProgram
        fields = [
            "id", "name", "reward", "reward_id", "welcome", "welcome_id", "texts", "responsible",
            "days_to_sign_up", "months_to_pay", "months_away", "most_a_referrer", "most_a_month",
            "on_since", "archived_at", "created_at", "changed_at",
        ]  # fmt: skip
        read_only_fields = ["on_since", "archived_at", "created_at", "changed_at"]
        extra_kwargs = {"name": {"validators": []}}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Both offers are asked for at once."""
        told = {name: values.pop(f"{name}_id") for name in OFFERS if f"{name}_id" in values}
        found = Offer.objects.in_bulk({number for number in told.values() if number})
        for name, number in told.items():
            if number and number not in found:
                said = _("There is no offer with the id %(id)s. Look it up under /offers/.")
                raise serializers.ValidationError({f"{name}_id": [said % {"id": number}]})
        return values | {name: found.get(number) for name, number in told.items()}


class ReferralProgramFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    archived = django_filters.BooleanFilter("archived_at", lookup_expr="isnull", exclude=True)
    on = django_filters.BooleanFilter("on_since", lookup_expr="isnull", exclude=True)


class ReferralPrograms(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Referral programs, archived ones among them."""

    app, noun = "campaigns", "referralprogram"
    names_of = {name: f"{name}_id" for name in OFFERS}
    queryset = ReferralProgram.objects.select_related("reward", "welcome", "responsible")
    serializer_class = ReferralProgramSerializer
    filterset_class = ReferralProgramFilter

    def create(self, _request: Request) -> Response:
        """Make a program; its links open nothing until it is switched on."""
        values = self.asked(ReferralProgramSerializer)
        empty = ReferralProgram(reward=values["reward"])
        begun: dict[str, Any] = {name: getattr(empty, name) for name in programs.FIELDS}
        return self.answer(programs.make_program(begun | values, by=self.user).pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Say it otherwise; who came already is judged by what it says now."""
        program: ReferralProgram = self.get_object()
        values = self.asked(ReferralProgramSerializer, instance=program, partial=True)
        was: dict[str, Any] = {name: getattr(program, name) for name in programs.FIELDS}
        programs.change_program(program, was | values, seen_at=program.changed_at, by=self.user)
        return self.answer(program.pk)

    @extend_schema(request=None, responses=ReferralProgramSerializer)
    @action(methods=["post"], detail=True)
    def switch_on(self, _request: Request, **_address: str) -> Response:
        """Its links open from now on."""
        return self.answer(programs.switch_on(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=ReferralProgramSerializer)
    @action(methods=["post"], detail=True)
    def switch_off(self, _request: Request, **_address: str) -> Response:
        """Its links open nothing; what was promised is kept."""
        return self.answer(programs.switch_off(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=ReferralProgramSerializer)
    @action(methods=["post"], detail=True)
    def archive(self, _request: Request, **_address: str) -> Response:
        """Switch it off and put it away; its figures stay."""
        return self.answer(programs.archive_program(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=ReferralProgramSerializer)
    @action(methods=["post"], detail=True)
    def bring_back(self, _request: Request, **_address: str) -> Response:
        """Undo an archiving; it stays off."""
        return self.answer(programs.bring_back_program(self.get_object(), by=self.user).pk)
