"""What has happened: cancellations, the timeline, payments, use, flags and checks. Read only."""

from django.contrib import admin

from customers.admin.base import ReadOnly
from customers.models import (
    BulkHandover,
    Cancellation,
    CheckRun,
    Competitor,
    CompetitorName,
    CompetitorOffer,
    Complaint,
    Handover,
    Interaction,
    Mention,
    Payment,
    ReasonVersion,
    ReasonView,
    RiskFlag,
    Usage,
)


@admin.register(Cancellation)
class CancellationAdmin(ReadOnly):
    list_display = (
        "customer",
        "effective_on",
        "requested_at",
        "reason",
        "involuntary",
        "ended_terms",
        "recorded_at",
        "withdrawn_at",
    )
    list_select_related = ("customer", "reason")
    list_filter = (
        "involuntary",
        "ended_terms",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "reason",
    )
    search_fields = ("customer__name", "customer__external_id__exact", "external_id__exact")


@admin.register(ReasonVersion)
class ReasonVersionAdmin(ReadOnly):
    list_display = ("reason", "version", "category", "avoidable", "asks", "recorded_at")
    list_select_related = ("reason",)
    list_filter = ("category", "avoidable")
    search_fields = ("reason__key",)


@admin.register(Interaction)
class InteractionAdmin(ReadOnly):
    list_display = ("occurred_at", "customer", "kind", "verb", "status", "complaint", "author")
    list_select_related = ("customer", "author")
    list_filter = ("kind", "status", "complaint")
    search_fields = ("customer__name", "customer__external_id__exact", "external_id__exact")
    ordering = ("-pk",)


@admin.register(Complaint)
class ComplaintAdmin(ReadOnly):
    list_display = ("entry", "owner", "due_on", "resolved_at", "confirmed")
    list_select_related = ("entry", "owner")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "confirmed", "owner")
    search_fields = ("entry__customer__name", "entry__customer__external_id__exact")
    ordering = ("-pk",)


@admin.register(Mention)
class MentionAdmin(ReadOnly):
    list_display = ("occurred_at", "kind", "site", "customer", "matched_by", "owner", "replied_at")
    list_select_related = ("customer", "owner")
    list_filter = ("kind", "matched_by", "sentiment", ("replied_at", admin.EmptyFieldListFilter))
    search_fields = ("customer__name", "site", "external_id__exact")
    ordering = ("-pk",)


@admin.register(Competitor)
class CompetitorAdmin(ReadOnly):
    list_display = ("name", "website", "merged_into", "retired_at")
    list_select_related = ("merged_into",)
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "names__text")


@admin.register(CompetitorName)
class CompetitorNameAdmin(ReadOnly):
    list_display = ("text", "competitor")
    list_select_related = ("competitor",)
    search_fields = ("text",)


@admin.register(CompetitorOffer)
class CompetitorOfferAdmin(ReadOnly):
    list_display = ("competitor", "name", "amount_minor", "currency", "per", "seen_on", "ends_on")
    list_select_related = ("competitor",)
    list_filter = ("per", "currency")
    search_fields = ("name", "competitor__name")
    ordering = ("-pk",)


@admin.register(ReasonView)
class ReasonViewAdmin(ReadOnly):
    list_display = ("cancellation", "kind", "reason", "recorded_at", "recorded_by", "superseded_at")
    list_select_related = ("cancellation", "reason", "recorded_by")
    list_filter = ("kind", ("superseded_at", admin.EmptyFieldListFilter), "reason")
    search_fields = ("cancellation__customer__external_id__exact",)
    ordering = ("-pk",)


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    list_display = ("due_on", "customer", "amount_minor", "currency", "status")
    list_select_related = ("customer",)
    list_filter = ("status", "currency")
    search_fields = ("customer__name", "customer__external_id__exact")
    ordering = ("-pk",)


@admin.register(Usage)
class UsageAdmin(ReadOnly):
    list_display = ("day", "customer", "feature", "count")
    list_select_related = ("customer", "feature")
    list_filter = ("feature",)
    search_fields = ("customer__external_id__exact",)
    ordering = ("-pk",)


@admin.register(RiskFlag)
class RiskFlagAdmin(ReadOnly):
    list_display = ("customer", "rule", "subject", "severity", "state", "raised_on", "closed_on")
    list_select_related = ("customer", "rule")
    list_filter = ("state", "severity", "rule")
    search_fields = ("customer__name", "customer__external_id__exact")
    ordering = ("-pk",)


@admin.register(Handover)
class HandoverAdmin(ReadOnly):
    list_display = ("on", "customer", "to", "created_by", "done_at", "withdrawn_at", "refusal")
    list_select_related = ("customer", "to", "created_by")
    list_filter = (
        ("done_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "refusal",
        "to",
    )
    search_fields = ("customer__name", "customer__external_id__exact")


@admin.register(BulkHandover)
class BulkHandoverAdmin(ReadOnly):
    list_display = ("on", "to", "job", "filters")
    list_select_related = ("to", "job")
    list_filter = ("job__state",)
    search_fields = ("filters", "to__email")


@admin.register(CheckRun)
class CheckRunAdmin(ReadOnly):
    list_display = ("name", "ran_at", "known_at", "ok")
    list_filter = ("ok", "name")
    search_fields = ("name",)
