"""What was answered."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churnapp.models import User
from customers.models import Cancellation, Contact, Customer, Task
from feedback.models.sending import Channel, Invitation, OpenLink
from feedback.models.survey import Survey, SurveyVersion


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User) -> Self:
        """Answers of customers that `user` may see, and those of unknown people."""
        return self.filter(Q(customer=None) | Q(customer__in=Customer.objects.visible_to(user)))

    def begun(self) -> Self:
        """Responses that were not sent in."""
        return self.filter(answered_at=None)

    def left_since(self, moment: datetime) -> Self:
        """Begun, untouched since `moment`, and not looked through after that; the oldest first."""
        left = self.begun().filter(swept_at=None, changed_at__lte=moment)
        return left.order_by("changed_at", "pk")

    def finished(self) -> Self:
        """Responses that were sent in, those in quarantine too."""
        return self.exclude(answered_at=None)

    def counted(self) -> Self:
        """What scores are made of: sent in, of known people, and not in quarantine."""
        return self.finished().filter(quarantined_at=None, customer__isnull=False)


class Response(models.Model):
    """One person's answers to one version of a survey, saved as they go.

    `answered_at` is when it was sent in; until then it is a beginning and counts nowhere. Who
    leaves the page with nothing required lacking has said all they wanted: a sweep sends it in.
    Told later by a program or a file, or set aside at first, it counts from `counted_at` on.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, models.CASCADE, null=True, blank=True, related_name="response"
    )
    open_link = models.ForeignKey(
        OpenLink, models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="responses"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    cancellation = models.ForeignKey(
        Cancellation, models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.MAIL)
    language = models.CharField(_("language"), max_length=20, default="en")
    external_id = models.CharField(_("id elsewhere"), max_length=200, null=True, blank=True)  # noqa: DJ001
    begun_at = models.DateTimeField(_("begun"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    swept_at = models.DateTimeField(
        _("looked through"),
        null=True,
        blank=True,
        help_text=_(
            "When it lay untouched and was sent in for the person, if nothing was lacking."
        ),
    )
    counted_at = models.DateTimeField(
        _("counted since"),
        null=True,
        blank=True,
        help_text=_("When it first counted; what is set aside later keeps it."),
    )
    evidence = models.JSONField(
        _("evidence"),
        default=dict,
        blank=True,
        help_text=_("What speaks for a person, or for a program, having answered."),
    )
    quarantined_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    quarantined_because = models.CharField(_("set aside because"), max_length=50, blank=True)
    task = models.ForeignKey(
        Task,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("What somebody was asked to do about it."),
    )
    source = models.ForeignKey(
        "customers.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-answered_at", "-pk"]
        indexes = [
            models.Index(fields=["survey", "-answered_at", "-id"], name="response_by_survey"),
            models.Index(fields=["customer", "-answered_at"], name="response_by_customer"),
            models.Index(
                fields=["changed_at"],
                name="response_left",
                condition=Q(answered_at=None, swept_at=None),
            ),
            models.Index(
                fields=["survey", "-begun_at", "-id"],
                name="response_begun",
                condition=Q(answered_at=None),
            ),
            models.Index(fields=["counted_at"], name="response_by_counting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_response_an_id"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.answered_at}"

    def note_counting(self, now: datetime) -> None:
        """Keep when it first counted, if it does; the caller saves `counted_at`."""
        if self.counted_at is None and self.answered_at and self.quarantined_at is None:
            self.counted_at = now


class Answer(models.Model):
    """The answer to one question; `question` is its key in the version answered.

    `number` holds NPS, rating and effort; `choices` the keys chosen; `text` words. A row without
    any of them is a question left open: kept, counted in no score.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("one choice")
        MULTIPLE = "multiple", _("several choices")
        NPS = "nps", _("recommendation, 0 to 10")
        RATING = "rating", _("rating, 1 to 5")
        EFFORT = "effort", _("effort, 1 to 7")
        SHORT = "short", _("short text")
        LONG = "long", _("long text")

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=50)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.SmallIntegerField(_("number"), null=True, blank=True)
    choices = ArrayField(
        models.CharField(max_length=100), verbose_name=_("choices"), default=list, blank=True
    )
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["response", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=Q(number=None)
                | Q(kind="nps", number__gte=0, number__lte=10)
                | Q(kind="rating", number__gte=1, number__lte=5)
                | Q(kind="effort", number__gte=1, number__lte=7),
                name="answer_number_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.question}"
