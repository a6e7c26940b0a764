"""People at customers: `/api/v1/contacts/`."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Consent, Contact, MailPurpose
from customers.services.consents import Word, say_consents
from customers.services.contacts import add_contact, change_contact


class ConsentSerializer(Strict, serializers.ModelSerializer):
    """The last word on one purpose of mail; `given` is null where it is not known any more."""

    purpose = serializers.ChoiceField(choices=MailPurpose.choices[:3])
    given = serializers.BooleanField(allow_null=True)
    source = serializers.CharField(max_length=200)
    said_on = serializers.DateField(write_only=True, required=False)
    at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Consent
        fields = ["purpose", "given", "source", "said_on", "at"]


class ContactSerializer(Strict, serializers.ModelSerializer):
    """A person at a customer; `left_on` says that they no longer work there."""

    customer_id = CustomerReference(source="customer")
    consents = ConsentSerializer(many=True, source="last_words", required=False)

    class Meta:
        model = Contact
        fields = ["id", "customer_id", "email", "name", "role", "language", "left_on", "consents"]
        # The service says so with the field's name, also when two come at once.
        validators: list[object] = []

    def validate_consents(self, words: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({word["purpose"] for word in words}) < len(words):
            raise serializers.ValidationError(_("Name each purpose once."))
        return words


class ContactChangeSerializer(ContactSerializer):
    """A person stays at the customer they were added to."""

    customer_id = CustomerReference(source="customer", read_only=True)


class ContactFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    email = django_filters.CharFilter(lookup_expr="iexact")
    role = django_filters.MultipleChoiceFilter(choices=Contact.Role.choices)
    left = django_filters.BooleanFilter(field_name="left_on", lookup_expr="isnull", exclude=True)


class Contacts(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """People at the customers that the caller may see."""

    noun = "contact"
    queryset = Contact.objects.all()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter

    def get_queryset(self) -> QuerySet[Contact]:
        last = Consent.objects.last_words().order_by("purpose")
        said = Prefetch("consents", last, to_attr="last_words")
        return self.visible(Contact.objects.select_related("customer").prefetch_related(said))

    def get_serializer_class(self) -> type[ContactSerializer]:
        return ContactChangeSerializer if self.action == "partial_update" else ContactSerializer

    def note(self, contact: Contact, said: list[dict[str, Any]]) -> None:
        """What they agreed to, as it was given beside the other fields."""
        say_consents(contact, [Word(**word) for word in said], by=self.user)

    @transaction.atomic
    def create(self, _request: Request) -> Response:
        """Add somebody at a customer."""
        values = self.asked(ContactSerializer)
        said = values.pop("last_words", [])
        contact = add_contact(values.pop("customer"), values, by=self.user)
        self.note(contact, said)
        return self.answer(contact.pk, status=201)

    @transaction.atomic
    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a contact, say that they left, or what mail they agreed to."""
        contact = self.get_object()
        values = self.asked(ContactChangeSerializer, instance=contact, partial=True)
        said = values.pop("last_words", [])
        change_contact(contact, values, seen={}, by=self.user)
        self.note(contact, said)
        return self.answer(contact.pk)
