"""How much of what a customer used on a day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.catalogue import Feature
from customers.models.customer import Customer


class Usage(models.Model):
    """Uses of one feature by one customer on one day, by the organisation's calendar."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="usage", db_index=False)
    feature = models.ForeignKey(Feature, models.CASCADE, related_name="usage", db_index=False)
    day = models.DateField(_("day"))
    count = models.BigIntegerField(_("count"))
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("usage")
        verbose_name_plural = _("usage")
        indexes = [
            models.Index(fields=["day", "customer"], name="usage_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "feature", "day"], name="one_usage_a_day"),
            models.CheckConstraint(condition=Q(count__gte=0), name="usage_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"
