"""The timeline: what was said, written, noted and complained of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Contact, Customer


class Interaction(models.Model):
    """One entry on a customer's timeline; what services do to a customer stands here too."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        CALL = "call", _("call")
        MEETING = "meeting", _("meeting")
        TICKET = "ticket", _("ticket")
        SOCIAL = "social", _("social media")
        REVIEW = "review", _("review")
        NOTE = "note", _("note")
        ANSWER = "answer", _("answer")
        EVENT = "event", _("event")

    class Status(models.TextChoices):
        NONE = "", _("none")
        OPEN = "open", _("open")
        PENDING = "pending", _("pending")
        CLOSED = "closed", _("closed")

    # Kinds in which a person of ours and one of theirs were in touch.
    CONTACT_KINDS = (Kind.EMAIL, Kind.CALL, Kind.MEETING, Kind.TICKET, Kind.SOCIAL)

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="interactions")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="interactions"
    )
    external_id = models.CharField(_("id elsewhere"), max_length=200, null=True, blank=True)  # noqa: DJ001
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    verb = models.CharField(
        max_length=50, blank=True, help_text=_("For events: what was done, as a stable name.")
    )
    facts = models.JSONField(
        default=dict, blank=True, help_text=_("For events: the names and numbers of the sentence.")
    )
    occurred_at = models.DateTimeField(_("when"))
    summary = models.TextField(_("summary"), blank=True)
    sentiment = models.SmallIntegerField(
        _("sentiment"), null=True, blank=True, help_text=_("−1 bad, 0 neutral, 1 good.")
    )
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, blank=True, default="")
    first_reply_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    complaint = models.BooleanField(_("complaint"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="interaction_timeline"),
            models.Index(
                fields=["customer", "occurred_at"],
                name="interaction_open",
                condition=Q(status__in=["open", "pending"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_interaction_an_id"),
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__gte=-1, sentiment__lte=1),
                name="interaction_sentiment_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d}"
