"""Which subscription follows, and which record is the same customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from customers.forms.choosing import CustomerField
from customers.models import Subscription, Term
from customers.models.customer import CustomerQuerySet
from customers.services.connections import followers

NOTHING_FOLLOWS = _(
    "No other subscription can continue this one: it must be paid, begin after this one and "
    "continue none yet."
)


class ConnectForm(forms.Form):
    later = forms.ModelChoiceField(
        Subscription.objects.none(), label=_("It goes on as"), empty_label=None
    )

    def __init__(self, *args: Any, earlier: Subscription, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["later"]
        field.queryset = Subscription.objects.filter(customer=earlier.customer_id)
        known = Term.objects.standing().filter(subscription__customer=earlier.customer_id)
        ordered = known.order_by("subscription_id", "starts_on")
        terms = list(ordered.select_related("plan", "subscription"))
        fitting = followers(terms).get(earlier.pk, [])
        first = {term.subscription_id: term for term in reversed(terms)}
        field.choices = [(pk, worded(first[pk])) for pk in fitting]
        if not fitting:
            field.help_text = NOTHING_FOLLOWS


def worded(term: Term) -> str:
    """A subscription as a person tells it from another: plan, beginning, id."""
    return f"{term.plan or '–'} · {formats.day(term.starts_on)} · {term.subscription.external_id}"


class MergeForm(forms.Form):
    other = CustomerField(label=_("The other record"))

    def __init__(self, *args: Any, visible: CustomerQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"].visible = visible
