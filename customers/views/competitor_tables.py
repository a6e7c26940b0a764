"""What was lost to each competitor, and how its offers follow one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from customers.models import Competitor, CompetitorName, CompetitorOffer
from customers.models.cancellation import CancellationQuerySet
from customers.models.competitor import in_plain, plain_name

MOST_STRANGERS = 50


@dataclass(frozen=True)
class Toll:
    """Departures to somebody; `lost_minor` is ARR, `back` how many of them pay again today."""

    count: int = 0
    lost_minor: int = 0
    back: int = 0

    def __add__(self, other: "Toll") -> "Toll":
        return Toll(
            self.count + other.count,
            self.lost_minor + other.lost_minor,
            self.back + other.back,
        )


def tolls(found: CancellationQuerySet, today: date) -> dict[str, Toll]:
    """By the plain name that was said, empty where none was; one question."""
    each = found.with_lost_arr().with_won_back(today).order_by()
    rows = each.values(rival=plain_name("competitor")).annotate(
        count=Count("pk"), lost=Sum("lost_arr_minor"), back=Count("pk", filter=Q(won_back=True))
    )
    return {
        rival: Toll(count, lost, back)
        for rival, count, lost, back in rows.values_list("rival", "count", "lost", "back")
    }


@dataclass(frozen=True)
class RivalRow:
    """A competitor in the register; `href` lists what was lost to it, `page` tells more."""

    competitor: Competitor
    others: list[str]
    toll: Toll
    offer: CompetitorOffer | None
    length: float
    href: str
    page: str


@dataclass(frozen=True)
class Stranger:
    """A name on departures that no competitor in the register goes by."""

    name: str
    count: int
    lost_minor: int
    href: str


def strange_names(visible: CancellationQuerySet) -> QuerySet[Any, Any]:
    """The names that nobody goes by, as last written, the most frequent first; of all time."""
    known = CompetitorName.objects.values("plain")
    said = visible.with_lost_arr().order_by().annotate(rival=plain_name("competitor"))
    each = said.exclude(rival="").exclude(rival__in=known).values("rival")
    summed = each.annotate(said=Max("competitor"), count=Count("pk"), lost=Sum("lost_arr_minor"))
    return summed.order_by("-count", "-lost", "rival")[:MOST_STRANGERS]


@dataclass(frozen=True)
class OfferRow:
    """An offer; it holds until `until`, and `change` is the share by which its price moved."""

    offer: CompetitorOffer
    until: date | None
    is_over: bool
    before: CompetitorOffer | None
    change: float | None

    @property
    def drop(self) -> float | None:
        return None if self.change is None else -self.change


def offer_rows(offers: Iterable[CompetitorOffer], today: date) -> list[OfferRow]:
    """Offers of one competitor, the latest first: the same thing seen later takes its place."""
    ordered = sorted(offers, key=lambda offer: (offer.seen_on, offer.pk))
    latest: dict[str, CompetitorOffer] = {}
    rows: dict[int, OfferRow] = {}
    for offer in ordered:
        before = latest.get(in_plain(offer.name))
        if before is not None:
            rows[before.pk] = row_of(before, rows[before.pk].before, offer.seen_on, today)
        rows[offer.pk] = row_of(offer, before, None, today)
        latest[in_plain(offer.name)] = offer
    return [rows[offer.pk] for offer in reversed(ordered)]


def row_of(
    offer: CompetitorOffer, before: CompetitorOffer | None, followed_on: date | None, today: date
) -> OfferRow:
    ends = [day for day in (offer.ends_on, followed_on) if day]
    until = min(ends, default=None)
    return OfferRow(
        offer, until, until is not None and until <= today, before, moved(offer, before)
    )


def moved(offer: CompetitorOffer, before: CompetitorOffer | None) -> float | None:
    """By which share the price is another; None where the two can't be compared."""
    if before is None or not before.amount_minor or offer.amount_minor is None:
        return None
    if (before.currency, before.per) != (offer.currency, offer.per):
        return None
    return offer.amount_minor / before.amount_minor - 1
