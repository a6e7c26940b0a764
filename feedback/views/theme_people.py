"""Who said a theme, and what they took along: the customers behind a theme's figures."""

from dataclasses import dataclass
from datetime import datetime

from churnapp.common.pages import PAGE_SIZE, Page
from customers.models import Customer
from feedback.themes.figures import ThemeFigures

SAID, LEFT = "customers", "lost"  # how an address asks for them


@dataclass(frozen=True)
class Sayer:
    """A customer who said it, when last, and the ARR that left with them since."""

    customer: Customer
    said_at: datetime
    lost_arr_minor: int


@dataclass(frozen=True)
class ThemePeople:
    """The customers that figures count, all of them or those who took something along."""

    figures: ThemeFigures
    shown: str

    @property
    def keys(self) -> list[int]:
        """Those who took most along first, then those who said it last."""
        said, lost = self.figures.said, self.figures.lost
        chosen = lost if self.shown == LEFT else said
        return sorted(chosen, key=lambda pk: (-lost.get(pk, 0), -said[pk].timestamp(), pk))

    def page(self, number: int) -> Page[Customer]:
        keys, start = self.keys, (number - 1) * PAGE_SIZE
        asked = keys[start : start + PAGE_SIZE]
        found = Customer.objects.select_related("owner").in_bulk(asked)
        return Page([found[pk] for pk in asked], number, len(keys) > start + PAGE_SIZE)

    def rows(self, page: Page[Customer]) -> list[Sayer]:
        said, lost = self.figures.said, self.figures.lost
        return [Sayer(one, said[one.pk], lost.get(one.pk, 0)) for one in page.rows]
