"""What comments are about: themes, and which comment holds which."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from churnapp.models import User
from customers.models import Cancellation, Customer
from feedback.models.response import Answer


class ThemeQuerySet(models.QuerySet["Theme"]):
    def standing(self) -> Self:
        """Themes that words are looked for, those that nobody has taken up yet too."""
        return self.filter(merged_into=None, retired_at=None)

    def looked_for(self) -> Self:
        """Standing themes, and those merged into one of them."""
        through = Q(merged_into__isnull=False, merged_into__retired_at=None)
        return self.filter(through | Q(merged_into=None), retired_at=None)

    def in_use(self) -> Self:
        """Themes that a person took up."""
        return self.standing().exclude(accepted_at=None)

    def proposed(self) -> Self:
        return self.standing().filter(accepted_at=None)

    def taken_up_or_gone(self) -> Self:
        """Those in use, then those retired or turned down, the last ones first; none merged."""
        found = self.filter(merged_into=None).exclude(accepted_at=None, retired_at=None)
        return found.order_by(F("retired_at").desc(nulls_first=True), "pk")


class Theme(models.Model):
    """Something that comes back in comments, whatever language they are in.

    `words` holds lines by language; every word of a line must stand in a comment, in any form, and
    a stroke parts words of which one is enough: `app/mobile slow`. Until a person takes it up
    (`accepted_at`) a theme is a proposal. It is never deleted: what was turned down stays down.
    One merged into another keeps its words and comments, which are read as the other's.
    """

    key = models.CharField(_("key"), max_length=100, unique=True)
    labels = models.JSONField(_("wording by language"), default=dict)
    words = models.JSONField(_("words by language"), default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["key"]

    def __str__(self) -> str:
        language = (get_language() or "en").split("-")[0]
        named = self.labels.get(language) or self.labels.get("en")
        return str(named or next(iter(self.labels.values()), self.key))

    @property
    def counts_as(self) -> "Theme":
        """The theme it was merged into, or itself."""
        return self.merged_into or self


COUNTS_AS = Coalesce(F("theme__merged_into"), F("theme"))
# Of several merged themes in one comment: one that was judged, then the theme's own.
RANK = Case(When(state="suggested", then=2), default=0) + Case(
    When(theme__merged_into=None, then=0), default=1
)


class CommentThemeQuerySet(models.QuerySet["CommentTheme"]):
    def visible_to(self, user: User) -> Self:
        """Those of comments that `user` may read."""
        seen = Customer.objects.visible_to(user)
        return self.filter(
            Q(cancellation__customer__in=seen)
            | Q(answer__response__customer__in=seen)
            | Q(answer__response__isnull=False, answer__response__customer=None)
        )

    def counted(self) -> Self:
        """Of comments that count: not set aside, not withdrawn, not erased."""
        is_answer = Q(answer__response__quarantined_at=None) & ~Q(answer__text="")
        is_departure = Q(cancellation__withdrawn_at=None) & ~Q(cancellation__comment="")
        return self.filter(
            Q(answer__response__answered_at__isnull=False) & is_answer
            | Q(cancellation__isnull=False) & is_departure
        )

    def once_a_theme(self) -> Self:
        """Each with the theme it counts as (`counts_as`); merged themes have one row a comment."""
        ranked = CommentTheme.objects.annotate(counts_as=COUNTS_AS, rank=RANK).filter(
            Q(rank__lt=OuterRef("rank")) | Q(rank=OuterRef("rank"), pk__lt=OuterRef("pk")),
            counts_as=OuterRef("counts_as"),
        )
        return self.annotate(counts_as=COUNTS_AS, rank=RANK).exclude(
            Exists(ranked.filter(answer=OuterRef("answer")))
            | Exists(ranked.filter(cancellation=OuterRef("cancellation")))
        )

    def told(self) -> "models.QuerySet[Any, Any]":
        """Each with the customer (`said_by`), the moment (`said_at`) and the words (`said`)."""
        return self.annotate(
            said_at=Coalesce(F("answer__response__answered_at"), F("cancellation__recorded_at")),
            said_by=Coalesce(F("answer__response__customer"), F("cancellation__customer")),
            said=Coalesce(F("answer__text"), F("cancellation__comment")),
        )


class CommentTheme(models.Model):
    """That a comment holds a theme: suggested because of `matched` words, until a person judges.

    Only what was confirmed counts in figures. What was rejected is never suggested again.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="comments")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="themes")
    cancellation = models.ForeignKey(
        Cancellation, models.CASCADE, null=True, blank=True, related_name="themes"
    )
    matched = models.CharField(_("words that matched"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUGGESTED)
    suggested_at = models.DateTimeField(_("suggested at"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CommentThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme of a comment")
        verbose_name_plural = _("themes of comments")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["theme", "state"], name="comments_by_theme")]
        constraints = [
            models.UniqueConstraint(fields=["theme", "answer"], name="one_theme_an_answer"),
            models.UniqueConstraint(
                fields=["theme", "cancellation"], name="one_theme_a_cancellation"
            ),
            models.CheckConstraint(
                condition=Q(answer=None, cancellation__isnull=False)
                | Q(answer__isnull=False, cancellation=None),
                name="theme_of_one_comment",
            ),
            models.CheckConstraint(
                condition=Q(state="suggested", decided_at=None)
                | (~Q(state="suggested") & Q(decided_at__isnull=False)),
                name="theme_decided_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.state}"
