"""Whom a competitor's name means: the one place that reads the register's names.

A departure keeps the name that was said; this says which competitor goes by it today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Q

from customers.models import Competitor, CompetitorName
from customers.models.competitor import in_plain


@dataclass
class Register:
    """Competitors by every plain name that they, or one merged into them, go by."""

    by_name: dict[str, Competitor] = field(default_factory=dict)
    names: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Self:
        """All of it; one question."""
        register = cls()
        for row in CompetitorName.objects.select_related("competitor__merged_into"):
            entry = row.competitor.entry
            register.by_name[row.plain] = entry
            register.names.setdefault(entry.pk, []).append(row.text)
        return register

    def competitor(self, plain: str) -> Competitor | None:
        return self.by_name.get(plain)

    def key(self, plain: str) -> str:
        """The plain name under which it counts: that of its competitor, or the name itself."""
        entry = self.by_name.get(plain)
        return in_plain(entry.name) if entry else plain

    def label(self, plain: str) -> str:
        """How the name is shown."""
        entry = self.by_name.get(plain)
        return entry.name if entry else plain.title()

    def entries(self) -> list[Competitor]:
        """Every competitor that stands in it by itself, by name."""
        there = {entry.pk: entry for entry in self.by_name.values()}
        return sorted(there.values(), key=lambda entry: (entry.name.lower(), entry.pk))

    def other_names(self, competitor: Competitor) -> list[str]:
        """What else it goes by."""
        own = in_plain(competitor.name)
        names = self.names.get(competitor.pk, [])
        return [name for name in names if in_plain(name) != own]


def named(names: Iterable[str]) -> Q:
    """Departures, with `rival`, whose competitor goes by one of these names, however written."""
    plain = [in_plain(name) for name in names]
    return Q(rival__in=plain) | Q(rival__in=CompetitorName.objects.alike(plain))
