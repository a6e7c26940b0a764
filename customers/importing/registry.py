"""Every kind of file, by name."""

from customers.importing import (
    cancellations,
    contacts,
    customers,
    features,
    interactions,
    payments,
    rates,
    spend,
    subscriptions,
    usage,
)
from customers.importing.kinds import Kind

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
    )
}
