"""What people agreed to, how long things are kept, and receipts of erasures."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import registry
from customers.admin.base import Audited, ReadOnly
from customers.models import Consent, Erasure, MailWishes, RetentionPeriod, TopicWish


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("contact", "purpose", "given", "at", "source")
    list_select_related = ("contact",)
    list_filter = ("purpose", "given")
    search_fields = ("contact__email__iexact",)
    fields = ("contact", "purpose", "given", "at", "source", "by")
    readonly_fields = fields


@admin.register(TopicWish)
class TopicWishAdmin(ReadOnly):
    list_display = ("contact", "topic", "wanted", "at", "source")
    list_select_related = ("contact", "topic")
    list_filter = ("wanted",)
    search_fields = ("contact__email__iexact",)
    fields = ("contact", "topic", "wanted", "at", "source", "by")
    readonly_fields = fields


@admin.register(MailWishes)
class MailWishesAdmin(ReadOnly):
    list_display = ("contact", "paused_until", "days_between", "at", "source")
    list_select_related = ("contact",)
    list_filter = ("days_between",)
    search_fields = ("contact__email__iexact",)
    fields = ("contact", "paused_until", "days_between", "at", "source", "by")
    readonly_fields = fields


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ("at", "by")
    list_select_related = ("by",)
    search_fields = ("address_hmac__exact",)
    fields = ("at", "by", "rows", "to_read")
    readonly_fields = fields


class RetentionForm(forms.ModelForm):
    """What can be kept for a time of its own, in words, with what we propose."""

    key = forms.ChoiceField(label=_("what"))

    class Meta:
        model = RetentionPeriod
        fields = ("key", "days")

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["key"].choices = [
            (kept.key, _("%(what)s (else %(days)s days)") % {"what": kept.what, "days": kept.days})
            for kept in registry.kept.values()
        ]


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(Audited):
    form = RetentionForm
    list_display = ("key", "days")
    search_fields = ("key",)
