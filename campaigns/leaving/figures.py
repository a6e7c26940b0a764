"""How flows are used: visits, who was saved, who left, and the share saved with its interval."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from campaigns.models import CancelFlow, CancelVisit
from churnapp.common.intervals import Interval, wilson

ENOUGH = 10


@dataclass(frozen=True)
class Figures:
    """Visits of one flow by what became of them."""

    visits: int = 0
    saved: int = 0
    left: int = 0
    held_out: int = 0

    @property
    def decided(self) -> int:
        return self.saved + self.left

    @property
    def share(self) -> float | None:
        """Saved of all who decided, whether or not it lasted."""
        return self.saved / self.decided if self.decided else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.saved, self.decided)

    @property
    def is_enough(self) -> bool:
        return self.decided >= ENOUGH


def figures_of(flows: Iterable[CancelFlow]) -> dict[int, Figures]:
    """By flow, in one statement."""
    wanted = [flow.pk for flow in flows]
    rows: Any = (
        CancelVisit.objects.filter(flow__in=wanted)
        .order_by()
        .values("flow")
        .annotate(
            visits=Count("pk"),
            saved=Count("pk", filter=Q(state="saved")),
            gone=Count("pk", filter=Q(state="left")),
            out=Count("pk", filter=Q(held_out=True)),
        )
    )
    found = {
        row["flow"]: Figures(row["visits"], row["saved"], row["gone"], row["out"]) for row in rows
    }
    return {pk: found.get(pk, Figures()) for pk in wanted}
