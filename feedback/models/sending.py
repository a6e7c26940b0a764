"""Who is asked, when and how: rules, personal invitations and open links."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from churnapp.models import User
from customers.models import Cancellation, Contact, Customer, MailBatch, OutgoingEmail
from feedback.models.survey import Survey, SurveyVersion

AN_HOUR = timedelta(hours=1)


class Channel(models.TextChoices):
    MAIL = "mail", _("mail")
    OPEN = "open", _("open link")
    EMBEDDED = "embedded", _("on our own pages")
    API = "api", _("by another program")
    FILE = "file", _("from a file")


class SendingRuleQuerySet(models.QuerySet["SendingRule"]):
    def on(self) -> Self:
        """Rules that are switched on, of surveys in use."""
        return self.exclude(on_since=None).filter(survey__archived_at=None)

    def to_look_at(self, now: datetime) -> Self:
        """Those of them whose turn it is: by the day is by the hour, the others each minute."""
        lately = Q(looked_at__gt=now - AN_HOUR, looked_at__lte=now)
        return self.on().exclude(lately, trigger__in=SendingRule.BY_THE_DAY)


class SendingRule(models.Model):
    """When a survey goes out by itself; off until a person switches it on."""

    class Trigger(models.TextChoices):
        CANCELLATION = "cancellation", _("after a cancellation")
        LEFT_BEFORE = "left_before", _("to customers who left before")
        FIRST_PAYMENT = "first_payment", _("days after the first payment")
        RENEWAL = "renewal", _("days before a renewal")
        QUARTERLY = "quarterly", _("each quarter to a rotating sample")
        TICKET_CLOSED = "ticket_closed", _("after a ticket was closed")
        BY_HAND = "by_hand", _("once, now, to a segment")

    BY_THE_DAY = (Trigger.LEFT_BEFORE, Trigger.FIRST_PAYMENT, Trigger.RENEWAL, Trigger.QUARTERLY)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="rules")
    trigger = models.CharField(_("when"), max_length=20, choices=Trigger)
    delay_minutes = models.PositiveIntegerField(_("minutes after"), default=60)
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    segment = models.CharField(
        _("segment"), max_length=2000, blank=True, help_text=_("A filter of the customer list.")
    )
    sample_percent = models.PositiveSmallIntegerField(_("sample, percent"), default=100)
    not_again_days = models.PositiveSmallIntegerField(
        _("not again within, days"), default=90, help_text=_("For one and the same customer.")
    )
    roles = models.JSONField(_("roles of contacts, the preferred first"), default=list, blank=True)
    reminder_days = models.PositiveSmallIntegerField(_("remind after, days"), default=4)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=1)
    on_since = models.DateTimeField(
        _("on since"),
        null=True,
        blank=True,
        help_text=_("What happened before makes no invitation. Empty: off."),
    )
    looked_at = models.DateTimeField(
        _("looked at"),
        null=True,
        blank=True,
        help_text=_("Rules that go by the day look at their customers once an hour."),
    )
    batch = models.ForeignKey(MailBatch, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SendingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending rule")
        verbose_name_plural = _("sending rules")
        ordering = ["survey", "trigger", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_percent__gte=1, sample_percent__lte=100),
                name="rule_sample_is_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.trigger}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        """Invitations of customers that `user` may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def with_state(self, now: datetime) -> Self:
        """Each with `state`, one of `Invitation.STATES`: how far it has come by `now`."""
        under_way = (*OutgoingEmail.WAITING, OutgoingEmail.State.CLAIMED)
        return self.annotate(
            state=Case(
                When(response__answered_at__isnull=False, then=Value("answered")),
                When(called_back_at__isnull=False, then=Value("called_back")),
                When(mail__state__in=Invitation.LOST, then=Value("not_sent")),
                When(expires_at__lte=now, then=Value("expired")),
                When(mail__state__in=under_way, then=Value("waiting")),
                default=Value("open"),
            )
        )


class Invitation(models.Model):
    """That one contact of a customer was asked; the private link is bound to this row.

    The token is derived from a server secret and `nonce` when the mail is sent; only its hash is
    kept. Opening the link changes nothing here.
    """

    STATES = ("waiting", "open", "answered", "expired", "called_back", "not_sent")
    # What became of mails that nobody has received, and that are not on their way.
    LOST = (*OutgoingEmail.NOT_DELIVERED, OutgoingEmail.State.CANCELLED)

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    cancellation = models.ForeignKey(
        Cancellation, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    rule = models.ForeignKey(
        SendingRule, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    batch = models.ForeignKey(
        MailBatch, models.SET_NULL, null=True, blank=True, related_name="invitations"
    )
    mail = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.MAIL)
    dedupe_key = models.CharField(_("asked once by"), max_length=200, unique=True)
    language = models.CharField(_("language"), max_length=20, default="en")
    nonce = models.CharField(max_length=64)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("invited"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("open until"))
    remind_after_days = models.PositiveSmallIntegerField(
        _("remind after, days"),
        null=True,
        blank=True,
        help_text=_(
            "Of those of no rule: whether there is a reminder, and when. Rules have theirs."
        ),
    )
    reminders_sent = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    called_back_at = models.DateTimeField(_("called back"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="invitation_by_customer"),
            models.Index(fields=["survey", "-created_at"], name="invitation_by_survey"),
            # Those that a reminder may still be due to.
            models.Index(
                fields=["expires_at"],
                name="invitation_open",
                condition=Q(called_back_at=None, contact__isnull=False),
            ),
            models.Index(
                fields=["reminded_at"],
                name="invitation_reminded",
                condition=Q(reminded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.customer_id}"


class OpenLink(models.Model):
    """A public address of a survey for anybody, or for a frame on the organisation's own pages."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="open_links")
    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    framed_by = models.CharField(
        _("may be framed by"),
        max_length=500,
        blank=True,
        help_text=_("Addresses of your own pages, such as https://www.example.com."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("open link")
        verbose_name_plural = _("open links")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name or self.code
