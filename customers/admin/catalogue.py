"""What is sold, why people leave, what money is worth, and what is watched."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from customers.admin.base import (
    Audited,
    Kept,
    NeverAdded,
    NeverDeleted,
    Plain,
    ReadOnlyRows,
    actor,
)
from customers.models import (
    CancellationReason,
    Feature,
    FxRate,
    Plan,
    ReasonCategory,
    ReasonVersion,
    RiskRule,
    Spend,
)
from customers.models.customer import LANGUAGES
from customers.risk.rules import BY_KEY
from customers.services.reasons import (
    ReasonDetails,
    add_reason,
    bring_back_reason,
    rename_reason,
    retire_reason,
)
from customers.services.rules import RuleSetting, change_rule, check


@admin.register(Plan)
class PlanAdmin(Kept):
    list_display = ("code", "name", "lapse_grace_days")
    search_fields = ("code", "name")
    fields = ("code", "name", "lapse_grace_days")


@admin.register(Feature)
class FeatureAdmin(Kept):
    list_display = ("code", "name", "released_on")
    list_filter = ("plans",)
    search_fields = ("code", "name")
    filter_horizontal = ("plans",)
    fields = ("code", "name", "released_on", "plans")


@admin.register(FxRate)
class FxRateAdmin(Audited):
    list_display = ("currency", "on", "rate")
    list_filter = ("currency",)
    search_fields = ("currency__exact",)
    fields = ("currency", "on", "rate")


@admin.register(Spend)
class SpendAdmin(Audited):
    list_display = ("month_on", "channel", "purpose", "amount_minor", "currency")
    list_filter = ("purpose", "channel", "currency")
    search_fields = ("channel",)
    fields = ("month_on", "channel", "purpose", "amount_minor", "currency")


class RuleForm(forms.ModelForm):
    """A rule's numbers within its bounds."""

    class Meta:
        model = RiskRule
        fields = ("severity", "enabled", "params")

    def setting(self) -> RuleSetting:
        return RuleSetting(**{name: self.cleaned_data[name] for name in self.fields})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check(BY_KEY.get(self.instance.key), self.setting())
            except RuleError as refusal:
                field = refusal.field if refusal.field in self.fields else "params"
                self.add_error(field, str(refusal))
        return cleaned


@admin.register(RiskRule)
class RiskRuleAdmin(NeverAdded, NeverDeleted, Plain):
    form = RuleForm
    list_display = ("key", "name", "severity", "enabled", "readiness", "ran_at")
    list_filter = ("enabled", "readiness", "severity")
    search_fields = ("key", "name")
    readonly_fields = ("key", "name", "readiness", "readiness_facts", "ran_at")
    fields = ("key", "name", "severity", "enabled", "params", *readonly_fields[2:])

    def save_model(self, request: HttpRequest, obj: RiskRule, form: Any, _change: bool) -> None:
        if form.changed_data:
            held = RiskRule.objects.get(pk=obj.pk)
            change_rule(held, form.setting(), by=actor(request))


class VersionRows(ReadOnlyRows):
    model = ReasonVersion
    fields = ("version", "category", "avoidable", "asks", "labels", "recorded_at", "recorded_by")
    readonly_fields = ("recorded_at",)
    show_change_link = False


class ReasonForm(forms.ModelForm):
    """The wording in each language and how a reason is sorted; saved as its next version."""

    category = forms.ChoiceField(label=_("category"), choices=ReasonCategory)
    avoidable = forms.BooleanField(label=_("avoidable"), required=False)
    asks = forms.ChoiceField(label=_("asks for"), choices=ReasonVersion.Asks, required=False)
    label_en = forms.CharField(label="English", max_length=200)
    label_nb = forms.CharField(label="Norsk bokmål", max_length=200, required=False)
    label_da = forms.CharField(label="Dansk", max_length=200, required=False)
    label_sv = forms.CharField(label="Svenska", max_length=200, required=False)

    class Meta:
        model = CancellationReason
        fields = ("feature", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        version = instance.versions.first() if instance else None
        if version:
            words = {f"label_{code}": version.labels.get(code, "") for code, _name in LANGUAGES}
            sorting = {name: getattr(version, name) for name in ("category", "avoidable", "asks")}
            kwargs["initial"] = words | sorting | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def details(self) -> ReasonDetails:
        labels = {code: self.cleaned_data[f"label_{code}"] for code, _name in LANGUAGES}
        return ReasonDetails(
            labels={code: text for code, text in labels.items() if text},
            category=self.cleaned_data["category"],
            avoidable=self.cleaned_data["avoidable"],
            asks=self.cleaned_data["asks"],
        )


@admin.register(CancellationReason)
class CancellationReasonAdmin(NeverDeleted, Plain):
    form = ReasonForm
    list_display = ("key", "wording", "feature", "position", "retired_at", "merged_into")
    list_select_related = ("feature", "merged_into")
    list_filter = (("retired_at", admin.EmptyFieldListFilter), "versions__category")
    search_fields = ("key",)
    readonly_fields = ("key", "retired_at", "merged_into")
    autocomplete_fields = ("feature",)
    inlines = (VersionRows,)
    actions = ("retire", "bring_back")
    fieldsets = (
        (None, {"fields": ("key", "feature", "position", "retired_at", "merged_into")}),
        (_("Sorting"), {"fields": ("category", "avoidable", "asks")}),
        (_("Wording"), {"fields": ("label_en", "label_nb", "label_da", "label_sv")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CancellationReason]:
        return super().get_queryset(request).prefetch_related("versions")

    def save_model(
        self, request: HttpRequest, obj: CancellationReason, form: Any, change: bool
    ) -> None:
        details = form.details()
        if not change:
            made = add_reason(details, feature=obj.feature, by=actor(request))
            obj.pk, obj.key, obj.position = made.pk, made.key, obj.position or made.position
            obj._state.adding = False  # noqa: SLF001
        elif {*form.changed_data} - {"feature", "position"}:
            rename_reason(obj, by=actor(request), **vars(details))
        obj.save(update_fields=["feature", "position"])

    @admin.display(description=_("wording"))
    def wording(self, reason: CancellationReason) -> str:
        versions = list(reason.versions.all())
        return str(versions[0]) if versions else ""

    @admin.action(description=_("Offer no longer"), permissions=["change"])
    def retire(self, request: HttpRequest, reasons: models.QuerySet[CancellationReason]) -> None:
        self._each(request, reasons, retire_reason)

    @admin.action(description=_("Offer again"), permissions=["change"])
    def bring_back(
        self, request: HttpRequest, reasons: models.QuerySet[CancellationReason]
    ) -> None:
        self._each(request, reasons, bring_back_reason)

    def _each(self, request: HttpRequest, reasons: Any, verb: Any) -> None:
        for reason in reasons:
            try:
                verb(reason, by=actor(request))
            except RuleError as refusal:
                self.message_user(request, f"{reason}: {refusal}", "error")
