"""Make segments, change them, freeze who is in them, and put them away.

No two that are in use have the same name. What is asked for twice is done once.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.filters import segment as chosen_by
from customers.models import Customer, Segment, SegmentMember
from customers.segments import contacts_at, members
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_QUERY = 200, 5_000, 10_000
FREEZE = """
    INSERT INTO customers_segmentmember (segment_id, customer_id)
    SELECT %s, chosen.id FROM ({}) AS chosen (id)
"""


@dataclass(frozen=True)
class SegmentDetails:
    """What a person says of a segment; the queries as `Segment` keeps them."""

    name: str
    query: str
    description: str = ""
    contact_query: str = ""


@transaction.atomic
def make_segment(details: SegmentDetails, *, by: User | None) -> Segment:
    """A segment that always has who meets its conditions.

    “Me” in them becomes whoever makes it. Raises RuleError for a name that another has, for no
    conditions, and for conditions that can't be read.
    """
    given = tidied(details, by)
    check_conditions(given, (), by)
    now = database_clock()
    fields = {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
    segment = _named(Segment(**asdict(given), **fields))
    _tell(segment, "segment_made", by, {name: [None, said] for name, said in asdict(given).items()})
    return segment


@transaction.atomic
def change_segment(
    segment: Segment, details: SegmentDetails, *, by: User | None, seen: datetime | None = None
) -> Segment:
    """Say it otherwise. `seen` is when the version was changed that the person had before them.

    Raises RuleError as `make_segment` does, for a segment that chooses among its own members, where
    somebody else was quicker, and for other conditions of a frozen one.
    """
    _hold(segment)
    if seen and seen != segment.changed_at:
        raise RuleError(
            _("Somebody else changed this segment while you were writing. Open it again.")
        )
    given = tidied(details, by)
    was = {name: getattr(segment, name) for name in asdict(given)}
    changes = {name: [was[name], said] for name, said in asdict(given).items() if was[name] != said}
    if not changes:
        return segment
    if "query" in changes and segment.frozen_at:
        raise RuleError(_("Its members are frozen. Thaw it before you change its conditions."))
    check_conditions(given, (segment.pk,), by)
    for name, said in asdict(given).items():
        setattr(segment, name, said)
    _touch(segment, by)
    _named(segment)
    _tell(segment, "segment_changed", by, changes)
    return segment


@transaction.atomic
def copy_segment(segment: Segment, *, by: User | None) -> Segment:
    """Another one with the same conditions, not frozen, under a name that is free."""
    first = _("Copy of %(name)s") % {"name": segment.name}
    taken = {name.lower() for name in Segment.objects.in_use().values_list("name", flat=True)}
    names = (f"{first[: LONGEST_NAME - 8]} {number}" for number in range(2, len(taken) + 3))
    free = (name for name in (first[:LONGEST_NAME], *names) if name.lower() not in taken)
    details = SegmentDetails(next(free), segment.query, segment.description, segment.contact_query)
    return make_segment(details, by=by)


@transaction.atomic
def freeze_segment(segment: Segment, *, by: User | None) -> Segment:
    """Keep the members that it has now; who meets the conditions later does not come in."""
    _hold(segment)
    if segment.frozen_at:
        return segment
    chosen, values = members(segment).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(chosen), [segment.pk, *values])
        count = cursor.rowcount
    segment.frozen_at = _touch(segment, by)
    segment.save()
    told = {"frozen_at": [None, segment.frozen_at.isoformat()], "members": [None, count]}
    _tell(segment, "segment_frozen", by, told)
    return segment


@transaction.atomic
def thaw_segment(segment: Segment, *, by: User | None) -> Segment:
    """Let it have who meets its conditions again; who was in it is no longer kept."""
    _hold(segment)
    if segment.frozen_at is None:
        return segment
    was, segment.frozen_at = segment.frozen_at, None
    _touch(segment, by)
    segment.save()
    left = SegmentMember.objects.filter(segment=segment)
    told = {"frozen_at": [was.isoformat(), None], "members": [left.count(), None]}
    left._raw_delete(left.db)  # noqa: SLF001  a million rows at once; nothing points at them
    _tell(segment, "segment_thawed", by, told)
    return segment


@transaction.atomic
def archive_segment(segment: Segment, *, by: User | None) -> Segment:
    """Offer it nowhere; where it is in use it goes on meaning the same."""
    _hold(segment)
    if segment.archived_at:
        return segment
    segment.archived_at = _touch(segment, by)
    segment.save()
    _tell(segment, "segment_archived", by, {"archived_at": [None, segment.archived_at.isoformat()]})
    return segment


@transaction.atomic
def bring_back_segment(segment: Segment, *, by: User | None) -> Segment:
    """Offer an archived one again. Raises RuleError where another has its name by now."""
    _hold(segment)
    if segment.archived_at is None:
        return segment
    was, segment.archived_at = segment.archived_at, None
    _touch(segment, by)
    _named(segment)
    _tell(segment, "segment_brought_back", by, {"archived_at": [was.isoformat(), None]})
    return segment


def tidied(details: SegmentDetails, by: User | None) -> SegmentDetails:
    """The same in a stable order, less what says nothing. Raises RuleError for what is too long."""
    name = " ".join(details.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RuleError(
            _("Give it a name of at most %(most)s letters.") % {"most": LONGEST_NAME}, field="name"
        )
    if len(details.description) > LONGEST_DESCRIPTION:
        raise RuleError(
            _("At most %(most)s letters.") % {"most": LONGEST_DESCRIPTION}, field="description"
        )
    return replace(
        details,
        name=name,
        description=details.description.strip(),
        query=tidied_query(details.query, by),
        contact_query=tidied_query(details.contact_query, by),
    )


def tidied_query(query: str, by: User | None) -> str:
    """Names in order, without those left blank; `owner=me` means the same to everyone from now."""
    asked, kept = QueryDict(query.strip().removeprefix("?")), QueryDict(mutable=True)
    for name in sorted(asked):
        values = dict.fromkeys(value for value in asked.getlist(name) if value)
        if name == "owner" and by is not None:
            values = dict.fromkeys(str(by.pk) if value == "me" else value for value in values)
        if values:
            kept.setlist(name, list(values))
    return kept.urlencode()


def check_conditions(given: SegmentDetails, within: tuple[int, ...], by: User | None) -> None:
    """Raise RuleError for conditions that can't be read, or that are none."""
    if not given.query:
        raise RuleError(_("Choose at least one condition."), field="query")
    if max(len(given.query), len(given.contact_query)) > LONGEST_QUERY:
        raise RuleError(_("That is more conditions than can be kept."), field="query")
    try:
        chosen_by(given.query, Customer.objects.all(), user=by, within=within)
    except RuleError as error:
        raise RuleError(error.message, field="query") from error
    try:
        contacts_at(Customer.objects.none(), given.contact_query)
    except RuleError as error:
        raise RuleError(error.message, field="contact_query") from error


def _hold(segment: Segment) -> None:
    """Whoever changes this one waits here."""
    if not Segment.objects.select_for_update(no_key=True).filter(pk=segment.pk).exists():
        raise RuleError(_("This segment is no longer there."))
    segment.refresh_from_db()


def _touch(segment: Segment, by: User | None) -> datetime:
    now = database_clock()
    segment.changed_at, segment.changed_by = now, by
    return now


def _named(segment: Segment) -> Segment:
    """Save it, unless another that is in use has its name."""
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        raise RuleError(
            _("Another segment is called %(name)s.") % {"name": segment.name}, field="name"
        ) from error
    return segment


def _tell(segment: Segment, verb: str, by: User | None, changes: dict[str, Any]) -> None:
    audit(Deed(verb, by, database_clock()), segment, changes)
