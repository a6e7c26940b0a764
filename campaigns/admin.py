"""Offers and to whom they were made, to be looked at; they are made and changed on their pages."""

from django.contrib import admin

from campaigns.models import Grant, Offer, OfferRules
from customers.admin.base import ReadOnly


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    list_display = ("name", "kind", "approved_at", "stopped_at", "archived_at", "changed_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("name",)
    fields = (
        "name", "kind", "percent", "amount_minor", "currency", "months", "plan", "address",
        "texts", "fulfilment", "eligible", "days_to_accept", "cool_down_days", "most_a_customer",
        "most_in_total", "budget_minor", "fixed_cost_minor", "approved_by", "approved_at",
        "stopped_at", "archived_at", "created_at", "created_by", "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Grant)
class GrantAdmin(ReadOnly):
    list_display = ("offer", "customer", "state", "made_at", "expires_at", "settled_at")
    list_select_related = ("offer", "customer")
    list_filter = ("state",)
    search_fields = ("customer__external_id__exact", "contact__email__iexact")
    fields = (
        "offer", "customer", "contact", "key", "made_at", "made_by", "expires_at", "state",
        "settled_at", "settled_by", "cost_minor", "subscription", "task", "agreed", "undone_at",
        "undone_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(OfferRules)
class OfferRulesAdmin(ReadOnly):
    list_display = ("__str__", "most_cost_minor", "most_budget_minor", "changed_at")
    fields = ("most_cost_minor", "most_budget_minor", "changed_at", "changed_by")
    readonly_fields = fields
