"""Customers, their contacts, and how they stand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin.base import Audited, Kept, ReadOnly
from customers.models import Contact, Customer, CustomerAlias, Standing
from customers.services.ledger import database_clock
from customers.standings import refresh_standings


@admin.register(Customer)
class CustomerAdmin(Kept):
    list_display = ("name", "external_id", "country", "owner", "signed_up_on")
    list_select_related = ("owner",)
    list_filter = ("country", "never_automatic", "owner")
    search_fields = ("name", "external_id__exact", "organisation_number__exact")
    ordering = ("name", "pk")
    autocomplete_fields = ("parent", "owner")
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
