"""Subscriptions with their terms: contracts change here, terms never do."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from churnapp.common.errors import RuleError
from customers.admin.base import NeverAdded, NeverDeleted, Plain, ReadOnly, ReadOnlyRows, actor
from customers.models import Subscription, Term
from customers.services.prices import Contract, check_contract
from customers.services.subscriptions import change_contract


class TermRows(ReadOnlyRows):
    model = Term
    fields = (
        "kind",
        "plan",
        "quantity",
        "arr_minor",
        "currency",
        "starts_on",
        "ends_on",
        "recorded_at",
        "superseded_at",
    )
    ordering = ("-recorded_at", "starts_on")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("plan", "subscription")


class ContractForm(forms.ModelForm):
    """How long both are bound."""

    class Meta:
        model = Subscription
        fields = ("contract_ends_on", "notice_by", "auto_renews")

    def contract(self) -> Contract:
        return Contract(
            **{name.removeprefix("contract_"): self.cleaned_data.get(name) for name in self.fields}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = self.instance.terms.standing().order_by("starts_on").first()
        try:
            check_contract(self.contract(), first.starts_on if first else None)
        except RuleError as refusal:
            self.add_error(refusal.field, str(refusal))
        return cleaned


@admin.register(Subscription)
class SubscriptionAdmin(NeverAdded, NeverDeleted, Plain):
    form = ContractForm
    list_display = ("external_id", "customer", "contract_ends_on", "notice_by", "auto_renews")
    list_select_related = ("customer",)
    list_filter = ("auto_renews", ("contract_ends_on", admin.EmptyFieldListFilter))
    search_fields = ("external_id__exact", "customer__external_id__exact", "customer__name")
    readonly_fields = ("external_id", "customer", "continues")
    fields = (*readonly_fields, "contract_ends_on", "notice_by", "auto_renews")
    inlines = (TermRows,)

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, _change: bool) -> None:
        if form.changed_data:
            change_contract(obj, contract=form.contract(), by=actor(request))


@admin.register(Term)
class TermAdmin(ReadOnly):
    list_display = (
        "subscription",
        "customer",
        "kind",
        "plan",
        "arr_minor",
        "starts_on",
        "ends_on",
        "recorded_at",
        "superseded_at",
    )
    list_select_related = ("subscription__customer", "plan")
    list_filter = (
        "kind",
        "currency",
        ("superseded_at", admin.EmptyFieldListFilter),
        ("ends_on", admin.EmptyFieldListFilter),
    )
    search_fields = (
        "subscription__external_id__exact",
        "subscription__customer__external_id__exact",
    )
    ordering = ("-pk",)

    @admin.display
    def customer(self, term: Term) -> str:
        return str(term.subscription.customer)
