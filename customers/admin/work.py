"""Plain tasks and saved views."""

from django.contrib import admin

from customers.admin.base import Audited
from customers.models import SavedView, Task


@admin.register(Task)
class TaskAdmin(Audited):
    list_display = ("what", "customer", "assignee", "due_on", "done_at")
    list_select_related = ("customer", "assignee")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "assignee")
    search_fields = ("what", "customer__name", "customer__external_id__exact")
    autocomplete_fields = ("customer", "assignee")
    readonly_fields = ("done_at", "created_at", "created_by")
    fields = ("what", "customer", "assignee", "due_on", *readonly_fields)


@admin.register(SavedView)
class SavedViewAdmin(Audited):
    list_display = ("name", "page", "owner", "shared")
    list_select_related = ("owner",)
    list_filter = ("page", "shared")
    search_fields = ("name", "owner__email")
    autocomplete_fields = ("owner",)
    fields = ("name", "page", "owner", "query", "shared")
