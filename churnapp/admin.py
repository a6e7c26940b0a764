"""The administration of people, keys and the organisation; and a look at trails and jobs."""

from datetime import datetime
from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from churnapp.api_keys import SCOPES, make_key
from churnapp.common.errors import RuleError
from churnapp.models import (
    ApiKey,
    AuditEvent,
    Heartbeat,
    Job,
    Organisation,
    RememberedAnswer,
    ScheduledRun,
    User,
)
from customers.admin.base import NeverAdded, NeverDeleted, Plain, ReadOnly, actor, changes_of, deed
from customers.services.organisations import check_currency, set_up_organisation
from customers.services.traces import audit

admin.site.site_header = _("Churnapp administration")
admin.site.site_title = _("Churnapp administration")
# One door for all: the sign-in page, with its rate limits and second factors.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(Group)


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = (
            "email",
            "name",
            "groups",
            "is_active",
            "is_staff",
            "is_superuser",
            "stands_in_for",
            "theme",
            "single_keys",
            "language",
            "mail_unhappy",
            "mail_digest",
        )


@admin.register(User)
class UserAdmin(NeverDeleted, Plain, DjangoUserAdmin):
    """People and their roles. Nobody gives away more than they have.

    People leave by being inactive: what they did stays theirs.
    """

    form = PersonForm
    add_form = PersonCreationForm
    list_display = ("email", "name", "roles", "is_active", "is_staff", "last_login")
    list_filter = ("groups", "is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("groups", "stands_in_for")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            _("Role"),
            {
                "fields": ("groups", "is_active", "is_staff", "is_superuser"),
                "description": _("viewer, csm, manager or admin; only staff enter these pages."),
            },
        ),
        (_("Stands in for"), {"fields": ("stands_in_for",)}),
        (_("Appearance"), {"fields": ("theme", "single_keys")}),
        (_("Mails"), {"fields": ("language", "mail_unhappy", "mail_digest")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
        (_("Role"), {"fields": ("groups", "is_staff")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's account is changed by superusers only."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        verb = "user_changed" if change else "user_added"
        audit(deed(request, verb), form.instance, changes_of(form))

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class RoleAdmin(ReadOnly):
    """The four roles; what each may do is decided in one place, not here."""

    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = (
            "name",
            "currency",
            "timezone",
            "gross_margin",
            "lapse_grace_days",
            "pause_limit_days",
            "silent_days",
            "replacement_months",
            "fiscal_year_start_month",
            "night_hour",
            "csm_sees_own_only",
            "privacy_contact",
            "privacy_notice",
        )

    def clean_currency(self) -> str:
        """The reporting currency is fixed once there are terms in it."""
        currency: str = self.cleaned_data["currency"]
        if currency != self.initial.get("currency"):
            try:
                check_currency(currency)
            except RuleError as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return currency


@admin.register(Organisation)
class OrganisationAdmin(NeverAdded, NeverDeleted, Plain):
    form = OrganisationForm
    list_display = ("name", "currency", "timezone")

    def save_model(
        self, request: HttpRequest, _obj: Organisation, form: Any, _change: bool
    ) -> None:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        set_up_organisation(changed, by=actor(request))


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("scopes"),
        choices=[(scope, scope) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "expires_at")

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(NeverDeleted, Plain):
    """Keys for other programs: the secret is shown once, when the key is made."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "owner", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("owner",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "prefix__exact", "owner__email")
    autocomplete_fields = ("owner",)
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is made and revoked, never changed; the list needs the right for its action."""
        return obj is None and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A key acts as its owner: nobody makes one for somebody who may do more."""
        form = super().get_form(request, *args, **kwargs)
        if "owner" in form.base_fields and not request.user.is_superuser:
            owners = User.objects.filter(is_active=True, is_superuser=False)
            form.base_fields["owner"].queryset = owners
        return form

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, _change: bool) -> None:
        text = make_key(obj.owner, obj.name, form.cleaned_data["scopes"], obj.expires_at)
        made = ApiKey.objects.get(prefix=text.partition(".")[0])
        obj.pk, obj.prefix = made.pk, made.prefix
        form.secret = text
        audit(deed(request, "api_key_made"), made, changes_of(form))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        request.new_api_key = form.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiKey, _post_url_continue: str | None = None
    ) -> HttpResponse:
        """The only page that ever shows the secret."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("API key %(name)s") % {"name": obj.name},
            "opts": self.opts,
            "secret": request.new_api_key,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/churnapp/apikey/secret.html", context)
        add_never_cache_headers(response)
        return response

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, keys: models.QuerySet[ApiKey]) -> None:
        for key in keys.filter(revoked_at=None):
            audit(deed(request, "api_key_revoked"), key, {"name": [key.name, None]})
        keys.filter(revoked_at=None).update(revoked_at=timezone.now())


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "actor", "verb", "object_kind", "object_id")
    list_select_related = ("actor",)
    list_filter = ("object_kind",)
    search_fields = ("verb__exact", "object_id__exact", "request_id__exact", "actor__email")
    ordering = ("-pk",)


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("pk", "kind", "state", "phase", "done", "total", "created_at", "heartbeat_at")
    list_filter = ("state", "kind")
    search_fields = ("kind", "error")


@admin.register(RememberedAnswer)
class RememberedAnswerAdmin(ReadOnly):
    list_display = ("key", "owner", "status", "created_at")
    list_select_related = ("owner",)
    list_filter = ("status",)
    search_fields = ("key__exact", "owner__email")
    ordering = ("-pk",)


@admin.register(ScheduledRun)
class ScheduledRunAdmin(ReadOnly):
    list_display = ("job", "period", "started_at", "finished_at")
    list_filter = ("job",)
    search_fields = ("job", "period")
    ordering = ("-pk",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("queue", "seen_at")
    search_fields = ("queue",)
