"""Segments: conditions on customers under a name, and who met them when they were frozen."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class SegmentQuerySet(models.QuerySet["Segment"]):
    def in_use(self) -> Self:
        """Those that are offered to choose from."""
        return self.filter(archived_at=None)


class Segment(models.Model):
    """Customers by the conditions of `query`, a query string of the customer list.

    `contact_query` says which people at them are meant; empty, all who work there. From `frozen_at`
    on its members are those that it had then. An archived one goes on meaning the same wherever it
    is in use, and is offered nowhere.
    """

    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    query = models.TextField(_("conditions"))
    contact_query = models.TextField(_("conditions on contacts"), blank=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at=None), name="one_segment_a_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="segment_has_a_name"),
            models.CheckConstraint(condition=~Q(query=""), name="segment_has_conditions"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentMember(models.Model):
    """That a customer was in a segment when it was frozen."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="members", db_index=False, verbose_name=_("segment")
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="frozen_in", verbose_name=_("customer")
    )

    class Meta:
        verbose_name = _("member of a frozen segment")
        verbose_name_plural = _("members of frozen segments")
        constraints = [
            models.UniqueConstraint(fields=["segment", "customer"], name="one_member_a_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"
