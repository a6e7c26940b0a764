"""Customers, their contacts, and how they stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from customers.admin.base import Audited, Kept, ReadOnly
from customers.forms.fields import PersonField
from customers.models import Contact, Customer, CustomerAlias, Standing
from customers.services.customers import refuse_circle, refuse_former_id
from customers.services.ledger import database_clock
from customers.standings import refresh_standings


class CustomerForm(forms.ModelForm):
    """A customer as the administration changes it: by the same rules as everywhere else."""

    owner = PersonField(label=capfirst(_("owner")), required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("PersonField", self.fields["owner"]).keep(self.instance.owner)

    def clean_external_id(self) -> str:
        external_id = self.cleaned_data["external_id"].strip()
        with as_form_error():
            refuse_former_id(external_id)
        return external_id

    def clean_parent(self) -> Customer | None:
        parent = self.cleaned_data["parent"]
        with as_form_error():
            refuse_circle(self.instance, parent)
        return parent


@contextmanager
def as_form_error() -> Iterator[None]:
    try:
        yield
    except RuleError as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


@admin.register(Customer)
class CustomerAdmin(Kept):
    list_display = ("name", "external_id", "country", "owner", "signed_up_on")
    list_select_related = ("owner",)
    list_filter = ("country", "never_automatic", "owner")
    search_fields = ("name", "external_id__exact", "organisation_number__exact")
    ordering = ("name", "pk")
    autocomplete_fields = ("parent",)
    fields = (
        "external_id",
        "name",
        "organisation_number",
        "parent",
        "owner",
        "signed_up_on",
        "country",
        "language",
        "currency",
        "attributes",
        "never_automatic",
        "created_at",
    )
    readonly_fields = ("created_at",)
    form = CustomerForm

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        """The id that files and other systems use is given once."""
        return ("external_id", *self.readonly_fields) if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        refresh_standings([obj.pk], now=database_clock())


@admin.register(Contact)
class ContactAdmin(Audited):
    list_display = ("email", "name", "customer", "role", "language", "left_on")
    list_select_related = ("customer",)
    list_filter = ("role", "language", ("left_on", admin.EmptyFieldListFilter))
    search_fields = ("email", "name", "customer__external_id__exact")
    autocomplete_fields = ("customer",)
    fields = ("customer", "email", "name", "role", "language", "left_on")


@admin.register(Standing)
class StandingAdmin(ReadOnly):
    list_display = ("customer", "state", "arr_minor", "plan", "risk", "lost_on", "as_of")
    list_select_related = ("customer", "plan")
    list_filter = ("state",)
    search_fields = ("customer__name", "customer__external_id__exact")
    ordering = ("-arr_minor", "customer")


@admin.register(CustomerAlias)
class CustomerAliasAdmin(ReadOnly):
    list_display = ("external_id", "name", "customer", "merged_at", "merged_by")
    list_select_related = ("customer", "merged_by")
    search_fields = ("external_id__exact", "name", "customer__name")
