"""Offers, campaigns and who is in them, to be looked at; they are changed on their pages."""

from django.contrib import admin

from campaigns.models import (
    Campaign,
    CancelFlow,
    CancelVisit,
    Content,
    ContentSent,
    Fix,
    FixTold,
    FlowAnswer,
    Grant,
    LinkHit,
    LoyaltyLevel,
    Offer,
    OfferRules,
    Recipient,
    Recommendation,
    Referral,
    ReferralLink,
    ReferralProgram,
    StepDone,
    VisitStep,
)
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


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    list_display = ("name", "kind", "state", "paused_at", "launched_at", "finished_at")
    list_filter = ("kind", "state")
    search_fields = ("name",)
    fields = (
        "name", "kind", "note", "state", "audience", "roles", "entry", "holdout_percent", "goal",
        "goal_feature", "horizon_days", "strength", "path", "fix", "batch", "starts_at",
        "launched_at", "launched_by", "paused_at", "paused_because", "paused_by", "resumed_at",
        "flowed_at", "finished_at", "created_at", "created_by", "changed_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Recipient)
class RecipientAdmin(ReadOnly):
    list_display = ("campaign", "customer", "state", "why", "step", "due_at", "entered_at")
    list_select_related = ("campaign", "customer")
    list_filter = ("state", "held_out")
    search_fields = ("customer__external_id__exact", "contact__email__iexact")
    fields = (
        "campaign", "customer", "contact", "held_out", "variant", "language", "state", "why",
        "step", "arrived_at", "due_at", "entered_at", "ended_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(StepDone)
class StepDoneAdmin(ReadOnly):
    list_display = ("recipient", "step", "at", "outcome", "why")
    list_select_related = ("recipient",)
    list_filter = ("outcome",)
    search_fields = ("recipient__customer__external_id__exact",)
    fields = ("recipient", "step", "at", "outcome", "why", "mail", "grant", "task")
    readonly_fields = fields


@admin.register(LinkHit)
class LinkHitAdmin(ReadOnly):
    list_display = ("recipient", "step", "at", "because")
    list_select_related = ("recipient",)
    list_filter = ("because",)
    search_fields = ("recipient__customer__external_id__exact",)
    fields = ("recipient", "step", "at", "because")
    readonly_fields = fields


@admin.register(Fix)
class FixAdmin(ReadOnly):
    list_display = ("name", "fixed_on", "recorded_at", "archived_at")
    search_fields = ("name",)
    fields = (
        "name", "words", "fixed_on", "feature", "recorded_at", "recorded_by", "archived_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(FixTold)
class FixToldAdmin(ReadOnly):
    list_display = ("fix", "customer", "told_at")
    list_select_related = ("fix", "customer")
    search_fields = ("customer__external_id__exact",)
    fields = ("fix", "customer", "told_at")
    readonly_fields = fields


@admin.register(CancelFlow)
class CancelFlowAdmin(ReadOnly):
    list_display = ("name", "priority", "on_since", "archived_at", "version", "changed_at")
    search_fields = ("name",)
    fields = (
        "name", "query", "priority", "on_since", "archived_at", "profile", "holdout_percent",
        "days_open", "ending", "renewal_months", "texts", "version", "created_at", "created_by",
        "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(FlowAnswer)
class FlowAnswerAdmin(ReadOnly):
    list_display = ("flow", "reason", "kind", "offer", "apart")
    list_select_related = ("flow", "reason", "offer")
    list_filter = ("kind",)
    search_fields = ("flow__name",)
    fields = ("flow", "reason", "kind", "offer", "texts", "address", "apart")
    readonly_fields = fields


@admin.register(CancelVisit)
class CancelVisitAdmin(ReadOnly):
    list_display = ("flow", "customer", "state", "held_out", "made_at", "saved_at", "left_at")
    list_select_related = ("flow", "customer")
    list_filter = ("state", "held_out")
    search_fields = ("customer__external_id__exact", "contact__email__iexact")
    fields = (
        "flow", "customer", "contact", "subscription", "ends_all", "key", "language", "profile",
        "most_clicks", "held_out", "made_at", "made_by", "made_from", "expires_at", "state",
        "entered_at", "reason", "comment", "competitor", "missing_feature", "answer", "planned",
        "grant", "why_no_offer", "clicks", "saved_at", "saved_by", "task", "left_at", "ends_on",
        "mail",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(VisitStep)
class VisitStepAdmin(ReadOnly):
    list_display = ("visit", "at", "verb")
    search_fields = ("visit__customer__external_id__exact",)
    fields = ("visit", "at", "verb", "facts")
    readonly_fields = fields


@admin.register(ReferralProgram)
class ReferralProgramAdmin(ReadOnly):
    list_display = ("name", "reward", "on_since", "archived_at", "changed_at")
    list_select_related = ("reward",)
    search_fields = ("name",)
    fields = (
        "name", "reward", "welcome", "texts", "responsible", "days_to_sign_up", "months_to_pay",
        "months_away", "most_a_referrer", "most_a_month", "on_since", "archived_at", "created_at",
        "created_by", "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(ReferralLink)
class ReferralLinkAdmin(ReadOnly):
    list_display = ("code", "program", "customer", "made_at")
    list_select_related = ("program", "customer")
    search_fields = ("code__exact", "customer__external_id__exact", "contact__email__iexact")
    fields = ("program", "customer", "contact", "code", "key", "made_at", "made_by")
    readonly_fields = fields


@admin.register(Referral)
class ReferralAdmin(ReadOnly):
    list_display = ("pk", "link", "state", "why", "customer", "at", "rewarded_at")
    list_select_related = ("link", "customer")
    list_filter = ("state", "came_from")
    search_fields = ("email__iexact", "customer__external_id__exact")
    fields = (
        "link", "name", "email", "company", "language", "came_from", "at", "state", "why",
        "suggested", "customer", "contact", "matched_at", "matched_how", "matched_by",
        "rewarded_at", "grant", "refused_at", "decided_by", "task",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(LoyaltyLevel)
class LoyaltyLevelAdmin(ReadOnly):
    list_display = ("name", "position", "least_months", "least_year_minor", "reward", "given")
    list_select_related = ("reward",)
    search_fields = ("name",)
    fields = (
        "name", "position", "least_months", "least_year_minor", "reward", "given", "archived_at",
        "created_at", "created_by", "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Content)
class ContentAdmin(ReadOnly):
    list_display = ("key", "kind", "published_on", "expires_on", "archived_at", "changed_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter))
    search_fields = ("key",)
    fields = (
        "key", "kind", "texts", "features", "plans", "owner", "published_on", "expires_on",
        "archived_at", "created_at", "created_by", "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(ContentSent)
class ContentSentAdmin(ReadOnly):
    list_display = ("content", "customer", "how", "at")
    list_select_related = ("content", "customer")
    list_filter = ("how",)
    search_fields = ("customer__external_id__exact", "content__key__exact")
    fields = (
        "content",
        "customer",
        "contact",
        "how",
        "key",
        "at",
        "by",
        "recipient",
        "step",
        "mail",
    )
    readonly_fields = fields


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly):
    list_display = ("customer", "feature", "plan", "users", "peers", "as_of", "dismissed_at")
    list_select_related = ("customer", "feature", "plan")
    search_fields = ("customer__external_id__exact", "feature__code__exact", "plan__code__exact")
    fields = (
        "customer", "feature", "plan", "peers", "users", "lower", "days_here", "days_there",
        "strength", "as_of", "computed_at", "dismissed_at", "dismissed_by",
    )  # fmt: skip
    readonly_fields = fields
