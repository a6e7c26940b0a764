"""Administration pages at a cost that does not grow, and with an audit event for each change."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from churnapp.common.pages import COUNT_CAP
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit


class CappedPaginator(Paginator):
    """Counts up to a cap: past it, a search goes further than leafing."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:COUNT_CAP].values("pk").count()


class Plain(admin.ModelAdmin):
    """A list that a million rows don't slow down: no full count, no facets, few columns."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50


class NeverAdded:
    def has_add_permission(self, *_asked: Any, **_named: Any) -> bool:
        return False


class NeverChanged:
    def has_change_permission(self, *_asked: Any, **_named: Any) -> bool:
        return False


class NeverDeleted:
    def has_delete_permission(self, *_asked: Any, **_named: Any) -> bool:
        return False


class ReadOnly(NeverAdded, NeverChanged, NeverDeleted, Plain):
    """What services and imports record, to be looked at."""


class ReadOnlyRows(NeverAdded, NeverChanged, NeverDeleted, admin.TabularInline):
    """Rows below a record, to be looked at."""

    extra = 0
    show_change_link = True


class Audited(Plain):
    """What is changed here leaves an audit event with before and after of each field."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        verb = "changed_in_admin" if change else "added_in_admin"
        audit(deed(request, verb), obj, changes_of(form))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        audit(deed(request, "deleted_in_admin"), obj, {"name": [str(obj), None]})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            audit(deed(request, "deleted_in_admin"), obj, {"name": [str(obj), None]})
        super().delete_queryset(request, queryset)


class Kept(NeverDeleted, Audited):
    """Changed, but never deleted here: figures and history hang on it."""


def actor(request: HttpRequest) -> User | None:
    """Who does it; pages of the administration are for signed-in people."""
    return request.user if isinstance(request.user, User) else None


def deed(request: HttpRequest, verb: str) -> Deed:
    return Deed(verb, actor(request), database_clock())


def changes_of(form: ModelForm) -> dict[str, Any]:
    """Before and after of the fields that a form changed, as an audit event keeps them."""
    return {
        name: [plain(form.initial.get(name)), plain(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name in form.cleaned_data and "password" not in name
    }


def plain(value: Any) -> Any:
    """A value as JSON has it; rows by their keys."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
