"""Who takes over: a customer from another owner, and one customer from another record of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churnapp.models import Job
from customers.models.customer import Customer


class HandoverQuerySet(models.QuerySet["Handover"]):
    def pending(self) -> "HandoverQuerySet":
        return self.filter(done_at=None, withdrawn_at=None, refused_at=None)


class Handover(models.Model):
    """That a customer gets another owner on a day, with open work; the night carries it out.

    It is refused when the other can't work with customers by then: the owner stays.
    """

    class Refusal(models.TextChoices):
        LEFT = "left", _("no longer works here")
        READS = "reads", _("may only read")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="handovers")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("to")
    )
    on = models.DateField(_("on"))
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("planned"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refusal = models.CharField(_("why refused"), max_length=5, choices=Refusal, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_at=None, refusal="")
                | (Q(refused_at__isnull=False) & ~Q(refusal="")),
                name="handover_refused_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["on", "id"],
                name="handover_pending",
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"


class BulkHandover(models.Model):
    """A handover of every customer that a filter chooses, worked as a job in chunks.

    Customers up to `after` are planned already; those that `by` could see then are meant.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="bulk_handover")
    filters = models.TextField(_("filters"), blank=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("to")
    )
    on = models.DateField(_("on"))
    note = models.TextField(_("note"), blank=True)
    after = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("handover of many")
        verbose_name_plural = _("handovers of many")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.on}"


class CustomerAlias(models.Model):
    """An id by which a customer was known before it was merged into another record.

    Files and programs that still use it mean `customer`.
    """

    external_id = models.CharField(_("former customer id"), max_length=200, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="aliases")
    name = models.CharField(_("former name"), max_length=300)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("former customer id")
        verbose_name_plural = _("former customer ids")
        ordering = ["external_id"]

    def __str__(self) -> str:
        return self.external_id
