"""Which column of a file probably is which of ours, for a person to look at."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from customers.importing.columns import Reads
from customers.importing.kinds import Kind
from customers.importing.registry import KINDS
from customers.importing.synonyms import COLUMNS, PRICES, WHOLE_AMOUNTS

# Letters that have no simpler form in Unicode.
SIMPLER = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d"})


@dataclass(frozen=True)
class Proposal:
    """Our name for each column of the file, empty for none, and values that go with them."""

    columns: tuple[str, ...]
    fixed_values: Mapping[str, str] = field(default_factory=dict)


def simplified(name: str) -> str:
    """A name without case, marks and separators, so that two ways of writing it are equal."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(SIMPLER))
    return "".join(letter for letter in plain if letter.isalnum())


def phrases(text: str) -> list[str]:
    return [simplified(phrase) for phrase in text.split(",")]


WORDS = {name: (simplified(name), *phrases(text)) for name, text in COLUMNS.items()}
# By the name of an amount: the interval that it says, and the columns that are in it already.
SAYS = {simplified(name): (interval, ("interval",)) for name, interval in PRICES.items()} | {
    simplified(name): (interval, ("interval", "quantity"))
    for name, interval in WHOLE_AMOUNTS.items()
}


def propose(kind: Kind, header: Sequence[str], remembered: Mapping[str, str]) -> Proposal:
    """What was meant the last time goes first, then our own names, then other words for them.

    `remembered` is theirs (case folded) to ours. A column that holds a row's whole revenue leaves
    no place for a number of units or an interval: these are in it already.
    """
    names = [simplified(name) for name in header]
    places: dict[str, int] = {}
    for ours, place in candidates(kind, header, names, remembered):
        if ours not in places and place not in places.values():
            places[ours] = place
    fixed = {}
    says = SAYS.get(names[places["amount"]]) if "amount" in places else None
    if says and "interval" in kind.names:
        interval, counted_in = says
        places = {ours: place for ours, place in places.items() if ours not in counted_in}
        fixed["interval"] = interval
    found = {place: ours for ours, place in places.items()}
    return Proposal(tuple(found.get(place, "") for place in range(len(header))), fixed)


def candidates(
    kind: Kind, header: Sequence[str], names: Sequence[str], remembered: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Pairs of our name and a place in the header, the surest first."""
    for place, name in enumerate(header):
        ours = remembered.get(name.casefold(), "")
        if ours in kind.names:
            yield ours, place
    for rank in range(max(len(words) for words in WORDS.values())):
        for ours in kind.names:
            words = WORDS.get(ours, (simplified(ours),))
            if rank < len(words) and words[rank] in names:
                yield ours, names.index(words[rank])


def guess_kind(header: Sequence[str]) -> str:
    """The kind whose columns the header names best; empty when it names none well enough."""
    scores = {name: score(kind, header) for name, kind in KINDS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else ""


def score(kind: Kind, header: Sequence[str]) -> float:
    """How well the header fits: 0 where something needed is missing that can't be set instead."""
    found = {name for name in propose(kind, header, {}).columns if name}
    needed = {c.name for c in kind.columns if c.required and c.reads != Reads.CHOICE}
    if needed - found or (kind.one_of and not found & set(kind.one_of)):
        return 0
    # What few kinds have tells more than what all have; a column left over tells against.
    special = sum(1 / sum(name in other.names for other in KINDS.values()) for name in found)
    return special - 0.01 * (len(header) - len(found))
