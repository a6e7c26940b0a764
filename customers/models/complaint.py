"""Complaints: an entry of the timeline that somebody has to settle, and how it was settled."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churnapp.models import Organisation, User
from churnapp.permissions import sees_everything
from customers.models.cancellation import CancellationReason
from customers.models.catalogue import Feature
from customers.models.customer import Customer
from customers.models.interaction import Interaction
from customers.models.task import Task


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Complaints of customers that `user` may see."""
        organisation = organisation or Organisation.current()
        if sees_everything(user, organisation):
            return self
        return self.filter(entry__customer__in=Customer.objects.visible_to(user, organisation))

    def standing(self) -> Self:
        """Those that nobody has resolved."""
        return self.filter(resolved_at=None)

    def overdue(self, today: date) -> Self:
        return self.standing().filter(due_on__lt=today)

    def to_confirm(self) -> Self:
        """Resolved, and the customer has not said yet whether it is."""
        return self.filter(resolved_at__isnull=False, confirmed=None)

    def with_all(self) -> Self:
        """With whatever a list or a dialog shows of them."""
        return self.select_related(
            "entry__customer", "entry__contact", "owner", "task", "reason__merged_into", "feature"
        )


class Complaint(models.Model):
    """The work on one complaint. Its words, its customer and its day stand in its entry.

    A customer who says that it is not resolved opens it again: `confirmed` is then False.
    """

    entry = models.OneToOneField(Interaction, models.CASCADE, related_name="work")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"))
    reason = models.ForeignKey(
        CancellationReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cause"),
    )
    feature = models.ForeignKey(
        Feature,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feature"),
    )
    resolution = models.TextField(_("resolution"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    confirmed = models.BooleanField(_("the customer agrees"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("customer's answer"), null=True, blank=True)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="complaint_open", condition=Q(resolved_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed=None, confirmed_at=None)
                | Q(confirmed__isnull=False, confirmed_at__isnull=False),
                name="complaint_answer_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True, resolved_at=None),
                name="complaint_agreed_is_resolved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.due_on}"

    @property
    def state(self) -> str:
        """`open`, `reopened`, `resolved` or `confirmed`."""
        if self.resolved_at is None:
            return "open" if self.confirmed is None else "reopened"
        return "confirmed" if self.confirmed else "resolved"
