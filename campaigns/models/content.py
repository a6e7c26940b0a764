"""The library: guides, news and downloads for customers, and to whom each was sent."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.models.recipient import Recipient
from churnapp.models import Organisation, User
from customers.models import Contact, Customer, Feature, OutgoingEmail, Plan


class ContentKind(models.TextChoices):
    """What it is; the values are part of the interface."""

    GUIDE = "guide", _("Guide")
    NEWS = "news", _("News")
    DOWNLOAD = "download", _("Download")


class ContentQuerySet(models.QuerySet["Content"]):
    def published(self, today: date) -> Self:
        """Those that may be shown to customers on a day."""
        shown = self.filter(archived_at=None, published_on__lte=today)
        return shown.filter(Q(expires_on=None) | Q(expires_on__gt=today))

    def in_state(self, state: str, today: date) -> Self:
        """Those in one state of `Content.State`, as `state_on` says it of each."""
        used = self.filter(archived_at=None)
        over = Q(expires_on__lte=today)
        return {
            Content.State.ARCHIVED: self.exclude(archived_at=None),
            Content.State.DRAFT: used.filter(published_on=None),
            Content.State.EXPIRED: used.exclude(published_on=None).filter(over),
            Content.State.PLANNED: used.filter(published_on__gt=today).exclude(over),
            Content.State.PUBLISHED: self.published(today),
        }[Content.State(state)]


class Content(models.Model):
    """Something worth showing to customers: about features and plans, in several languages.

    `key` is its name in placeholders, such as `{{ content.first_steps.link }}`. `texts` holds
    title, summary and address by language, English at least; what a language lacks is English.
    Without features and plans it is for everybody.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PLANNED = "planned", _("planned")
        PUBLISHED = "published", _("published")
        EXPIRED = "expired", _("expired")
        ARCHIVED = "archived", _("archived")

    LONGEST_KEY = 40

    key = models.CharField(_("key"), max_length=LONGEST_KEY, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ContentKind)
    texts = models.JSONField(_("texts"), default=dict)
    features = models.ManyToManyField(
        Feature, blank=True, related_name="contents", verbose_name=_("features")
    )
    plans = models.ManyToManyField(
        Plan, blank=True, related_name="contents", verbose_name=_("plans")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    expires_on = models.DateField(_("shown until"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ContentQuerySet.as_manager()

    class Meta:
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="content_key_fits_placeholders"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None)
                | Q(published_on=None)
                | Q(expires_on__gt=models.F("published_on")),
                name="content_shown_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.text("title") or self.key

    def text(self, name: str, language: str | None = None) -> str:
        """The title, summary or address in a language, else in English."""
        there = self.texts.get(language or get_language() or "", {})
        return there.get(name) or self.texts.get(SOURCE_LANGUAGE, {}).get(name, "")

    def lacks(self, language: str) -> bool:
        """Whether a reader of this language reads some of it in English."""
        there = self.texts.get(language, {})
        return any(not there.get(name) for name in ("title", "summary"))

    def state_on(self, today: date) -> "Content.State":
        if self.archived_at is not None:
            return self.State.ARCHIVED
        if self.published_on is None:
            return self.State.DRAFT
        if self.expires_on is not None and self.expires_on <= today:
            return self.State.EXPIRED
        return self.State.PLANNED if self.published_on > today else self.State.PUBLISHED


class ContentSentQuerySet(models.QuerySet["ContentSent"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        """What was sent to customers that `user` may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user, organisation))

    def gone_out(self) -> Self:
        """Sent for certain: noted by a person, or in a mail that went out."""
        noted = Q(how=ContentSent.How.NOTED)
        return self.filter(noted | Q(mail__state__in=OutgoingEmail.GONE_OUT))


class ContentSent(models.Model):
    """That a content was sent to a customer: by a campaign, in a personal mail, or otherwise.

    `key` is what it was sent once by. A mail that was called back stays here, with its state.
    """

    class How(models.TextChoices):
        CAMPAIGN = "campaign", _("by a campaign")
        MAIL = "mail", _("in a personal mail")
        NOTED = "noted", _("noted by a colleague")

    content = models.ForeignKey(Content, models.PROTECT, related_name="sent")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contents_sent")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="contents_sent"
    )
    how = models.CharField(_("how"), max_length=8, choices=How)
    key = models.CharField(_("sent once by"), max_length=200, unique=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recipient = models.ForeignKey(
        Recipient, models.CASCADE, null=True, blank=True, related_name="contents"
    )
    step = models.CharField(_("step"), max_length=30, blank=True, default="")
    mail = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ContentSentQuerySet.as_manager()

    class Meta:
        verbose_name = _("content sent")
        verbose_name_plural = _("contents sent")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "content"], name="content_sent_of_customer"),
            models.Index(fields=["content", "-at"], name="content_sent_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.customer_id}"
