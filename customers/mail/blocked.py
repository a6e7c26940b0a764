"""Contacts whose address gets no mail: found by trying each, since only we have the key."""

import hmac
from collections.abc import Collection
from hashlib import sha256

from django.conf import settings
from django.db.models import QuerySet
from django.utils.encoding import force_bytes

from customers.mail.suppression import SALT
from customers.models import Contact, Suppression


def standing_hmacs(reason: str = "") -> set[str]:
    """The HMACs of all addresses that get no mail, or only less, for one reason or any."""
    standing = Suppression.objects.filter(lifted_at=None)
    if reason:
        standing = standing.filter(reason=reason)
    return set(standing.values_list("address_hmac", flat=True))


def blocked(contacts: QuerySet[Contact], hmacs: Collection[str]) -> dict[int, str]:
    """Of these contacts, those with an address of these HMACs, and which: one pass over them all.

    The database never gets the key, so it can't be asked.
    """
    if not hmacs:
        return {}
    addresses = contacts.order_by().values_list("pk", "email")
    keyed = hmac.new(_key(), digestmod=sha256)
    found = {}
    for pk, address in addresses.iterator(chunk_size=10_000):
        digest = keyed.copy()
        digest.update(address.strip().lower().encode())
        if (named := digest.hexdigest()) in hmacs:
            found[pk] = named
    return found


def _key() -> bytes:
    """The key that `salted_hmac` makes of the salt and the server's secret, made once a look."""
    return sha256(force_bytes(SALT) + force_bytes(settings.SECRET_KEY)).digest()
