"""Surveys and their versions: what is asked, in which words."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    """What a survey is for; how its score is counted follows from it."""

    EXIT = "exit", _("why they leave")
    NPS = "nps", _("recommendation (NPS)")
    CSAT = "csat", _("satisfaction (CSAT)")
    CES = "ces", _("effort (CES)")
    PRODUCT = "product", _("product feedback")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def in_use(self) -> Self:
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.exclude(archived_at=None)


class Survey(models.Model):
    """One survey through all its versions."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SurveyKind)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_of_mail(self) -> str:
        """What its mails are to the reader: the topics that they choose go by it."""
        return f"survey.{self.kind}"


class SurveyVersion(models.Model):
    """What a survey asks, from its publication until the next one's; at most one is a draft.

    `content` is a document that `feedback.content` reads, checks and writes. What is published
    never changes: answers refer to the version that was answered.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"), default=dict)
    earlier = models.JSONField(
        _("earlier contents"),
        default=list,
        blank=True,
        help_text=_("What a draft held before its last changes, the oldest first, to go back to."),
    )
    later = models.JSONField(
        _("contents taken back"),
        default=list,
        blank=True,
        help_text=_("What a draft held before changes were taken back, the next one last."),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a survey")
        verbose_name_plural = _("versions of surveys")
        ordering = ["survey", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_survey_a_version"),
            models.UniqueConstraint(
                fields=["survey"], name="one_draft_a_survey", condition=Q(published_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"
