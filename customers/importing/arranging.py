"""Which column of a file is which of ours.

The command goes by exact names and by what it is told; proposals from other words are for people
to look at, in `proposing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from customers.importing.columns import Column
from customers.importing.errors import FileRefusedError
from customers.importing.kinds import Kind

# How the file writes numbers and days, for files that don't show it themselves.
DECIMAL, DAYS = "decimal", "dates"
WAYS = {
    DECIMAL: {"comma": "comma", ",": "comma", "point": "point", ".": "point", "dot": "point"},
    DAYS: {"dmy": "DMY", "mdy": "MDY"},
}
LEFT_OUT = ""


@dataclass(frozen=True)
class Arrangement:
    """Our columns by their place in the file, fixed values, and what else the file brings."""

    places: Mapping[str, int]
    fixed: Mapping[str, str]
    extras: Mapping[str, int] = field(default_factory=dict)
    decimal: str = ""
    days: str = ""

    def has(self, name: str) -> bool:
        return name in self.places or name in self.fixed


def arrange(
    kind: Kind, header: Sequence[str], mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> Arrangement:
    """Put the header's columns in their places.

    `mapping` is theirs to ours, `LEFT_OUT` for none; `fixed` is ours to a value that holds for
    every row. Raises FileRefusedError for names that neither side knows and for what is missing.
    """
    told = by_place(header, mapping)
    check_names(kind, told, fixed)
    places = exact_places(kind, header, told, fixed)
    for place, ours in told.items():
        if ours in kind.names:
            places[ours] = place
    taken = set(places.values())
    extras = {
        told.get(place) or name: place
        for place, name in enumerate(header)
        if name and place not in taken and told.get(place, name) != LEFT_OUT
    }
    arrangement = Arrangement(
        places,
        {name: value for name, value in fixed.items() if name not in WAYS},
        extras if kind.keeps_extras else {},
        way(DECIMAL, fixed),
        way(DAYS, fixed),
    )
    check_complete(kind, arrangement, header)
    return arrangement


def by_place(header: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """What we were told, by place in the file."""
    places = {name.casefold(): place for place, name in enumerate(header)}
    found = {}
    for theirs, ours in mapping.items():
        place = places.get(theirs.strip().casefold())
        if place is None:
            raise FileRefusedError("no_such_column", column=theirs, header=", ".join(header))
        found[place] = ours.strip()
    return found


def check_names(kind: Kind, told: Mapping[int, str], fixed: Mapping[str, str]) -> None:
    """Refuse names of ours that this kind does not have, and two columns for one name."""
    ours = [name for name in told.values() if name]
    known = ", ".join(kind.names)
    for name in ours:
        if name not in kind.names and not kind.keeps_extras:
            raise FileRefusedError("unknown_name", name=name, kind=kind.name, known=known)
        if ours.count(name) > 1:
            raise FileRefusedError("mapped_twice", name=name)
    for name in fixed:
        if name not in kind.names and name not in WAYS:
            raise FileRefusedError("unknown_name", name=name, kind=kind.name, known=known)
        if name in ours:
            raise FileRefusedError("mapped_and_set", name=name)


def exact_places(
    kind: Kind, header: Sequence[str], told: Mapping[int, str], fixed: Mapping[str, str]
) -> dict[str, int]:
    """Columns that bear our own names and are not told or set to be something else."""
    spoken_for = set(told.values()) | set(fixed)
    return {
        name.casefold(): place
        for place, name in enumerate(header)
        if place not in told and name.casefold() in kind.names and name.casefold() not in spoken_for
    }


def way(name: str, fixed: Mapping[str, str]) -> str:
    """How numbers or days are written, as it was declared; empty where it was not."""
    value = fixed.get(name, "").strip().casefold()
    if value and value not in WAYS[name]:
        known = ", ".join(sorted(set(WAYS[name].values())))
        raise FileRefusedError("wrong_fixed_value", name=name, value=value, known=known)
    return WAYS[name].get(value, "")


def check_complete(kind: Kind, arrangement: Arrangement, header: Sequence[str]) -> None:
    """Refuse a file in which a needed column is missing."""
    missing = missing_columns(kind, arrangement)
    if missing:
        raise FileRefusedError(
            "missing_columns", missing=" ".join(missing), header=", ".join(filter(None, header))
        )


def missing_columns(kind: Kind, arrangement: Arrangement) -> list[str]:
    """Names of needed columns that are neither in the file nor set."""
    missing = [c.name for c in kind.columns if c.required and not arrangement.has(c.name)]
    if kind.one_of and not any(arrangement.has(name) for name in kind.one_of):
        missing.append("|".join(kind.one_of))
    return missing


def column(kind: Kind, name: str) -> Column:
    return next(column for column in kind.columns if column.name == name)
