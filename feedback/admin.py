"""Surveys, invitations and answers, to be looked at; they are made and changed on their pages.

Only addresses where other programs tell us are made here.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from churnapp.models import User
from customers.admin.base import NeverAdded, NeverDeleted, Plain, ReadOnly, ReadOnlyRows, actor
from feedback.api.incoming import take
from feedback.models import (
    Answer,
    CommentTheme,
    IncomingCall,
    IncomingWebhook,
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
from feedback.services.incoming import (
    add_incoming_webhook,
    renew_incoming_secret,
    switch_incoming,
)
from feedback.webhooks.signing import secret_of


@admin.register(Survey)
class SurveyAdmin(ReadOnly):
    list_display = ("name", "kind", "created_at", "archived_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter))
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
        "channel", "language", "created_at", "created_by", "expires_at",
        "remind_after_days", "reminders_sent", "reminded_at", "called_back_at",
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
        "channel", "language", "external_id", "begun_at", "answered_at", "changed_at", "swept_at",
        "counted_at", "evidence", "quarantined_at", "quarantined_because", "task", "source",
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
        "webhook", "event", "response", "cancellation", "state", "created_at", "due_at",
        "attempts", "status", "error", "finished_at",
    )  # fmt: skip
    readonly_fields = fields


class IncomingWebhookForm(forms.ModelForm):
    class Meta:
        model = IncomingWebhook
        fields = ("name", "acts_as")


@admin.register(IncomingWebhook)
class IncomingWebhookAdmin(NeverDeleted, Plain):
    """Addresses where other programs tell of cancellations; the secret is shown once."""

    form = IncomingWebhookForm
    list_display = ("name", "code", "acts_as", "created_at", "off_since")
    list_select_related = ("acts_as",)
    list_filter = (("off_since", admin.EmptyFieldListFilter),)
    search_fields = ("name", "code__exact")
    autocomplete_fields = ("acts_as",)
    actions = ("switch_off", "switch_on", "new_secret")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One is made and switched off, never changed; the list needs the right for its actions."""
        return obj is None and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """It acts as somebody: nobody makes one for somebody who may do more."""
        form = super().get_form(request, *args, **kwargs)
        if "acts_as" in form.base_fields and not request.user.is_superuser:
            people = User.objects.filter(is_active=True, is_superuser=False)
            form.base_fields["acts_as"].queryset = people
        return form

    def save_model(
        self, request: HttpRequest, obj: IncomingWebhook, _form: Any, _change: bool
    ) -> None:
        made = add_incoming_webhook(obj.name, obj.acts_as, by=actor(request))
        obj.pk, obj.code, obj.nonce = made.pk, made.code, made.nonce

    def response_add(
        self, request: HttpRequest, obj: IncomingWebhook, _post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.shown(request, obj)

    def shown(self, request: HttpRequest, webhook: IncomingWebhook) -> HttpResponse:
        """The only page that ever shows the secret."""
        context = {
            **self.admin_site.each_context(request),
            "title": webhook.name,
            "opts": self.opts,
            "address": settings.BASE_URL + reverse("feedback:incoming", args=[webhook.code]),
            "secret": secret_of(webhook),
        }
        response = TemplateResponse(request, "admin/feedback/incomingwebhook/secret.html", context)
        add_never_cache_headers(response)
        return response

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, found: models.QuerySet[IncomingWebhook]) -> None:
        for webhook in found.filter(off_since=None):
            switch_incoming(webhook, on=False, by=actor(request))

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, found: models.QuerySet[IncomingWebhook]) -> None:
        for webhook in found.exclude(off_since=None):
            switch_incoming(webhook, on=True, by=actor(request))

    @admin.action(description=_("Make a new secret"), permissions=["change"])
    def new_secret(
        self, request: HttpRequest, found: models.QuerySet[IncomingWebhook]
    ) -> HttpResponse | None:
        chosen = list(found[:2])
        if len(chosen) != 1:
            messages.error(request, _("Choose one: its new secret is shown once."))
            return None
        renew_incoming_secret(chosen[0], by=actor(request))
        return self.shown(request, chosen[0])


@admin.register(IncomingCall)
class IncomingCallAdmin(NeverAdded, NeverDeleted, Plain):
    """What other programs told, as it came; what was refused can be tried again."""

    list_display = ("event_id", "webhook", "state", "received_at", "cancellation")
    list_select_related = ("webhook", "cancellation")
    list_filter = ("state", "webhook")
    search_fields = ("event_id__exact",)
    fields = ("webhook", "event_id", "state", "problem", "received_at", "cancellation", "body")
    readonly_fields = fields
    actions = ("try_again",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A call stays as it came; the list needs the right for its action."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.action(description=_("Try again"), permissions=["change"])
    def try_again(self, request: HttpRequest, calls: models.QuerySet[IncomingCall]) -> None:
        left = calls.exclude(state=IncomingCall.State.TAKEN).prefetch_related("webhook__acts_as")
        taken = [take(call).state == IncomingCall.State.TAKEN for call in left.order_by("pk")]
        said = ngettext("%(count)s call was taken.", "%(count)s calls were taken.", sum(taken))
        messages.info(request, said % {"count": sum(taken)})
