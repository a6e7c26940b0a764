"""People at customers: `/api/v1/contacts/`."""

import django_filters
from django.db.models import QuerySet
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Contact
from customers.services.contacts import add_contact, change_contact


class ContactSerializer(Strict, serializers.ModelSerializer):
    """A person at a customer; `left_on` says that they no longer work there."""

    customer_id = CustomerReference(source="customer")

    class Meta:
        model = Contact
        fields = ["id", "customer_id", "email", "name", "role", "language", "left_on"]
        # The service says so with the field's name, also when two come at once.
        validators: list[object] = []


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
        return self.visible(Contact.objects.select_related("customer"))

    def get_serializer_class(self) -> type[ContactSerializer]:
        return ContactChangeSerializer if self.action == "partial_update" else ContactSerializer

    def create(self, _request: Request) -> Response:
        """Add somebody at a customer."""
        values = self.asked(ContactSerializer)
        contact = add_contact(values.pop("customer"), values, by=self.user)
        return self.answer(contact.pk, status=201)

    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a contact, or say that they left."""
        contact = self.get_object()
        values = self.asked(ContactChangeSerializer, instance=contact, partial=True)
        change_contact(contact, values, seen={}, by=self.user)
        return self.answer(contact.pk)
