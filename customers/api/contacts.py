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
from customers.models import Consent, Contact, MailPurpose, MailWishes, Topic, TopicWish
from customers.services.consents import Word, say_consents
from customers.services.contacts import add_contact, change_contact
from customers.services.wishes import change_wishes

BESIDE = ("last_words", "topic_wishes", "mail_wishes")


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


class Whole(Strict):
    """What is said at once: a change of a contact may leave out the whole of it, not a part."""

    NEEDED: tuple[str, ...] = ()

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        lacking = [name for name in self.NEEDED if name not in values]
        if lacking:
            said = {name: [self.fields[name].error_messages["required"]] for name in lacking}
            raise serializers.ValidationError(said)
        return values


class TopicWishSerializer(Whole, serializers.ModelSerializer):
    """Whether they want a topic of mail; who never spoke of one has no entry."""

    NEEDED = ("topic", "wanted", "source")
    topic = serializers.CharField(source="topic.code", max_length=30)
    wanted = serializers.BooleanField()
    source = serializers.CharField(max_length=200)
    at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = TopicWish
        fields = ["topic", "wanted", "source", "at"]


class MailWishesSerializer(Whole, serializers.ModelSerializer):
    """When and how often they want automatic mail: one at most in `days_between` days."""

    NEEDED = ("source",)
    paused_until = serializers.DateTimeField(required=False, allow_null=True)
    days_between = serializers.ChoiceField(
        choices=MailWishes.Often.choices, required=False, allow_null=True
    )
    source = serializers.CharField(max_length=200)
    at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = MailWishes
        fields = ["paused_until", "days_between", "source", "at"]


class ContactSerializer(Strict, serializers.ModelSerializer):
    """A person at a customer; `left_on` says that they no longer work there."""

    customer_id = CustomerReference(source="customer")
    consents = ConsentSerializer(many=True, source="last_words", required=False)
    topics = TopicWishSerializer(many=True, source="topic_wishes", required=False)
    mail_wishes = MailWishesSerializer(required=False, allow_null=True)

    class Meta:
        model = Contact
        fields = [
            "id", "customer_id", "email", "name", "role", "language", "left_on", "consents",
            "topics", "mail_wishes",
        ]  # fmt: skip
        # The service says so with the field's name, also when two come at once.
        validators: list[object] = []

    def validate_consents(self, words: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({word["purpose"] for word in words}) < len(words):
            raise serializers.ValidationError(_("Name each purpose once."))
        return words

    def validate_topics(self, wishes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = [wish["topic"]["code"] for wish in wishes]
        known = dict(Topic.objects.values_list("code", "pk"))
        if len(set(asked)) < len(asked):
            raise serializers.ValidationError(_("Name each topic once."))
        if set(asked) - set(known):
            said = _("There are these topics: %(topics)s.") % {"topics": ", ".join(known)}
            raise serializers.ValidationError(said)
        return [{**wish, "topic": known[wish["topic"]["code"]]} for wish in wishes]


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
        together = Contact.objects.select_related("customer", "mail_wishes")
        return self.visible(together.prefetch_related(said, "topic_wishes__topic"))

    def get_serializer_class(self) -> type[ContactSerializer]:
        return ContactChangeSerializer if self.action == "partial_update" else ContactSerializer

    def note(self, contact: Contact, said: dict[str, Any]) -> None:
        """What they agreed to and wish for, as it was given beside the other fields."""
        say_consents(contact, [Word(**word) for word in said["last_words"]], by=self.user)
        wishes: dict[str, dict[str, Any]] = {}
        for wish in said["topic_wishes"]:
            topics = wishes.setdefault(wish["source"], {}).setdefault("topics", {})
            topics[wish["topic"]] = wish["wanted"]
        if pace := said["mail_wishes"]:
            wishes.setdefault(pace.pop("source"), {}).update(pace)
        for source, changes in wishes.items():
            change_wishes(contact, changes, source=source, by=self.user)

    def taken_out(self, values: dict[str, Any]) -> dict[str, Any]:
        """What is no field of the contact, taken out of what was given."""
        return {name: values.pop(name, None) or [] for name in BESIDE}

    @transaction.atomic
    def create(self, _request: Request) -> Response:
        """Add somebody at a customer."""
        values = self.asked(ContactSerializer)
        said = self.taken_out(values)
        contact = add_contact(values.pop("customer"), values, by=self.user)
        self.note(contact, said)
        return self.answer(contact.pk, status=201)

    @transaction.atomic
    def partial_update(self, _request: Request, **_address: str) -> Response:
        """Change a contact, say that they left, or what mail they agreed to."""
        contact = self.get_object()
        values = self.asked(ContactChangeSerializer, instance=contact, partial=True)
        said = self.taken_out(values)
        change_contact(contact, values, seen={}, by=self.user)
        self.note(contact, said)
        return self.answer(contact.pk)
