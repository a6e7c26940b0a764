"""Reasons against how much their departures took along."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self

from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.money import mrr, to_minor
from customers.views.insight_tables import Departure

FEWEST = 9  # with fewer, a third of them is no group
Words = Callable[[Any], tuple[str, str]]


@dataclass(frozen=True)
class Band:
    """Departures that took along at least `low` and less than `high` of ARR, in minor units."""

    low: int
    high: int | None
    label: str

    @property
    def key(self) -> str:
        """As an address says it."""
        return f"{self.low}-{'' if self.high is None else self.high}"

    def within(self, least: int | None, under: int | None) -> Self:
        """What of it lies in a range that is asked for anyway."""
        highs = [edge for edge in (self.high, under) if edge is not None]
        return replace(self, low=max(self.low, least or 0), high=min(highs, default=None))

    def holds(self, lost_minor: int) -> bool:
        return self.low <= lost_minor and (self.high is None or lost_minor < self.high)


@dataclass(frozen=True)
class Cell:
    """How many of a reason's departures lie in a band, and which share of the reason that is."""

    count: int
    share: float
    href: str
    band: str


@dataclass(frozen=True)
class ValueRow:
    """A reason over the bands; `average_minor` is the ARR that one departure took along."""

    label: str
    href: str
    cells: list[Cell]
    average_minor: int


def bands_of(departures: Sequence[Departure], currency: str) -> list[Band]:
    """Thirds of those that took something along, cut at round amounts; empty for too few."""
    losses = sorted(one.lost_minor for one in departures if one.lost_minor)
    if len(losses) < FEWEST:
        return []
    bands = cut_at((losses[len(losses) // 3], losses[2 * len(losses) // 3]), currency)
    return [nothing(), *bands] if len(losses) < len(departures) else bands


def cut_at(thirds: Iterable[int], currency: str) -> list[Band]:
    """Bands of ARR above nothing, cut at round amounts near the given ones."""
    cuts = sorted({cut for cut in (rounded(third, currency) for third in thirds) if cut > 1})
    edges: list[int | None] = [1, *cuts, None]
    return [
        Band(low or 0, high, words_of(low or 0, high, currency)) for low, high in pairwise(edges)
    ]


def nothing() -> Band:
    return Band(0, 1, _("Nothing"))


def rounded(arr_minor: int, currency: str) -> int:
    """The ARR whose MRR has two digits that are not 0."""
    monthly = to_minor(mrr(arr_minor, currency), currency)
    step = 10 ** max(len(str(monthly)) - 2, 0)
    return round(monthly / step) * step * 12


def words_of(low: int, high: int | None, currency: str) -> str:
    least, most = (
        formats.compact_money(mrr(edge, currency), currency) if edge else "" for edge in (low, high)
    )
    if low <= 1:
        return _("Under %(amount)s") % {"amount": most} if high else _("Any amount")
    if high is None:
        return _("%(amount)s and more") % {"amount": least}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def value_rows(
    departures: Sequence[Departure], bands: Sequence[Band], words: Words
) -> list[ValueRow]:
    """A row a reason, the one that took most along first; each cell leads to what it counts."""
    lost: Counter[int | None] = Counter()
    for one in departures:
        lost[one.reason] += one.lost_minor
    rows = []
    for reason, total in sorted(lost.items(), key=lambda item: (-item[1], str(item[0]))):
        mine = [one.lost_minor for one in departures if one.reason == reason]
        label, href = words(reason)
        cells = []
        for band in bands:
            count = sum(map(band.holds, mine))
            cells.append(Cell(count, count / len(mine), f"{href}&lost={band.key}", band.label))
        rows.append(ValueRow(label, href, cells, total // len(mine)))
    return rows
