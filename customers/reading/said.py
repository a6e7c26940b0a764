"""Words about departures that stand elsewhere than with them, such as in answers to surveys.

Who keeps such words adds a source, in a module named `listening`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

Words = Iterable[tuple[int, str]]
Said = Mapping[int, list[str]]


@dataclass(frozen=True)
class Source:
    """What was said about departures by their id, and which had something said since being read."""

    words: Callable[[Collection[int]], Words]
    unread: Callable[[], Q]


sources: list[Source] = []


def said_of(departures: Collection[int]) -> Said:
    """What every source knows of these departures; a question a source."""
    said: dict[int, list[str]] = defaultdict(list)
    for source in sources:
        for departure, text in source.words(departures):
            said[departure].append(text)
    return said


def not_read() -> Q:
    """Departures that were never read, or of which something was said since."""
    unread = Q(read_at=None)
    for source in sources:
        unread |= source.unread()
    return unread
