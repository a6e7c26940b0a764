"""Deeds done at the same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from churnapp.common.errors import RuleError


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed gave or raised as RuleError, all begun at the same moment."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return deed()
        except RuleError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refused(results: list[object]) -> list[RuleError]:
    return [result for result in results if isinstance(result, RuleError)]
