"""Links of customers that refer others, and who came by them, under `/api/v1/`."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.models import Referral, ReferralLink, ReferralProgram
from campaigns.referral_words import REFUSED
from campaigns.services import referring
from campaigns.services.referring import Came, find_link, link_for, refer
from customers.api.fields import CustomerReference, Strict, shown
from customers.api.nouns import CustomerIdFilter, MomentFilter, Noun
from customers.models import Customer


class ReferralLinkSerializer(serializers.ModelSerializer):
    """A customer's link; rewards go to the contact, where there is one."""

    customer_id = CustomerReference(source="customer", read_only=True)
    contact_email = shown("email", source="contact")
    program_id = serializers.IntegerField(read_only=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = ReferralLink
        fields = [
            "id", "program_id", "customer_id", "contact_email", "code", "address", "made_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_address(self, link: ReferralLink) -> str:
        return settings.BASE_URL + link.path


class MakeLinkSerializer(Strict):
    """Whose link, in which program; `contact_email` names somebody at the customer."""

    program_id = serializers.PrimaryKeyRelatedField(
        source="program",
        queryset=ReferralProgram.objects.all(),
        pk_field=serializers.IntegerField(),
    )
    customer_id = CustomerReference(source="customer")
    contact_email = serializers.EmailField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        address = values.pop("contact_email", None)
        values["contact"] = None
        if address:
            values["contact"] = values["customer"].contacts.filter(email__iexact=address).first()
            if values["contact"] is None:
                said = _("This customer has no contact %(email)s. Add them first, or leave it out.")
                raise serializers.ValidationError({"contact_email": [said % {"email": address}]})
        return values


class ReferralLinkFilter(django_filters.FilterSet):
    program_id = django_filters.NumberFilter(
        min_value=1, max_value=2**63 - 1, field_name="program_id"
    )
    customer_id = CustomerIdFilter()
    code = django_filters.CharFilter()


class ReferralLinks(mixins.ListModelMixin, Noun):
    """Links of customers that the caller may see."""

    app, noun = "campaigns", "referrallink"
    names_of = {"program": "program_id", "contact": "contact_email"}
    queryset = ReferralLink.objects.select_related("program", "customer", "contact")
    serializer_class = ReferralLinkSerializer
    filterset_class = ReferralLinkFilter

    def get_queryset(self) -> QuerySet[ReferralLink]:
        return self.visible(super().get_queryset())

    @extend_schema(request=MakeLinkSerializer, responses={201: ReferralLinkSerializer})
    def create(self, _request: Request) -> Response:
        """The link of a customer in a program that is on; asked for again it is the same one."""
        asked = self.asked(MakeLinkSerializer)
        link = link_for(asked["program"], asked["customer"], asked["contact"], by=self.user)
        return self.answer(link.pk, status=201)


def seen(source: str) -> serializers.CharField:
    """The id of a customer; null for one that the caller may not see, too."""
    return serializers.CharField(source=source, read_only=True, allow_null=True)


class ReferralSerializer(serializers.ModelSerializer):
    """Somebody who came by a link, whom they became, and why it brings nothing, or not yet."""

    program_id = serializers.IntegerField(source="link.program_id", read_only=True)
    code = shown("code", source="link")
    referrer_id = CustomerReference(source="link.customer", read_only=True)
    grant_id = serializers.IntegerField(read_only=True, allow_null=True)
    customer_id = seen("seen_customer")
    suggested_id = seen("seen_suggested")
    matched_how = serializers.ChoiceField(
        choices=Referral.By.choices, allow_blank=True, read_only=True
    )

    class Meta:
        model = Referral
        fields = [
            "id", "program_id", "code", "referrer_id", "name", "email", "company", "language",
            "came_from", "at", "state", "why", "customer_id", "suggested_id", "matched_at",
            "matched_how", "rewarded_at", "grant_id", "refused_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReferSerializer(Strict):
    """Who came by a code: the customer that signed up with it, or somebody by their address."""

    code = serializers.CharField(max_length=40)
    customer_id = CustomerReference(source="customer", required=False, allow_null=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    company = serializers.CharField(max_length=300, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)

    def validate_code(self, code: str) -> ReferralLink:
        link = find_link(code)
        if link is None:
            raise serializers.ValidationError(_("There is no such code, or its program is off."))
        return link


class ConfirmReferralSerializer(Strict):
    """The customer that they became."""

    customer_id = CustomerReference(source="customer")


class RefuseReferralSerializer(Strict):
    """Why it brings nothing."""

    why = serializers.ChoiceField(choices=list(REFUSED), required=False)


class ReferralFilter(django_filters.FilterSet):
    program_id = django_filters.NumberFilter(
        min_value=1, max_value=2**63 - 1, field_name="link__program_id"
    )
    customer_id = CustomerIdFilter()
    referrer_id = django_filters.CharFilter("link__customer__external_id")
    state = django_filters.MultipleChoiceFilter(choices=Referral.State.choices)
    at_from = MomentFilter("at", lookup_expr="gte")
    at_to = MomentFilter("at", lookup_expr="lte")


class Referrals(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Who came by links of customers that the caller may see."""

    app, noun = "campaigns", "referral"
    names_of = {"customer": "customer_id"}
    queryset = Referral.objects.select_related("link__customer", "customer", "suggested")
    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter

    def get_queryset(self) -> QuerySet[Referral]:
        rows = self.visible(super().get_queryset(), by="link__customer")
        return rows.with_seen(self.visible(Customer.objects.all(), by="pk"))

    @extend_schema(request=ReferSerializer, responses={201: ReferralSerializer})
    def create(self, _request: Request) -> Response:
        """Keep who came by a code; with a customer it is matched, or refused, at once.

        The same address, or customer, of a code is one referral, however often it is told.
        """
        asked = self.asked(ReferSerializer)
        link = asked.pop("code")
        if not self.visible(Customer.objects.filter(pk=link.customer_id), by="pk").exists():
            said = _("There is no such code, or its program is off.")
            raise serializers.ValidationError({"code": [said]})
        came = Came(came_from=Referral.From.API, **asked)
        return self.answer(refer(link, came, now=timezone.now(), by=self.user).pk, status=201)

    @extend_schema(request=ConfirmReferralSerializer, responses=ReferralSerializer)
    @action(methods=["post"], detail=True)
    def confirm(self, _request: Request, **_address: str) -> Response:
        """They became this customer."""
        referral: Referral = self.get_object()
        customer = self.asked(ConfirmReferralSerializer)["customer"]
        found = referring.confirm(referral, customer, now=timezone.now(), by=self.user)
        return self.answer(found.pk)

    @extend_schema(request=RefuseReferralSerializer, responses=ReferralSerializer)
    @action(methods=["post"], detail=True)
    def refuse(self, _request: Request, **_address: str) -> Response:
        """It brings nothing."""
        referral: Referral = self.get_object()
        why = self.asked(RefuseReferralSerializer)
        return self.answer(referring.refuse(referral, now=timezone.now(), by=self.user, **why).pk)

    @extend_schema(request=None, responses=ReferralSerializer)
    @action(methods=["post"], detail=True)
    def reopen(self, _request: Request, **_address: str) -> Response:
        """Take a refusal by a person back."""
        return self.answer(referring.reopen(self.get_object(), by=self.user).pk)

    @extend_schema(request=None, responses=ReferralSerializer)
    @action(methods=["post"], detail=True)
    def not_them(self, _request: Request, **_address: str) -> Response:
        """The customer suggested, or matched, is somebody else: it is open, and not them again."""
        return self.answer(referring.not_them(self.get_object(), by=self.user).pk)
