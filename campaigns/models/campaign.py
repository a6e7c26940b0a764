"""Campaigns: who is written to, along which path, against which holdout, and how it is judged."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.fix import Fix
from customers.models import Feature, MailBatch, Pausable

HORIZONS = (30, 90, 180, 365)


class CampaignKind(models.TextChoices):
    WIN_BACK = "win_back", _("win-back")
    RETENTION = "retention", _("retention")
    RENEWAL = "renewal", _("renewal")
    ONBOARDING = "onboarding", _("onboarding")
    NEWS = "news", _("product news")
    LOYALTY = "loyalty", _("loyalty")
    REFERRAL = "referral", _("referral")
    CHECK_IN = "check_in", _("check-in")


class Goal(models.TextChoices):
    """What a customer has done when the campaign has reached its aim."""

    RETURNED = "returned", _("they pay again")
    STAYED = "stayed", _("they still pay at the horizon")
    RENEWED = "renewed", _("their contract is renewed")
    USED = "used", _("they use a feature")
    ACCEPTED = "accepted", _("they accept an offer")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self) -> Self:
        """Those that work now: launched, not paused, not finished."""
        return self.filter(state=Campaign.State.RUNNING, paused_at=None)

    def to_show(self) -> Self:
        return self.exclude(state=Campaign.State.ARCHIVED)


class Campaign(Pausable):
    """One campaign: whom it is for, its path of steps, and how its effect will be judged.

    `path` is a document that `campaigns.paths` reads and checks. `salt` makes the draw of the
    holdout and of the variants: the same customer is always drawn the same way. A paused campaign
    is one that runs with `paused_at` set.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        ARCHIVED = "archived", _("archived")

    class Entry(models.TextChoices):
        FROZEN = "frozen", _("those who fit at the launch")
        FLOWING = "flowing", _("those who fit at the launch, and whoever comes to fit later")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=CampaignKind)
    note = models.TextField(_("what it is for"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    audience = models.TextField(
        _("audience"), blank=True, help_text=_("Customers by their fields, as in the list.")
    )
    roles = models.JSONField(
        _("who at the customer"),
        default=list,
        blank=True,
        help_text=_("Roles in the order in which they are looked for."),
    )
    entry = models.CharField(_("who is in it"), max_length=8, choices=Entry, default=Entry.FROZEN)
    holdout_percent = models.PositiveSmallIntegerField(
        _("holdout, percent"),
        default=10,
        validators=[MaxValueValidator(90)],
        help_text=_("So many get nothing, so that the effect can be told."),
    )
    goal = models.CharField(_("goal"), max_length=10, choices=Goal, default=Goal.RETURNED)
    goal_feature = models.ForeignKey(
        Feature, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("judged after, days"),
        default=90,
        choices=[(days, str(days)) for days in HORIZONS],
        help_text=_("Figures before that day are marked as not yet readable."),
    )
    strength = models.PositiveSmallIntegerField(
        _("strength"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("A customer is in one campaign at a time: the stronger one, from 0 to 100."),
    )
    path = models.JSONField(_("path"), default=dict, blank=True)
    earlier = models.JSONField(_("paths before the last changes"), default=list, blank=True)
    salt = models.CharField(max_length=32)
    fix = models.ForeignKey(
        Fix,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("tells of a fix"),
        help_text=_("Each customer is told of a fix once, whatever campaigns do so."),
    )
    batch = models.OneToOneField(
        MailBatch, models.PROTECT, null=True, blank=True, related_name="campaign"
    )
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    launched_at = models.DateTimeField(_("launched"), null=True, blank=True)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    flowed_at = models.DateTimeField(_("last looked for new ones"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        permissions = [("launch_campaign", "Can launch, pause, resume and finish campaigns")]
        indexes = [
            models.Index(
                fields=["starts_at"], name="campaign_to_start", condition=Q(state="scheduled")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(holdout_percent__lte=90), name="campaign_holdout_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="archived") | Q(batch__isnull=False),
                name="campaign_in_use_has_a_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_of_mail(self) -> str:
        """What its mails are to the reader: the topics that they choose go by it."""
        return f"campaign.{self.kind}"

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.RUNNING and self.paused_at is not None

    @property
    def may_change(self) -> bool:
        """Whether its audience, holdout and path are still open."""
        return self.state in {self.State.DRAFT, self.State.SCHEDULED}
