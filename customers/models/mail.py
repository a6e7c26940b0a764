"""Mail that goes out: one row a mail from the wish to send until its fate is known."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import is_erased
from churnapp.models import Organisation, User
from customers.models.customer import Contact, Customer


class MailPurpose(models.TextChoices):
    """What a mail is for: consent and the contact budget go by it."""

    SURVEY = "survey", _("survey")
    CAMPAIGN = "campaign", _("campaign")
    PERSONAL = "personal", _("personal mail")
    NOTICE = "notice", _("notice to staff")


class Pausable(models.Model):
    """Mail that can be held back: since when, why and by whom; nobody is named who stopped itself.

    `resumed_at` is when it last went on.
    """

    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    paused_because = models.CharField(_("paused because"), max_length=300, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("paused by"),
    )
    resumed_at = models.DateTimeField(_("resumed"), null=True, blank=True)

    class Meta:
        abstract = True


class MailBatch(Pausable):
    """Mails that belong together, such as one round of a survey: stopped and resumed as one."""

    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("batch of mails")
        verbose_name_plural = _("batches of mails")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """Mails to customers that `user` may see; notices to staff to that person, and managers.

        Managers answer for all that goes out: nothing uncertain may lie where nobody looks.
        """
        if user.has_perm("customers.change_mailbatch"):
            return self.all()
        own = Q(customer=None, to_email__iexact=user.email)
        return self.filter(Q(customer__in=Customer.objects.visible_to(user, organisation)) | own)

    def due(self, now: datetime) -> Self:
        """Mails that may go now, the longest waiting first; those of paused batches wait."""
        return self.filter(
            Q(batch=None) | Q(batch__paused_at=None),
            state__in=OutgoingEmail.WAITING,
            due_at__lte=now,
        ).order_by("due_at", "pk")

    def call_back(self, code: str = "") -> int:
        """Stop those that still wait, and say why by `code`; how many that were.

        One of which a try may have gone out is uncertain then: somebody has to say.
        """
        in_doubt = Q(error_code=OutgoingEmail.IN_DOUBT)
        cancelled, uncertain = OutgoingEmail.State.CANCELLED, OutgoingEmail.State.UNCERTAIN
        said = Value(code) if code else F("error_code")
        return self.filter(state__in=OutgoingEmail.WAITING).update(
            state=Case(When(in_doubt, then=Value(uncertain)), default=Value(cancelled)),
            error_code=Case(When(in_doubt, then=F("error_code")), default=said),
            changed_at=Now(),
        )


class OutgoingEmail(models.Model):
    """One mail. The row is the truth: it is written first, sent later, and closed by its fate.

    `subject`, `text` and `html` are rendered when queued but for private links: each
    `[[link:NAME]]` in them stands for `links[NAME]`, whose token is made when the mail is sent and
    is kept nowhere. States change by compare-and-set (`customers.mail.outbox`).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("being sent")
        ACCEPTED = "accepted", _("sent")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("marked as spam")
        RETRY = "retry", _("to be tried again")
        FAILED = "failed", _("failed")
        UNCERTAIN = "uncertain", _("uncertain")
        CANCELLED = "cancelled", _("called back")
        SUPPRESSED = "suppressed", _("not sent")

    WAITING = (State.QUEUED, State.RETRY)
    GONE_OUT = (State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.COMPLAINED)
    FINISHED = (*GONE_OUT, State.FAILED)
    NOT_DELIVERED = (State.SUPPRESSED, State.FAILED, State.BOUNCED)
    IN_DOUBT = "in_doubt"  # the code of what may have gone out, and what is asked for again

    dedupe_key = models.CharField(_("sent once by"), max_length=200, unique=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=MailPurpose)
    kind = models.CharField(
        _("kind"),
        max_length=30,
        blank=True,
        default="",
        db_default="",
        help_text=_("Such as campaign.news: the reader’s topics go by it."),
    )
    batch = models.ForeignKey(
        MailBatch, models.PROTECT, null=True, blank=True, related_name="mails"
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="mails"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
        help_text=_("Who stands as its sender and gets the replies."),
    )
    to_email = models.EmailField(_("to"), max_length=320)
    to_name = models.CharField(_("name"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=20, default="en")
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    links = models.JSONField(_("private links"), default=dict, blank=True)
    unsubscribable = models.BooleanField(
        _("can be unsubscribed from"),
        default=False,
        help_text=_("The mail carries List-Unsubscribe headers and a link."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(_("goes out"))
    patient_until = models.DateTimeField(
        _("waits for the contact budget until"),
        null=True,
        blank=True,
        help_text=_("Empty: it is not sent where the person has had enough mails."),
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    begun_at = models.DateTimeField(
        _("handed over"),
        null=True,
        blank=True,
        help_text=_("From this moment on it may have gone out."),
    )
    first_tried_at = models.DateTimeField(
        _("first tried"),
        null=True,
        blank=True,
        help_text=_("Some days from then on it is given up; its key is known for some hours."),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    resends = models.PositiveSmallIntegerField(
        _("sent again"),
        default=0,
        db_default=0,
        help_text=_("How often somebody sent it again after it had failed: a new mail each time."),
    )
    message_id = models.CharField(_("Message-ID"), max_length=200, blank=True)
    provider_id = models.CharField(_("provider's id"), max_length=200, blank=True)
    error_code = models.CharField(_("code"), max_length=50, blank=True)
    error = models.TextField(_("what happened"), blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        permissions = [("send_outgoingemail", "Can send mail, call it back and send it again")]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="mail_waiting",
                condition=Q(state__in=["queued", "retry"]),
            ),
            models.Index(fields=["claimed_at"], name="mail_claimed", condition=Q(state="claimed")),
            models.Index(
                fields=["due_at"],
                name="mail_out_of_reach",
                condition=Q(state="retry", error_code="out_of_reach"),
            ),
            models.Index(
                fields=["-changed_at"],
                name="mail_finished_lately",
                condition=Q(state__in=["accepted", "delivered", "bounced", "complained", "failed"]),
            ),
            # Few among all that was sent: those that did not arrive, and those for a person.
            models.Index(
                fields=["state", "-id"],
                name="mail_astray",
                condition=Q(
                    state__in=[
                        "uncertain",
                        "failed",
                        "bounced",
                        "complained",
                        "suppressed",
                        "cancelled",
                    ]
                ),
            ),
            # As `iexact` compares: addresses are the same in capitals.
            models.Index(Upper("to_email"), name="mail_by_address"),
            models.Index(fields=["customer", "-created_at"], name="mail_by_customer"),
            models.Index(fields=["contact", "sent_at"], name="mail_by_contact"),
            models.Index(fields=["batch", "state"], name="mail_by_batch"),
            models.Index(
                fields=["provider_id"], name="mail_by_provider_id", condition=~Q(provider_id="")
            ),
            models.Index(fields=["message_id"], name="mail_by_message_id"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject__regex=r"[\r\n]"), name="mail_subject_is_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    @property
    def recipient(self) -> str:
        """Who gets it, by name or else by address."""
        return self.to_name or (
            gettext("erased person") if is_erased(self.to_email) else self.to_email
        )

    @property
    def about(self) -> str:
        """Its subject; where an erasure took that, that it did."""
        return self.subject or gettext("Words erased")


class Suppression(models.Model):
    """An address that gets no mail any more, of all kinds or of one purpose.

    Known by an HMAC of the address, so that it survives the erasure of the person.
    """

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        SOFT_BOUNCES = "soft_bounces", _("mails keep coming back")
        COMPLAINT = "complaint", _("marked as spam")
        UNSUBSCRIBE = "unsubscribe", _("unsubscribed")
        ERASED = "erased", _("erased on request")
        BY_HAND = "by_hand", _("entered by hand")

    address_hmac = models.CharField(max_length=64)
    purpose = models.CharField(
        _("purpose"),
        max_length=20,
        choices=MailPurpose,
        blank=True,
        default="",
        help_text=_("Empty: no mail at all."),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    mail = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["address_hmac", "purpose"],
                name="one_suppression_a_purpose",
                condition=Q(lifted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.created_at:%Y-%m-%d}"


class MailEvent(models.Model):
    """What a provider's webhook said of a mail, as it came; worked on once."""

    provider = models.CharField(_("provider"), max_length=50)
    event_id = models.CharField(_("id at the provider"), max_length=200)
    kind = models.CharField(_("kind"), max_length=50)
    mail = models.ForeignKey(
        OutgoingEmail, models.CASCADE, null=True, blank=True, related_name="events"
    )
    payload = models.JSONField(_("as it came"), default=dict)
    occurred_at = models.DateTimeField(_("when"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("mail event")
        verbose_name_plural = _("mail events")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_mail_event_an_id"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"


class SendingRate(Pausable):
    """How fast mail goes out: a token bucket that every worker draws from, and a general stop.

    `per_minute` tokens come in a minute, at most `burst` are saved up; one mail takes one.
    """

    per_minute = models.PositiveIntegerField(_("mails a minute"), default=600)
    burst = models.PositiveIntegerField(_("at once"), default=100)
    tokens = models.FloatField(default=100)
    filled_at = models.DateTimeField(null=True, blank=True)
    hold_minutes = models.PositiveSmallIntegerField(
        _("minutes to call back"),
        default=5,
        help_text=_("Mail to customers waits so long before it goes out."),
    )
    quiet_from = models.PositiveSmallIntegerField(_("quiet from, hour"), default=20)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until, hour"), default=7)
    weekdays_only = models.BooleanField(
        _("only from Monday to Friday"),
        default=False,
        db_default=False,
        help_text=_("Saturdays and Sundays are quiet as well, in the zone of the recipient."),
    )
    contact_days = models.PositiveSmallIntegerField(
        _("contact budget, days"),
        default=7,
        help_text=_("Mails to a person or customer are counted over so many days."),
    )
    most_a_contact = models.PositiveSmallIntegerField(_("mails to one person"), default=2)
    most_a_customer = models.PositiveSmallIntegerField(_("mails to one customer"), default=4)

    class Meta:
        verbose_name = _("rules of sending")
        verbose_name_plural = _("rules of sending")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="sending_rate_is_one"),
            models.CheckConstraint(condition=Q(burst__gte=1), name="sending_burst_positive"),
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23, quiet_until__lte=23), name="sending_quiet_hours"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Rules of sending"))
