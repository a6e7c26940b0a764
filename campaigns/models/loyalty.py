"""Loyalty levels: what customers reach by paying long or much, and what they get for it."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.offer import Offer


class LoyaltyLevelQuerySet(models.QuerySet["LoyaltyLevel"]):
    def on(self) -> Self:
        return self.filter(archived_at=None)


class LoyaltyLevel(models.Model):
    """A level that paying customers stand on: by months since they first paid, value, or both.

    Of several that a customer has reached, the one of the highest `position` is theirs.
    `least_year_minor` is in the reporting currency.
    """

    class Given(models.TextChoices):
        REACHED = "reached", _("once, on reaching it")
        YEARLY = "yearly", _("each year, on the day they first paid")

    LONGEST_NAME = 60

    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    least_months = models.PositiveSmallIntegerField(
        _("months as a customer"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    least_year_minor = models.BigIntegerField(_("value a year"), null=True, blank=True)
    reward = models.ForeignKey(
        Offer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loyalty_levels",
        verbose_name=_("reward"),
    )
    given = models.CharField(_("given"), max_length=7, choices=Given, default=Given.REACHED)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = LoyaltyLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("loyalty level")
        verbose_name_plural = _("loyalty levels")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="loyalty_level_has_a_name"),
            models.CheckConstraint(
                condition=Q(least_months__isnull=False) | Q(least_year_minor__isnull=False),
                name="loyalty_level_asks_something",
            ),
            models.CheckConstraint(
                condition=(Q(least_months=None) | Q(least_months__lte=600))
                & (Q(least_year_minor=None) | Q(least_year_minor__gte=0)),
                name="loyalty_level_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def gives(self) -> bool:
        """Whether it has a reward that can be given now; ask with `reward` at hand."""
        return self.reward is not None and self.reward.is_on
