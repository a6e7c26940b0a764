"""The competitor or the feature that an answer names beside its reason.

Where a name came from stands in the evidence of the view that was stated by then, as
`{"named": {"competitor": ["Acme", "response:12"]}}`: so an answer that is changed takes its own
name along, and what a colleague wrote stays.
"""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction

from customers.models import Cancellation, CancellationReason, ReasonKind, ReasonVersion
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

LONGEST_NAME = 200
NAMED = "named"
FIELD_OF: dict[str, str] = {
    ReasonVersion.Asks.COMPETITOR: "competitor",
    ReasonVersion.Asks.FEATURE: "missing_feature",
}


@transaction.atomic
def name_what_was_asked(
    cancellation: Cancellation, reason: CancellationReason, text: str, *, source: str
) -> None:
    """Keep what an answer names, in place of what answers named before.

    What it named itself and names no longer goes; what a colleague wrote stays.
    """
    version = reason.versions.first()
    field = FIELD_OF.get(version.asks, "") if version else ""
    name = text.strip()[:LONGEST_NAME]
    held = Cancellation.objects.select_for_update(no_key=True).get(pk=cancellation.pk)
    named = {field: name} if field and name else {}
    told = names_told(held)
    changes = changes_of(held, named, source, told)
    write_names(held, changes)
    came = {
        field: [name, source]
        for field, name in named.items()
        if field in changes or told.get((field, getattr(held, field)))
    }
    view = held.views.standing().filter(kind=ReasonKind.STATED).first() if came else None
    if view is not None:
        view.evidence = view.evidence | {NAMED: view.evidence.get(NAMED, {}) | came}
        view.save(update_fields=["evidence"])


def unname(cancellation: Cancellation, source: str) -> None:
    """Forget what a source named, on a cancellation that is held.

    What the answer that is stated now had named stands again.
    """
    told = names_told(cancellation)
    view = cancellation.views.standing().filter(kind=ReasonKind.STATED).first()
    others = view.evidence.get(NAMED, {}) if view else {}
    again = {field: name for field, (name, came) in others.items() if came != source}
    named = {field: getattr(cancellation, field) for field in FIELD_OF.values()}
    changes = {
        field: [name, again.get(field, "")]
        for field, name in named.items()
        if source in told.get((field, name), ())
    }
    write_names(cancellation, changes)


Told = Mapping[tuple[str, str], set[str]]


def names_told(cancellation: Cancellation) -> Told:
    """The answers that named something, by field and name."""
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    views = cancellation.views.filter(evidence__has_key=NAMED)
    for evidence in views.values_list("evidence", flat=True):
        for field, (name, source) in evidence[NAMED].items():
            told[field, name].add(source)
    return told


def changes_of(
    cancellation: Cancellation, named: Mapping[str, str], source: str, told: Told
) -> dict[str, list[str]]:
    """Before and after by field, where an answer may change it."""
    changes = {}
    for field in FIELD_OF.values():
        was, now = getattr(cancellation, field), named.get(field, "")
        sources = told.get((field, was), set())
        if was != now and (not was or source in sources or (now and sources)):
            changes[field] = [was, now]
    return changes


def write_names(cancellation: Cancellation, changes: Mapping[str, list[str]]) -> None:
    """Write them on a cancellation that is held."""
    if not changes:
        return
    for field, (_was, now) in changes.items():
        setattr(cancellation, field, now)
    cancellation.save(update_fields=list(changes))
    audit(Deed("cancellation_amended", None, database_clock()), cancellation, dict(changes))
