"""What mail people want: topics as readers know them, and what each person said of them."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Contact
from customers.models.mail import MailPurpose

SOURCE_LANGUAGE = "en"


class TopicQuerySet(models.QuerySet["Topic"]):
    def of_kind(self, kind: str) -> Self:
        """The topic of a kind of mail: one at most."""
        return self.filter(kinds__contains=[kind])


class Topic(models.Model):
    """What a reader chooses or leaves: a name for some kinds of mail, all of one purpose.

    A thin layer over purposes, which stay what consent, suppression and one-click unsubscribe go
    by. A purpose is too coarse to choose by: news and offers are both campaigns. The kind of a
    mail decides its topic, so that nobody can send an offer as news. `words` holds the name and
    what it is about, `{"en": {"name": …, "about": …}}`.
    """

    PURPOSES = (MailPurpose.SURVEY, MailPurpose.CAMPAIGN)

    code = models.SlugField(_("code"), max_length=30, unique=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=MailPurpose)
    kinds = ArrayField(
        models.CharField(max_length=30), verbose_name=_("kinds of mail"), default=list, blank=True
    )
    words = models.JSONField(_("words by language"), default=dict)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    by_default = models.BooleanField(
        _("for people who did not choose"),
        default=True,
        help_text=_("Off: only who asked for it gets it."),
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of mail")
        verbose_name_plural = _("topics of mail")
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["survey", "campaign"]), name="topic_of_automatic_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language that is active, else in English."""
        return self._said("name") or self.code

    @property
    def about(self) -> str:
        return self._said("about")

    def _said(self, what: str) -> str:
        own: dict[str, Any] = self.words.get(translation.get_language() or "", {})
        return str(own.get(what) or self.words.get(SOURCE_LANGUAGE, {}).get(what, ""))


class TopicWish(models.Model):
    """Whether a contact wants a topic, as they said last; who never spoke has no row."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="topic_wishes", db_index=False
    )
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="wishes")
    wanted = models.BooleanField(_("wanted"))
    at = models.DateTimeField(_("when"))
    source = models.CharField(_("where they said so"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("wish for a topic of mail")
        verbose_name_plural = _("wishes for topics of mail")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "topic"], name="one_wish_a_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.topic_id} {self.wanted}"


class MailWishes(models.Model):
    """When and how often a contact wants mail that we send by itself; most have no row.

    It only ever makes mail rarer: `days_between` is one mail at most in so many days.
    """

    class Often(models.IntegerChoices):
        MONTH = 30, _("at most one mail a month")
        QUARTER = 90, _("at most one mail a quarter")

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="mail_wishes")
    paused_until = models.DateTimeField(_("no mail until"), null=True, blank=True)
    days_between = models.PositiveSmallIntegerField(
        _("how often"), null=True, blank=True, choices=Often, help_text=_("Empty: as offered.")
    )
    at = models.DateTimeField(_("when"))
    source = models.CharField(_("where they said so"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("wish for less mail")
        verbose_name_plural = _("wishes for less mail")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["paused_until"],
                name="wishes_paused",
                condition=Q(paused_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.paused_until} {self.days_between}"

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now
