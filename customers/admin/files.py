"""Imports, what they refused and changed, and the columns they remember."""

from django.contrib import admin

from customers.admin.base import Audited, ReadOnly
from customers.models import ColumnMapping, Import, RefusedRow, RowBefore


@admin.register(Import)
class ImportAdmin(ReadOnly):
    list_display = ("file_name", "kind", "job", "dry_run", "published_at", "undone_at")
    list_select_related = ("job",)
    list_filter = ("kind", "dry_run", "job__state")
    search_fields = ("file_name",)


@admin.register(RefusedRow)
class RefusedRowAdmin(ReadOnly):
    list_display = ("file_import", "line", "column", "value", "reason")
    list_select_related = ("file_import",)
    list_filter = ("file_import__kind",)
    search_fields = ("file_import__file_name", "column__exact")
    ordering = ("-pk",)


@admin.register(RowBefore)
class RowBeforeAdmin(ReadOnly):
    list_display = ("file_import", "table", "row_id")
    list_select_related = ("file_import",)
    list_filter = ("file_import__kind",)
    search_fields = ("table__exact", "row_id__exact")
    ordering = ("-pk",)


@admin.register(ColumnMapping)
class ColumnMappingAdmin(Audited):
    list_display = ("kind", "theirs", "ours")
    list_filter = ("kind",)
    search_fields = ("theirs", "ours")
    fields = ("kind", "theirs", "ours")
