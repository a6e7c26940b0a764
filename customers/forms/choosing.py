"""A customer chosen by name: what is typed brings up those that fit, an id is taken too."""

import re
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.customer import CustomerQuerySet

OFFERED = re.compile(r"\((?P<id>[^()]+)\)$")  # as `offered` words it


def offered(customer: Customer) -> str:
    """A customer as a list offers it; the id tells it from others of its name."""
    return f"{customer.name} ({customer.external_id})"


class CustomerField(forms.CharField):
    """One of the customers in `visible`: as offered, by its id, or by a name that only it has.

    The form sets `visible` to those that the reader may see.
    """

    def __init__(self, **options: Any) -> None:
        attributes = {
            "list": "customer-choices",
            "autocomplete": "off",
            "hx-get": reverse_lazy("customers:choices"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#customer-choices",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        self.visible: CustomerQuerySet = Customer.objects.none()
        super().__init__(
            max_length=600,
            widget=forms.TextInput(attrs=attributes),
            help_text=_("Type a part of the name, or the customer id."),
            **options,
        )

    def clean(self, value: Any) -> Any:
        wanted = super().clean(value)
        if not wanted:
            return None
        told = OFFERED.search(wanted)
        by_id = self.visible.filter(external_id__in=[wanted, *([told["id"]] if told else [])])
        found = list(by_id[:1]) or list(self.visible.filter(name__iexact=wanted)[:2])
        if len(found) > 1:
            raise forms.ValidationError(_("Several customers have this name. Choose one of them."))
        if not found:
            raise forms.ValidationError(_("There is no customer with this name or id."))
        return found[0]
