"""Segments and who is in the frozen ones, to be looked at; their page changes them."""

from django.contrib import admin

from customers.admin.base import ReadOnly
from customers.models import Segment, SegmentMember


@admin.register(Segment)
class SegmentAdmin(ReadOnly):
    list_display = ("name", "frozen_at", "changed_at", "changed_by", "archived_at")
    list_select_related = ("changed_by",)
    list_filter = (
        ("frozen_at", admin.EmptyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("name",)
    fields = (
        *("name", "description", "query", "contact_query", "frozen_at"),
        *("created_at", "created_by", "changed_at", "changed_by", "archived_at"),
    )
    readonly_fields = fields


@admin.register(SegmentMember)
class SegmentMemberAdmin(ReadOnly):
    list_display = ("segment", "customer")
    list_select_related = ("segment", "customer")
    search_fields = ("segment__name", "customer__external_id__exact")
    fields = ("segment", "customer")
    readonly_fields = fields
