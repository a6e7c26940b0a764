"""One customer on the way out: the link that was made, and every step that was taken through it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from campaigns.models.flow import CancelFlow
from campaigns.models.offer import Grant, Offer
from churnapp.models import Organisation, User
from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    Customer,
    OutgoingEmail,
    ReasonVersion,
    Subscription,
    Task,
)


class CancelVisitQuerySet(models.QuerySet["CancelVisit"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Visits of customers that `user` may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user, organisation))

    def as_of(self, now: datetime) -> Self:
        """Each with `stands`: its state, expired as soon as its link's days are over."""
        is_over = models.When(state="open", expires_at__lte=now, then=Value("expired"))
        return self.annotate(stands=models.Case(is_over, default=F("state")))

    def told_why(self) -> Self:
        """Those who left and said why."""
        return self.filter(state=CancelVisit.State.LEFT).exclude(reason=None)


class CancelVisit(models.Model):
    """A link through which one customer may leave, what they said there, and what became of it.

    `held_out` was drawn when it was made, `planned` is the offer of their reason, whichever arm
    they are in. `subscription` is what may end; none means everything. `clicks` are the buttons
    that they have pressed on the way to leave, `most_clicks` what the law's profile allowed.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SAVED = "saved", _("saved")
        LEFT = "left", _("left")
        EXPIRED = "expired", _("expired")

    class SavedBy(models.TextChoices):
        OFFER = "offer", _("an offer")
        HELP = "help", _("help")
        CALL = "call", _("a personal call")
        STAYED = "stayed", _("their own decision")

    class From(models.TextChoices):
        API = "api", _("another program")
        STAFF = "staff", _("a colleague")
        MAIL = "mail", _("a mail")

    flow = models.ForeignKey(CancelFlow, models.PROTECT, related_name="visits")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="cancel_visits")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="cancel_visits"
    )
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="cancel_visits"
    )
    ends_all = models.BooleanField(_("everything ends"), default=True)
    key = models.CharField(_("made once by"), max_length=200, unique=True)
    nonce = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=20, default="en")
    profile = models.CharField(_("law"), max_length=10)
    most_clicks = models.PositiveSmallIntegerField(_("most clicks to leave"))
    held_out = models.BooleanField(_("held out"), default=False)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_from = models.CharField(_("made from"), max_length=5, choices=From, default=From.API)
    expires_at = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    entered_at = models.DateTimeField(_("went on"), null=True, blank=True)
    reason = models.ForeignKey(
        CancellationReason, models.PROTECT, null=True, blank=True, related_name="cancel_visits"
    )
    reason_version = models.ForeignKey(
        ReasonVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("in the customer's words"), blank=True, default="")
    competitor = models.CharField(_("competitor"), max_length=200, blank=True, default="")
    missing_feature = models.CharField(_("missing feature"), max_length=200, blank=True, default="")
    answer = models.CharField(_("answered with"), max_length=5, blank=True, default="")
    planned = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="planned_in_visits"
    )
    grant = models.ForeignKey(
        Grant, models.SET_NULL, null=True, blank=True, related_name="cancel_visits"
    )
    why_no_offer = models.CharField(_("why no offer"), max_length=30, blank=True, default="")
    clicks = models.PositiveSmallIntegerField(_("clicks"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    saved_by = models.CharField(
        _("saved by"), max_length=6, choices=SavedBy, blank=True, default=""
    )
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    ends_on = models.DateField(_("first day not paid for"), null=True, blank=True)
    cancellations = models.ManyToManyField(
        Cancellation, blank=True, related_name="cancel_visits", verbose_name=_("cancellations")
    )
    mail = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CancelVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit to a cancel flow")
        verbose_name_plural = _("visits to cancel flows")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["flow", "-made_at", "-id"], name="cancel_visit_of_flow"),
            models.Index(fields=["customer", "flow", "id"], name="cancel_visit_of_customer"),
            models.Index(
                fields=["flow", "entered_at"],
                name="cancel_visit_entered",
                condition=Q(entered_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="cancel_visit_open_for_a_while"
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_at__isnull=False, ends_on__isnull=False),
                name="cancel_visit_left_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="saved") | (Q(saved_at__isnull=False) & ~Q(saved_by="")),
                name="cancel_visit_saved_by_something",
            ),
            models.CheckConstraint(
                condition=Q(held_out=False) | Q(grant=None), name="cancel_visit_holdout_no_offer"
            ),
            models.CheckConstraint(
                condition=Q(subscription=None) | Q(ends_all=False),
                name="cancel_visit_all_or_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow_id} {self.customer_id} {self.state}"

    def taken_back_at(self) -> datetime | None:
        """When the last of its cancellations was withdrawn; None while any of them stands."""
        moments = list(self.cancellations.values_list("withdrawn_at", flat=True))
        withdrawn = [moment for moment in moments if moment is not None]
        return max(withdrawn) if withdrawn and len(withdrawn) == len(moments) else None

    def is_open(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and self.expires_at > now


class VisitStep(models.Model):
    """One thing that happened in a visit, such as a button pressed under which words.

    Never changed: a trigger refuses it. `sha256` is over the one before and this one, so that none
    can be taken out unseen. `facts` hold nothing of the person; their own words stand
    in the visit, so that they can be erased.
    """

    visit = models.ForeignKey(CancelVisit, models.CASCADE, related_name="steps")
    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("what"), max_length=20)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("step of a visit")
        verbose_name_plural = _("steps of visits")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.verb}"
