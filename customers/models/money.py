"""Money beside subscriptions: payments, what we spend, and rates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class Payment(models.Model):
    """An amount that fell due; revenue figures never come from here."""

    class Status(models.TextChoices):
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        RECOVERED = "recovered", _("recovered")
        WRITTEN_OFF = "written_off", _("written off")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="payments", db_index=False)
    due_on = models.DateField(_("due on"))
    amount_minor = models.BigIntegerField(_("amount, minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=11, choices=Status)
    ordinal = models.PositiveIntegerField(
        default=1, help_text=_("Tells apart equal rows of one file.")
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-due_on", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-due_on"], name="payment_by_customer"),
            models.Index(fields=["due_on"], name="payment_failed", condition=Q(status="failed")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "due_on", "amount_minor", "currency", "ordinal"],
                name="one_payment_a_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.due_on}"


class Spend(models.Model):
    """What a month of a channel cost us."""

    class Purpose(models.TextChoices):
        ACQUISITION = "acquisition", _("winning customers")
        RETENTION = "retention", _("keeping customers")

    month_on = models.DateField(_("month"))
    channel = models.CharField(_("channel"), max_length=200)
    amount_minor = models.BigIntegerField(_("amount, minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    purpose = models.CharField(
        _("purpose"), max_length=11, choices=Purpose, default=Purpose.ACQUISITION
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("spend")
        verbose_name_plural = _("spend")
        ordering = ["-month_on", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["month_on", "channel", "purpose", "currency"], name="one_spend_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m} {self.channel}"


class FxRate(models.Model):
    """Units of the reporting currency for one unit of `currency`, from `on` until the next."""

    on = models.DateField(_("from"))
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}"
