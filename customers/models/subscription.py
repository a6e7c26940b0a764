"""Subscriptions and their terms: the one table that revenue figures come from."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, When, Window
from django.db.models.functions import FirstValue
from django.utils.translation import gettext_lazy as _

from customers.models.catalogue import Plan
from customers.models.customer import Customer


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class MomentRange(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class Subscription(models.Model):
    """What belongs together in one customer's terms; it may carry a contract.

    That a contract runs out on `contract_ends_on` without a word is not an end.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="subscriptions")
    external_id = models.CharField(_("subscription id"), max_length=400, unique=True)
    contract_ends_on = models.DateField(_("contract ends on"), null=True, blank=True)
    notice_by = models.DateField(_("notice by"), null=True, blank=True)
    auto_renews = models.BooleanField(_("renews by itself"), null=True, blank=True)
    continues = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="continuations",
        db_index=False,
        verbose_name=_("continues"),
        help_text=_("The first subscription of a chain that plan or billing changes cut up."),
    )

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        indexes = [
            models.Index(
                fields=["contract_ends_on"],
                name="subscription_contract_end",
                condition=Q(contract_ends_on__isnull=False),
            ),
            models.Index(
                fields=["notice_by"],
                name="subscription_notice",
                condition=Q(notice_by__isnull=False),
            ),
            models.Index(
                fields=["continues"],
                name="subscription_chain",
                condition=Q(continues__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(external_id=""), name="subscription_id_not_empty"),
        ]

    def __str__(self) -> str:
        return self.external_id


class TermQuerySet(models.QuerySet["Term"]):
    def believed_at(self, moment: datetime) -> Self:
        """Terms as we knew them at `moment`."""
        standing = Q(superseded_at=None) | Q(superseded_at__gt=moment)
        return self.filter(standing, recorded_at__lte=moment)

    def standing(self) -> Self:
        """What we believe now; under a lock, this and not the caller's clock."""
        return self.filter(superseded_at=None)

    def running_on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def with_current_plan(self, moment: datetime, day: date) -> Self:
        """Terms believed at `moment`, each with `current_plan`: the code of its customer's plan.

        That is the plan of the largest paid term running on `day`, else of the last paid one, else
        of the last of any kind.
        """
        is_running = Q(ends_on=None) | Q(ends_on__gt=day)
        rank = Case(
            When(is_running, kind=Term.Kind.PAID, then=0),
            When(kind=Term.Kind.PAID, then=1),
            default=2,
        )
        order = [
            rank.asc(),
            Case(When(is_running, kind=Term.Kind.PAID, then=F("arr_minor"))).desc(),
            F("ends_on").desc(nulls_first=True),
            F("starts_on").desc(),
            F("arr_minor").desc(),
            F("pk").desc(),
        ]
        plan = Window(
            FirstValue("plan__code"), partition_by=F("subscription__customer_id"), order_by=order
        )
        return self.believed_at(moment).filter(starts_on__lte=day).annotate(current_plan=plan)


class Term(models.Model):
    """What one subscription is worth on `[starts_on, ends_on)`, and since when we know it.

    `arr_native_minor` is the annualised amount in minor units of `currency`; `arr_minor` the same
    in the reporting currency at `fx_rate`, the rate of the first day. Rows are never edited:
    a correction supersedes the row and records another.
    """

    class Kind(models.TextChoices):
        PAID = "paid", _("paid")
        TRIAL = "trial", _("trial")
        FREE = "free", _("free")
        PAUSED = "paused", _("paused")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="terms")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="terms")
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=4, default=1)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PAID)
    arr_native_minor = models.BigIntegerField(_("ARR in its currency, minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    fx_rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10, default=1)
    arr_minor = models.BigIntegerField(_("ARR, minor units"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until, exclusive"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        indexes = [
            models.Index(fields=["source"], name="term_source", condition=Q(source__isnull=False)),
            models.Index(
                fields=["subscription"],
                name="term_superseded",
                condition=Q(superseded_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(arr_minor__gte=0, arr_native_minor__gte=0), name="term_arr_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind="paid") | Q(arr_minor=0, arr_native_minor=0),
                name="term_only_paid_has_revenue",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("recorded_at")),
                name="term_superseded_after_recorded",
            ),
            models.CheckConstraint(condition=Q(fx_rate__gt=0), name="term_rate_positive"),
            ExclusionConstraint(
                name="one_believed_term_a_day",
                expressions=[
                    ("subscription", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                    (MomentRange("recorded_at", "superseded_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.starts_on}–{self.ends_on or ''}"
