"""Early warning: rules as data, and the flags they raise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class RiskRule(models.Model):
    """One early-warning rule: a question of `customers.risk` with its own numbers."""

    class Readiness(models.TextChoices):
        NEVER_RUN = "", _("not run yet")
        READY = "ready", _("ready")
        NO_DATA = "no_data", _("no data to judge by")

    key = models.SlugField(_("rule"), max_length=50)
    name = models.CharField(_("name"), max_length=100, blank=True)
    params = models.JSONField(_("numbers"), default=dict)
    severity = models.PositiveSmallIntegerField(_("severity, 1 to 5"), default=3)
    enabled = models.BooleanField(_("on"), default=True)
    readiness = models.CharField(
        _("readiness"), max_length=10, choices=Readiness, blank=True, default=""
    )
    readiness_facts = models.JSONField(
        default=dict, blank=True, help_text=_("Why it can't judge, or up to which day it judges.")
    )
    ran_at = models.DateTimeField(_("last run"), null=True, blank=True)

    class Meta:
        verbose_name = _("early-warning rule")
        verbose_name_plural = _("early-warning rules")
        ordering = ["-severity", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=5), name="risk_severity_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class RiskFlag(models.Model):
    """That one rule speaks of one customer, from raised to resolved.

    `subject` tells apart flags of one rule (a feature, a subscription); `facts` are the numbers
    of its sentence, worded when shown, in the reader's language.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        SNOOZED = "snoozed", _("snoozed")
        RESOLVED = "resolved", _("resolved")
        CHURNED = "churned", _("churned")

    class Dismissal(models.TextChoices):
        NONE = "", _("not dismissed")
        WRONG = "wrong", _("it is not so")
        EXPECTED = "expected", _("known and expected")
        MINOR = "minor", _("true, but no risk")

    STANDING = (State.OPEN, State.ACKNOWLEDGED, State.SNOOZED)

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="flags")
    rule = models.ForeignKey(RiskRule, models.CASCADE, related_name="flags")
    subject = models.CharField(max_length=400, blank=True)
    facts = models.JSONField(default=dict)
    severity = models.PositiveSmallIntegerField(_("severity"))
    level = models.PositiveSmallIntegerField(
        _("level"), default=0, help_text=_("How far beyond the rule's number: 0, 1 or 2.")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    raised_on = models.DateField(_("raised on"))
    seen_on = models.DateField(_("last seen on"))
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    note = models.TextField(_("note"), blank=True)
    dismissal = models.CharField(
        _("dismissed because"), max_length=10, choices=Dismissal, blank=True, default=""
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    cleared_on = models.DateField(
        _("no longer true on"),
        null=True,
        blank=True,
        help_text=_("While empty, what a person resolved is not raised again."),
    )

    class Meta:
        verbose_name = _("risk flag")
        verbose_name_plural = _("risk flags")
        ordering = ["-severity", "-raised_on"]
        indexes = [
            models.Index(fields=["customer", "state"], name="flag_by_customer"),
            models.Index(fields=["rule", "state", "customer"], name="flag_by_rule"),
            models.Index(
                fields=["customer", "rule", "subject"],
                name="flag_not_cleared",
                condition=Q(state="resolved", cleared_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "rule", "subject"],
                name="one_standing_flag",
                condition=Q(state__in=["open", "acknowledged", "snoozed"]),
            ),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False),
                name="snoozed_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.customer_id}"
