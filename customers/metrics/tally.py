"""From sums of movements to what stood at each period's start and end: integers only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

JOINING = ("new", "reactivation")
LOSING = ("churn", "lapse")
OPENING = -1


@dataclass
class Tally:
    """One period in customers and in ARR, minor units of the reporting currency.

    `moved` and `events` are by kind of movement; a `lapse` (a pause past its limit) is already
    counted in `pause` and `churn`. `shrunk` and `kept_change` are of the paying start set:
    the sums of start - min(start, end) and of end - start at constant currency.
    """

    customers_start: int = 0
    customers_end: int = 0
    active_end: int = 0
    paused_end: int = 0
    arr_start: int = 0
    arr_end: int = 0
    lost: int = 0
    shrunk: int = 0
    kept_change: int = 0
    events: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    moved: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, kind: str, events: int, moved: int, fx: int) -> None:
        self.moved["fx"] += fx
        if kind == "lapse":
            self.moved["pause"] += moved
            self.moved["churn"] -= moved
            self.events["churn"] += events
            self.events["lapse"] += events
            return
        self.events[kind] += events
        if kind != "fx":
            self.moved[kind] += moved

    def end_with(self, sums: Mapping[str, Any], lost: int) -> None:
        """Count how some of the start set ended."""
        self.lost += lost
        self.shrunk += sums["start_arr"] - sums["capped"]
        self.kept_change += sums["kept"] - sums["start_arr"]

    def follow(self, before: "Tally") -> None:
        """Start where `before` ended, and end where this period's movements lead."""
        happened = self.events
        joined = happened["new"] + happened["reactivation"]
        self.customers_start = before.customers_end
        self.customers_end = before.customers_end + joined - happened["churn"]
        self.paused_end = (
            before.paused_end + happened["pause"] - happened["resume"] - happened["lapse"]
        )
        self.active_end = self.customers_end - self.paused_end
        self.arr_start = before.arr_end
        self.arr_end = before.arr_end + sum(self.moved.values())


def tallies(
    movements: Iterable[dict[str, Any]], crowded: Iterable[dict[str, Any]], periods: int
) -> list[Tally]:
    """One tally a period, from the answers of `sums` and `crowded`."""
    all_of_them = [Tally() for _ in range(periods + 1)]  # the opening, then the periods
    for row in movements:
        tally = all_of_them[row["period"] - OPENING]
        tally.add(row["kind"], row["events"], row["moved"], row["fx"])
        if row["is_alone"]:
            tally.end_with(row, row["events"] if row["kind"] == "churn" else 0)
    for row in crowded:
        all_of_them[row["period"] - OPENING].end_with(row, row["lost"])
    standing = Tally()
    for tally in all_of_them:
        tally.follow(standing)
        standing = tally
    return all_of_them[1:]
