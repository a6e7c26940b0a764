"""Every kind of file, by name: ours, and those that higher apps register when they are loaded."""

from customers.importing import (
    cancellations,
    contacts,
    customers,
    features,
    hanging,
    interactions,
    mentions,
    payments,
    rates,
    spend,
    subscriptions,
    usage,
)
from customers.importing.kinds import Kind, Rows

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        customers,
        contacts,
        subscriptions,
        cancellations,
        usage,
        spend,
        interactions,
        rates,
        features,
        payments,
        mentions,
    )
}


def register(kind: Kind, *rows: Rows) -> None:
    """Add a kind of a higher app, with its tables in the order in which an undo goes through them.

    An app's module `importing` calls this; it is found by its name when Django starts.
    """
    KINDS[kind.name] = kind
    for table in rows:
        hanging.know(table)
