"""Who is in a campaign, where on its path they are, and all that became of each step."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.offer import Grant
from churnapp.models import Organisation, User
from customers.models import Contact, Customer, OutgoingEmail, Task


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user, organisation))

    def in_it(self) -> Self:
        """All who were drawn, into either arm: what effects are counted on."""
        return self.exclude(state=Recipient.State.LEFT_OUT)

    def treated(self) -> Self:
        return self.in_it().filter(held_out=False)


class Recipient(models.Model):
    """One customer in one campaign: once, ever.

    Whether they are held out was drawn when they came in and never changes. `step` is the key of
    what comes next, due at `due_at`; empty when nothing does. `why` is a code of
    `campaigns.sequences.words`: why they were left out, or why they went before the end.
    """

    class State(models.TextChoices):
        UNDER_WAY = "under_way", _("under way")
        HELD_OUT = "held_out", _("held out")
        DONE = "done", _("through")
        EXITED = "exited", _("ended early")
        LEFT_OUT = "left_out", _("left out")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recipients")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="campaigns")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="campaigns"
    )
    held_out = models.BooleanField(_("held out"), default=False)
    variant = models.CharField(_("variant"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=20, default="en")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UNDER_WAY)
    why = models.CharField(_("why"), max_length=30, blank=True)
    step = models.CharField(_("next step"), max_length=30, blank=True)
    arrived_at = models.DateTimeField(_("at this step since"))
    due_at = models.DateTimeField(_("due"))
    entered_at = models.DateTimeField(_("entered"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    nonce = models.CharField(max_length=64)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["campaign", "step", "due_at"],
                name="recipient_due",
                condition=Q(state="under_way"),
            ),
            models.Index(fields=["customer", "campaign"], name="recipient_by_customer"),
            models.Index(fields=["campaign", "state", "id"], name="recipient_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="one_entry_a_campaign"),
            models.CheckConstraint(
                condition=Q(state="held_out", held_out=True)
                | (~Q(state="held_out") & Q(held_out=False)),
                name="recipient_held_out_stays_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.customer_id}"


class StepDone(models.Model):
    """What became of one step for one recipient: exactly one row, however often it was tried."""

    class Outcome(models.TextChoices):
        MAILED = "mailed", _("mail queued")
        NOT_MAILED = "not_mailed", _("no mail")
        WAITED = "waited", _("waited")
        LATE = "late", _("waited long enough")
        YES = "yes", _("yes")
        NO = "no", _("no")
        OFFERED = "offered", _("offer made")
        NOT_OFFERED = "not_offered", _("no offer")
        TASK = "task", _("task given")
        CALLED = "called", _("other program told")

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=30)
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("what became of it"), max_length=12, choices=Outcome)
    why = models.CharField(_("why"), max_length=30, blank=True)
    mail = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    grant = models.ForeignKey(Grant, models.SET_NULL, null=True, blank=True, related_name="+")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("step done")
        verbose_name_plural = _("steps done")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "step"], name="one_row_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.step}"


class LinkHit(models.Model):
    """That an address in a campaign's mail was asked for: by a person, or by a program.

    A log, kept apart from what customers say: nothing in the product changes by it. `because` says
    what speaks for a program; empty, a person is taken to have followed the link. `content` is
    what of the library it led to, if anything.
    """

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="hits")
    step = models.CharField(_("step"), max_length=30)
    at = models.DateTimeField(_("when"))
    because = models.CharField(_("program, because"), max_length=30, blank=True)
    source = models.CharField(
        _("where from"), max_length=64, help_text=_("An HMAC of the network and the program.")
    )
    content = models.ForeignKey(
        "campaigns.Content", models.SET_NULL, null=True, blank=True, related_name="hits"
    )

    class Meta:
        verbose_name = _("link asked for")
        verbose_name_plural = _("links asked for")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["recipient", "step"], name="hit_by_step"),
            models.Index(fields=["source", "at"], name="hit_by_source"),
            models.Index(fields=["at"], name="hit_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.step}"
