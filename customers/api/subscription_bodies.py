"""What requests about subscriptions say."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from churnapp.common.money import PERIODS_A_YEAR
from customers.api.fields import CustomerReference, Strict, SubscriptionReference, plan_reference
from customers.models import Term
from customers.services.subscriptions import Contract, Price, TermChanges

STARTS_AS = [(kind.value, kind.label) for kind in (Term.Kind.PAID, Term.Kind.TRIAL, Term.Kind.FREE)]
LARGEST = Decimal(10) ** 9


class PriceFields(Strict):
    """The price of one unit for one interval, in major units, and how many units."""

    amount = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=Decimal(0), max_value=LARGEST
    )
    interval = serializers.ChoiceField(choices=list(PERIODS_A_YEAR), default="month")
    currency = serializers.CharField(max_length=3)
    quantity = serializers.DecimalField(
        max_digits=13,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        max_value=LARGEST,
        default=Decimal(1),
    )


class ContractSerializer(Strict):
    """How long both are bound; a field that is left out, or null, says nothing."""

    contract_ends_on = serializers.DateField(required=False, allow_null=True)
    notice_by = serializers.DateField(required=False, allow_null=True)
    auto_renews = serializers.BooleanField(required=False, allow_null=True)


class StartSerializer(PriceFields, ContractSerializer):
    """A new subscription, open-ended from `starts_on`."""

    customer_id = CustomerReference(source="customer")
    plan = plan_reference()
    starts_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=STARTS_AS, default=Term.Kind.PAID)


class OnSerializer(Strict):
    """`on` is the first day of what is new."""

    on = serializers.DateField()


class ChangeSerializer(OnSerializer):
    """Another plan, another price, or both."""

    plan = plan_reference(required=False)
    price = PriceFields(required=False)


class CorrectSerializer(Strict):
    """What was wrong in a term; a field that is left out stays, an `ends_on` of null is no end."""

    term = serializers.IntegerField(min_value=1, help_text="Its `id` among the `terms`.")
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)
    plan = plan_reference(required=False)
    price = PriceFields(required=False)
    kind = serializers.ChoiceField(choices=Term.Kind.choices, required=False)


class ConnectSerializer(Strict):
    """The subscription that this one continues, after a plan or billing change."""

    continues = SubscriptionReference(help_text="Its `subscription_id`.")


class TakeBackSerializer(Strict):
    """What is taken back: the last change, or a term that is still ahead."""

    term = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="Its `id` among the `terms`, where it is one that has not begun.",
    )
    recorded_at = serializers.DateTimeField(
        required=False,
        help_text="When the change was recorded, to be refused where something came after it.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) > 1:
            raise serializers.ValidationError(
                {"recorded_at": [_("Name a term or a moment, not both.")]}
            )
        return attrs


class NothingSerializer(Strict):
    """An empty body."""


def price_of(values: dict[str, Any]) -> Price:
    return Price(values["amount"], values["interval"], values["currency"], values["quantity"])


def contract_of(values: dict[str, Any]) -> Contract:
    return Contract(
        values.get("contract_ends_on"), values.get("notice_by"), values.get("auto_renews")
    )


def changes_of(values: dict[str, Any]) -> TermChanges:
    return TermChanges(
        starts_on=values.get("starts_on"),
        ends_on=values.get("ends_on"),
        open_ended="ends_on" in values and values["ends_on"] is None,
        plan=values.get("plan"),
        price=price_of(values["price"]) if "price" in values else None,
        kind=values.get("kind"),
    )
