"""Cancel flows: what a customer who wants to leave is asked, shown and offered before they do."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models.offer import SOURCE_LANGUAGE, Offer
from customers.models import CancellationReason

MOST_HELD_OUT = 90


def text_in(texts: dict[str, dict[str, str]], name: str, language: str | None = None) -> str:
    """A text in a language, else in English."""
    there = texts.get(language or get_language() or "", {})
    return there.get(name) or texts.get(SOURCE_LANGUAGE, {}).get(name, "")


class CancelFlowQuerySet(models.QuerySet["CancelFlow"]):
    def on(self) -> Self:
        """Flows that customers are led through, the first that is for somebody before others."""
        return self.filter(archived_at=None).exclude(on_since=None).order_by("-priority", "pk")


class CancelFlow(models.Model):
    """One way out: for whom it is, what it shows for which reason, and when leaving takes effect.

    `profile` names the law it keeps to; empty, the customer's country decides. `salt` draws who is
    held out: they see neither offers nor help. `version` counts changes, so that evidence names
    the wording. `texts` holds title and text of the first page by language.
    """

    class Ending(models.TextChoices):
        MONTH = "month", _("at the end of the month")
        DAY = "day", _("at the end of the day")

    LONGEST_NAME = 100

    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    query = models.TextField(
        _("for whom"), blank=True, default="", help_text=_("A segment; empty means every customer.")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=50, help_text=_("Of several for one customer the highest is taken.")
    )
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    profile = models.CharField(_("law"), max_length=10, blank=True, default="")
    holdout_percent = models.PositiveSmallIntegerField(
        _("holdout, percent"), default=10, validators=[MaxValueValidator(MOST_HELD_OUT)]
    )
    salt = models.CharField(max_length=32)
    days_open = models.PositiveSmallIntegerField(_("days a link is open"), default=14)
    ending = models.CharField(
        _("without a contract it ends"), max_length=5, choices=Ending, default=Ending.MONTH
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("months by which a contract renews"), default=12
    )
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CancelFlowQuerySet.as_manager()

    class Meta:
        verbose_name = _("cancel flow")
        verbose_name_plural = _("cancel flows")
        ordering = ["-priority", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="cancel_flow_has_a_name"),
            models.CheckConstraint(
                condition=Q(holdout_percent__lte=MOST_HELD_OUT), name="cancel_flow_holdout_is_share"
            ),
            models.CheckConstraint(
                condition=Q(days_open__gte=1, days_open__lte=90), name="cancel_flow_days_in_reach"
            ),
            models.CheckConstraint(
                condition=Q(renewal_months__gte=1, renewal_months__lte=36),
                name="cancel_flow_renewal_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.on_since is not None and self.archived_at is None

    def text(self, name: str, language: str | None = None) -> str:
        return text_in(self.texts, name, language)


class FlowAnswer(models.Model):
    """What a flow answers to one reason: an offer, help, or a call; without a reason, to any other.

    `apart` gives it a page of its own before the last one, which is one more click to leave.
    """

    class Kind(models.TextChoices):
        NONE = "none", _("nothing")
        OFFER = "offer", _("an offer")
        HELP = "help", _("help")
        CALL = "call", _("a personal call")

    flow = models.ForeignKey(CancelFlow, models.CASCADE, related_name="answers")
    reason = models.ForeignKey(
        CancellationReason, models.CASCADE, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="cancel_flow_answers"
    )
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True, default="")
    apart = models.BooleanField(_("on a page of its own"), default=False)

    class Meta:
        verbose_name = _("answer to a reason")
        verbose_name_plural = _("answers to reasons")
        ordering = ["flow", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "reason"], nulls_distinct=False, name="one_answer_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="offer", offer__isnull=False)
                | (~Q(kind="offer") & Q(offer__isnull=True)),
                name="flow_answer_offer_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow_id} {self.reason_id or '*'} {self.kind}"

    def text(self, name: str, language: str | None = None) -> str:
        return text_in(self.texts, name, language)
