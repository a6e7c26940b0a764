"""What a column of ours holds, and how its text is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reads(StrEnum):
    """How a cell's text becomes a value; each has a macro in `sql/reading.sql`."""

    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    MOMENT = "moment"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    CHOICE = "choice"
    CURRENCY = "currency"
    ADDRESS = "address"
    OBJECT = "object"


# The type that holds it while it is staged.
STAGED_AS = {
    Reads.TEXT: "text",
    Reads.DAY: "date",
    Reads.MONTH: "date",
    Reads.MOMENT: "timestamptz",
    Reads.NUMBER: "numeric",
    Reads.WHOLE: "bigint",
    Reads.FLAG: "boolean",
    Reads.CHOICE: "text",
    Reads.CURRENCY: "text",
    Reads.ADDRESS: "text",
    Reads.OBJECT: "jsonb",
}


@dataclass(frozen=True)
class Column:
    """One column of a kind of file.

    `choices` maps what stands in files, in lower case, to what we call it. `open_ended` reads the
    far future (from year 9000) as "no end". A number of either sign is smaller than `below`.
    """

    name: str
    reads: Reads = Reads.TEXT
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 200
    open_ended: bool = False
    below: int = 10**14


def choices(**words: str) -> dict[str, str]:
    """Each value by its own name and by the words for it: `month="monthly mnd"`."""
    found: dict[str, str] = {}
    for value, others in words.items():
        found |= dict.fromkeys([value, *others.split()], value)
    return found
