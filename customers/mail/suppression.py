"""Addresses that get no mail any more, known by a keyed hash that outlives the person's erasure."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from customers.models import OutgoingEmail, Suppression


def address_hmac(address: str) -> str:
    """What is stored of an address; the same for any spelling of its letters' case."""
    plain = address.strip().lower()
    return salted_hmac("churnapp.suppression", plain, algorithm="sha256").hexdigest()


def suppress(
    address: str, reason: str, *, purpose: str = "", mail: OutgoingEmail | None = None
) -> Suppression:
    """No mail of `purpose` (empty: of any) to an address any more. Safe to repeat."""
    found, _made = Suppression.objects.get_or_create(
        address_hmac=address_hmac(address),
        purpose=purpose,
        lifted_at=None,
        defaults={"reason": reason, "mail": mail},
    )
    return found


def lift(address: str, *, purpose: str = "", reasons: Iterable[str] = ()) -> int:
    """Let mail go to an address again; with `reasons` only where it was for one of these."""
    standing = Suppression.objects.filter(
        address_hmac=address_hmac(address), purpose=purpose, lifted_at=None
    )
    if reasons:
        standing = standing.filter(reason__in=list(reasons))
    return standing.update(lifted_at=timezone.now())


def why_suppressed(address: str, purpose: str) -> str:
    """The reason that stands against mail of a purpose to an address; empty for none."""
    standing = Suppression.objects.filter(
        Q(purpose="") | Q(purpose=purpose), address_hmac=address_hmac(address), lifted_at=None
    )
    return standing.order_by("pk").values_list("reason", flat=True).first() or ""
