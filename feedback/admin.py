"""Surveys, invitations and answers, to be looked at; they are made and changed on their pages."""

from django.contrib import admin

from customers.admin.base import ReadOnly, ReadOnlyRows
from feedback.models import (
    Answer,
    CommentTheme,
    Invitation,
    OpenLink,
    Response,
    SendingRule,
    Survey,
    SurveyVersion,
    Theme,
    Webhook,
    WebhookDelivery,
)


@admin.register(Survey)
class SurveyAdmin(ReadOnly):
    list_display = ("name", "kind", "created_at", "archived_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = ("name", "kind", "created_at", "created_by", "archived_at")
    readonly_fields = fields


@admin.register(SurveyVersion)
class SurveyVersionAdmin(ReadOnly):
    list_display = ("survey", "number", "published_at", "published_by", "changed_at")
    list_select_related = ("survey", "published_by")
    search_fields = ("survey__name",)
    fields = ("survey", "number", "content", "changed_at", "published_at", "published_by")
    readonly_fields = fields


@admin.register(SendingRule)
class SendingRuleAdmin(ReadOnly):
    list_display = ("survey", "trigger", "on_since", "changed_at", "changed_by")
    list_select_related = ("survey", "changed_by")
    list_filter = ("trigger", ("on_since", admin.EmptyFieldListFilter))
    search_fields = ("survey__name",)
    fields = (
        "survey", "trigger", "on_since", "delay_minutes", "days", "segment", "sample_percent",
        "not_again_days", "roles", "reminder_days", "reminders", "changed_at", "changed_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("survey", "customer", "contact", "channel", "created_at", "expires_at")
    list_select_related = ("survey", "customer", "contact")
    list_filter = ("channel",)
    search_fields = ("customer__external_id__exact", "contact__email__iexact")
    fields = (
        "survey", "version", "customer", "contact", "cancellation", "rule", "batch", "mail",
        "channel", "language", "created_at", "created_by", "expires_at", "reminders_sent",
        "reminded_at", "called_back_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(OpenLink)
class OpenLinkAdmin(ReadOnly):
    list_display = ("survey", "name", "code", "created_at", "closed_at")
    list_select_related = ("survey",)
    search_fields = ("name", "code__exact")
    fields = ("survey", "name", "code", "framed_by", "created_at", "closed_at")
    readonly_fields = fields


class AnswerRows(ReadOnlyRows):
    model = Answer
    fields = ("question", "kind", "number", "choices", "text")
    readonly_fields = fields


@admin.register(Response)
class ResponseAdmin(ReadOnly):
    list_display = ("survey", "customer", "channel", "answered_at", "quarantined_at")
    list_select_related = ("survey", "customer")
    list_filter = ("channel", ("quarantined_at", admin.EmptyFieldListFilter))
    search_fields = ("customer__external_id__exact", "external_id__exact")
    inlines = (AnswerRows,)
    fields = (
        "survey", "version", "invitation", "open_link", "customer", "contact", "cancellation",
        "channel", "language", "external_id", "begun_at", "answered_at", "changed_at", "evidence",
        "quarantined_at", "quarantined_because", "task", "source",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Answer)
class AnswerAdmin(ReadOnly):
    list_display = ("response", "question", "kind", "number")
    list_select_related = ("response",)
    list_filter = ("kind",)
    search_fields = ("question__exact",)
    fields = ("response", "question", "kind", "number", "choices", "text")
    readonly_fields = fields


@admin.register(Theme)
class ThemeAdmin(ReadOnly):
    list_display = ("key", "accepted_at", "merged_into", "retired_at")
    list_select_related = ("merged_into",)
    search_fields = ("key",)
    fields = (
        "key", "labels", "words", "created_at", "accepted_at", "accepted_by", "merged_into",
        "retired_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(CommentTheme)
class CommentThemeAdmin(ReadOnly):
    list_display = ("theme", "state", "suggested_at", "decided_at", "decided_by")
    list_select_related = ("theme", "decided_by")
    list_filter = ("state",)
    search_fields = ("theme__key",)
    fields = (
        "theme", "answer", "cancellation", "matched", "state", "suggested_at", "decided_at",
        "decided_by",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Webhook)
class WebhookAdmin(ReadOnly):
    list_display = ("address", "created_at", "created_by", "failures", "off_since")
    list_select_related = ("created_by",)
    search_fields = ("address",)
    fields = (
        "address", "events", "created_at", "created_by", "failures", "failing_since", "off_since",
        "off_because",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    list_display = ("webhook", "event", "state", "attempts", "status", "created_at")
    list_select_related = ("webhook",)
    list_filter = ("state",)
    search_fields = ("webhook__address",)
    fields = (
        "webhook", "event", "response", "state", "created_at", "due_at", "attempts", "status",
        "error", "finished_at",
    )  # fmt: skip
    readonly_fields = fields
