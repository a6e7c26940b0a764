"""Addresses at which other programs tell of cancellations, and each call as it came."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Cancellation


class IncomingWebhookQuerySet(models.QuerySet["IncomingWebhook"]):
    def on(self) -> Self:
        """Those that take calls: not switched off, of people who still work here."""
        return self.filter(off_since=None, acts_as__is_active=True)


class IncomingWebhook(models.Model):
    """An address for one other program; its secret is derived from `nonce` and kept nowhere.

    What it records is recorded as by `acts_as`, who sees and may do what they see and may do.
    """

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=32, unique=True)
    nonce = models.CharField(max_length=64)
    acts_as = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("acts as")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    off_since = models.DateTimeField(_("off since"), null=True, blank=True)

    objects = IncomingWebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming webhook")
        verbose_name_plural = _("incoming webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class IncomingCall(models.Model):
    """One event that another program told of, kept as it came before anything is made of it.

    The same event told again is this row again: once taken it does nothing, else it is tried anew.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken")
        REFUSED = "refused", _("refused")

    webhook = models.ForeignKey(IncomingWebhook, models.CASCADE, related_name="calls")
    event_id = models.CharField(_("id of the event"), max_length=200)
    body = models.TextField(_("as it came"), blank=True)
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    problem = models.JSONField(
        _("what is wrong"), default=dict, blank=True, help_text=_("By field, as it was answered.")
    )
    cancellation = models.ForeignKey(
        Cancellation, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("call of another program")
        verbose_name_plural = _("calls of other programs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["received_at"], name="incoming_call_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="one_call_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.event_id}"
