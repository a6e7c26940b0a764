"""Keep what words and behaviour suggest, until a person confirms it or says otherwise."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from churnapp.models import Organisation
from customers.models import (
    Cancellation,
    CancellationReason,
    ReasonCategory,
    ReasonKind,
    ReasonVersion,
    ReasonView,
    RiskFlag,
)
from customers.reading.said import Said, not_read, said_of
from customers.reading.signs import SIGNS, sign_of
from customers.reading.words import Reader, lines_of

READ = (ReasonKind.TEXT, ReasonKind.BEHAVIOUR)
MOST = 5_000  # in one night; the next night goes on
TOGETHER = 500


@dataclass(frozen=True)
class Suggestion:
    """A reason with what speaks for it."""

    reason: int
    evidence: dict[str, list[Any]]


def read_unread(*, now: datetime) -> int:
    """Read those never read so far, or said more of since, or by an older list; how many."""
    stale = not_read() | Q(read_at__lt=list_changed_at())
    unread = Cancellation.objects.in_force().filter(stale).order_by("-pk")[:MOST]
    done = 0
    for some in batched(unread, TOGETHER):
        read_departures(some, now=now)
        done += len(some)
    return done


def list_changed_at() -> datetime:
    """When a reason was last added, worded otherwise, merged or retired."""
    worded = ReasonVersion.objects.aggregate(last=Max("recorded_at"))["last"]
    retired = CancellationReason.objects.aggregate(last=Max("retired_at"))["last"]
    return max(moment or datetime.min.replace(tzinfo=UTC) for moment in (worded, retired))


@transaction.atomic
def read_departures(
    departures: Sequence[Cancellation], *, now: datetime, said: Said | None = None
) -> None:
    """Renew what is suggested for departures; what a person confirmed or turned down stays so.

    `said` is what was said of them elsewhere, where the caller knows; else it is asked for.
    """
    ids = [gone.pk for gone in departures]
    # One at a time, in the same order: the night and an answer may read the same departure.
    list(Cancellation.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    standing, wrong = views_of(ids)
    versions = usable_versions()
    old, new = [], []
    for gone, kind, suggestion in suggestions(
        departures, versions, said_of(ids) if said is None else said
    ):
        view = standing.get((gone.pk, kind))
        is_wrong = suggestion and (gone.pk, kind, suggestion.reason) in wrong
        found = None if is_wrong else suggestion
        if view and (not view.suggested or (found and view.reason_id == found.reason)):
            continue
        if view:
            old.append(view.pk)
        if found:
            new.append(view_of(gone, kind, found, versions[found.reason], now))
    ReasonView.objects.filter(pk__in=old).update(superseded_at=now)
    ReasonView.objects.bulk_create(new)
    Cancellation.objects.filter(pk__in=ids).update(read_at=now)


def views_of(
    departures: Sequence[int],
) -> tuple[dict[tuple[int, str], ReasonView], set[tuple[int, str, int]]]:
    """What stands by departure and kind, and the reasons that a person said are wrong."""
    standing, wrong = {}, set()
    told = Q(superseded_at=None) | Q(turned_down=True)
    for view in ReasonView.objects.filter(told, cancellation__in=departures, kind__in=READ):
        if view.turned_down:
            wrong.add((view.cancellation_id, view.kind, view.reason_id))
        else:
            standing[view.cancellation_id, view.kind] = view
    return standing, wrong


def usable_versions() -> dict[int, ReasonVersion]:
    """How each reason in use is worded now; one that says nothing is never suggested."""
    newest = ReasonVersion.objects.filter(
        reason__retired_at=None, reason__merged_into=None
    ).order_by("reason_id", "-version")
    found = newest.distinct("reason_id").select_related("reason")
    return {one.reason_id: one for one in found if one.category != ReasonCategory.UNSORTED}


def suggestions(
    departures: Sequence[Cancellation], versions: Mapping[int, ReasonVersion], said: Said
) -> Iterator[tuple[Cancellation, str, Suggestion | None]]:
    reader = Reader({pk: lines_of(one.reason.key, one) for pk, one in versions.items()})
    by_key = {version.reason.key: pk for pk, version in versions.items()}
    flags = flags_of(departures)
    zone = Organisation.current().zone if flags else UTC  # without warnings there is no day to tell
    for gone in departures:
        read = reader.read(" ".join([gone.their_words, *said.get(gone.pk, [])]))
        yield gone, ReasonKind.TEXT, Suggestion(read[0], {"words": read[1]}) if read else None
        seen = sign_of(gone, flags[gone.customer_id], by_key, zone)
        yield gone, ReasonKind.BEHAVIOUR, Suggestion(seen[0], {"flags": seen[1]}) if seen else None


def flags_of(departures: Sequence[Cancellation]) -> dict[int, list[RiskFlag]]:
    customers = {gone.customer_id for gone in departures}
    flags: dict[int, list[RiskFlag]] = defaultdict(list)
    told = RiskFlag.objects.filter(customer__in=customers, rule__key__in=SIGNS)
    for flag in told.select_related("rule"):
        flags[flag.customer_id].append(flag)
    return flags


def view_of(
    gone: Cancellation, kind: str, found: Suggestion, version: ReasonVersion, now: datetime
) -> ReasonView:
    return ReasonView(
        cancellation=gone,
        kind=kind,
        reason_id=found.reason,
        reason_version=version,
        recorded_at=now,
        suggested=True,
        evidence=found.evidence,
    )
