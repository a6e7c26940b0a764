"""Competitors: every name they go by, and what they offer at which price.

A cancellation keeps the name that was said. Whom it means is asked of the names here each time, so
that a name added later speaks for what was said before.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Lower, Trim
from django.utils.translation import gettext_lazy as _

# The competitor in the register as which a row of another counts.
ENTRY = Coalesce("competitor__merged_into", "competitor")


def plain_name(field: str) -> Lower:
    """A name without case and without spaces that say nothing; Python says it in `in_plain`."""
    spaced = Func(F(field), Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace")
    return Lower(Trim(spaced, output_field=models.TextField()))


def in_plain(name: str) -> str:
    return " ".join(name.split()).lower()


class CompetitorQuerySet(models.QuerySet["Competitor"]):
    def entries(self) -> Self:
        """Those that stand in the register by themselves."""
        return self.filter(merged_into=None)

    def on_offer(self) -> Self:
        """Those that a departure may be said to have gone to."""
        return self.entries().filter(retired_at=None)


class Competitor(models.Model):
    """A company that customers go to. One merged into another keeps its names and its offers."""

    name = models.CharField(_("name"), max_length=200)
    website = models.URLField(_("website"), max_length=2000, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = CompetitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="competitor_not_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def entry(self) -> "Competitor":
        """The one in the register that it counts as."""
        return self.merged_into or self


class OfEntries[Row: models.Model](models.QuerySet[Row]):
    """Rows of a competitor, those of competitors merged into it among them."""

    def of(self, competitor: Competitor) -> Self:
        return self.filter(Q(competitor=competitor) | Q(competitor__merged_into=competitor))


class CompetitorNameQuerySet(OfEntries["CompetitorName"]):
    def alike(self, plain: list[str]) -> models.QuerySet[Any, Any]:
        """Every plain name of the competitors that go by one of these."""
        meant = self.filter(plain__in=plain).values_list(ENTRY)
        return self.annotate(entry=ENTRY).filter(entry__in=meant).values("plain")


class CompetitorName(models.Model):
    """A name that a competitor goes by, its present one among them; no two share a name."""

    competitor = models.ForeignKey(
        Competitor, models.CASCADE, related_name="names", verbose_name=_("competitor")
    )
    text = models.CharField(_("name"), max_length=200)
    plain = models.GeneratedField(
        expression=plain_name("text"), output_field=models.TextField(), db_persist=True
    )

    objects = CompetitorNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of a competitor")
        verbose_name_plural = _("names of competitors")
        ordering = ["plain", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plain"], name="one_competitor_a_name"),
            models.CheckConstraint(condition=~Q(plain=""), name="competitor_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text


class CompetitorOfferQuerySet(OfEntries["CompetitorOffer"]):
    def last_of_each(self) -> models.QuerySet[Any, Any]:
        """One of each competitor, with its `entry`: the one that was seen last."""
        order = ("entry", "-seen_on", "-pk")
        return self.annotate(entry=ENTRY).order_by(*order).distinct("entry")


class CompetitorOffer(models.Model):
    """What a competitor asked for something on the day that somebody saw it.

    It holds until it ends, or until the same thing is seen at another price.
    """

    class Per(models.TextChoices):
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")
        SEAT_MONTH = "seat_month", _("a user a month")
        SEAT_YEAR = "seat_year", _("a user a year")
        ONCE = "once", _("once")

    competitor = models.ForeignKey(
        Competitor, models.CASCADE, related_name="offers", verbose_name=_("competitor")
    )
    name = models.CharField(_("offer"), max_length=200)
    amount_minor = models.BigIntegerField(_("price, minor units"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    per = models.CharField(_("per"), max_length=10, choices=Per, blank=True)
    seen_on = models.DateField(_("seen on"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True)
    url = models.URLField(_("source"), max_length=2000, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CompetitorOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a competitor")
        verbose_name_plural = _("offers of competitors")
        ordering = ["-seen_on", "-pk"]
        indexes = [
            models.Index(fields=["competitor", "-seen_on", "-id"], name="competitor_offers"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor=None, currency="", per="")
                | (Q(amount_minor__gte=0) & ~Q(currency="") & ~Q(per="")),
                name="competitor_offer_price_whole",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("seen_on")),
                name="competitor_offer_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.seen_on}"
