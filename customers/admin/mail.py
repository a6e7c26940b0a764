"""The outbox: what went out and what became of it, who gets no mail, and the rules of sending."""

from django.contrib import admin

from customers.admin.base import Kept, NeverAdded, ReadOnly
from customers.models import MailBatch, MailEvent, OutgoingEmail, SendingRate, Suppression, Topic


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnly):
    list_display = ("to_email", "subject", "purpose", "state", "due_at", "sent_at")
    list_filter = ("state", "purpose")
    search_fields = ("to_email__iexact", "customer__external_id__exact", "message_id__exact")
    fields = (
        "written_by", "to_email", "to_name", "customer", "contact", "purpose", "kind", "batch",
        "language", "subject",
        "text", "state", "due_at", "created_at", "claimed_at", "first_tried_at", "sent_at",
        "attempts", "message_id", "provider_id", "error_code", "error", "dedupe_key",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(MailBatch)
class MailBatchAdmin(ReadOnly):
    list_display = ("name", "created_at", "created_by", "paused_at", "paused_because")
    list_select_related = ("created_by",)
    search_fields = ("name",)
    fields = ("name", "created_at", "created_by", "paused_at", "paused_because")
    readonly_fields = fields


@admin.register(MailEvent)
class MailEventAdmin(ReadOnly):
    list_display = ("provider", "kind", "mail", "occurred_at", "received_at")
    list_select_related = ("mail",)
    list_filter = ("provider", "kind")
    search_fields = ("event_id__exact", "mail__to_email__iexact")
    fields = ("provider", "event_id", "kind", "mail", "payload", "occurred_at", "received_at")
    readonly_fields = fields


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    list_display = ("reason", "purpose", "created_at", "lifted_at")
    list_filter = ("reason", "purpose")
    search_fields = ("address_hmac__exact",)
    fields = ("reason", "purpose", "mail", "created_at", "lifted_at")
    readonly_fields = fields


@admin.register(SendingRate)
class SendingRateAdmin(NeverAdded, Kept):
    list_display = ("__str__", "per_minute", "burst", "paused_at")
    readonly_fields = ("paused_at", "paused_because")
    fields = (
        "per_minute", "burst", "hold_minutes", "quiet_from", "quiet_until", "weekdays_only",
        "contact_days", "most_a_contact", "most_a_customer", *readonly_fields,
    )  # fmt: skip


@admin.register(Topic)
class TopicAdmin(ReadOnly):
    list_display = ("code", "purpose", "kinds", "place", "by_default")
    search_fields = ("code__exact",)
    fields = ("code", "purpose", "kinds", "words", "place", "by_default")
    readonly_fields = fields
