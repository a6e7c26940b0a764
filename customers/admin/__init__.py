"""The administration of facts: what can't be changed elsewhere, and a look at what is recorded."""

from customers.admin import (
    catalogue,
    customers,
    files,
    history,
    mail,
    privacy,
    segments,
    subscriptions,
    work,
)

__all__ = [
    "catalogue",
    "customers",
    "files",
    "history",
    "mail",
    "privacy",
    "segments",
    "subscriptions",
    "work",
]
