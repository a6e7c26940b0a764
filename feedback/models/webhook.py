"""Addresses of other programs that are told what happens here, and what became of it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Cancellation, Customer
from feedback.models.response import Response


class WebhookEvent(models.TextChoices):
    """What is told; the values are part of the interface."""

    RECEIVED = "answer.received", _("an answer came in")
    CHANGED = "answer.changed", _("an answer was changed")
    SET_ASIDE = "answer.set_aside", _("an answer was set aside")
    RECORDED = "cancellation.recorded", _("a cancellation was recorded")
    AMENDED = "cancellation.changed", _("a cancellation or its reason was changed")
    WITHDRAWN = "cancellation.withdrawn", _("a cancellation was withdrawn")
    ACCEPTED = "offer.accepted", _("an offer was accepted")
    DECLINED = "offer.declined", _("an offer was declined")
    CAMPAIGN = "campaign.changed", _("a campaign was launched, paused, resumed or finished")
    STEP = "campaign.step", _("a customer came to a campaign's step that tells this program")
    REFERRED = "referral.new", _("somebody came by a referral")
    REWARDED = "referral.rewarded", _("a customer got their reward for a referral")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def on(self) -> Self:
        return self.filter(off_since=None)

    def listening(self) -> Self:
        """Those to keep answers for: also what was switched off because its calls failed."""
        return self.filter(Q(off_since=None) | Q(off_because=Webhook.FAILING))


class Webhook(models.Model):
    """Another program that is told. Its secret is derived from `nonce` and kept nowhere."""

    FAILING, GONE, BY_HAND = "failing", "gone", "by_hand"  # why one is off

    address = models.CharField(_("address"), max_length=500)
    events = ArrayField(
        models.CharField(max_length=30, choices=WebhookEvent), verbose_name=_("what is told")
    )
    nonce = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    failures = models.PositiveIntegerField(_("failed tries in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    off_since = models.DateTimeField(_("off since"), null=True, blank=True)
    off_because = models.CharField(_("off because"), max_length=20, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(address__startswith="https://"), name="webhook_is_https"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, now: datetime) -> Self:
        """What may go now, the longest waiting first; where a webhook is off, it waits."""
        waiting = self.filter(state=WebhookDelivery.State.WAITING, due_at__lte=now)
        return waiting.filter(webhook__off_since=None).order_by("due_at", "pk")


class WebhookDelivery(models.Model):
    """That one webhook is to be told of one thing: the row is there first and is tried until done.

    What is told is read from the answer, the departure or the customer when it goes out, beside
    `facts`: numbers and codes. Nothing of a person is kept here. A worker that takes the row puts
    `due_at` ahead; if it dies, the row is due again by itself. Without any of them it is a test.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(_("what"), max_length=30)
    response = models.ForeignKey(
        Response, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    cancellation = models.ForeignKey(
        Cancellation, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="webhook_deliveries"
    )
    facts = models.JSONField(_("facts"), default=dict, db_default={}, blank=True)
    key = models.CharField(_("told once by"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    error = models.CharField(_("what happened"), max_length=30, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery to a webhook")
        verbose_name_plural = _("deliveries to webhooks")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="delivery_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="one_delivery_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
