"""The private link of an offer made to a customer."""

import re
from datetime import UTC

from django.utils.crypto import constant_time_compare

from campaigns.models import Grant
from customers.mail.links import PrivateLink, token_of

PURPOSE = "offer"
NOBODY = "0" * 64  # the nonce that is compared where there is no such offer
WRITTEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})", re.ASCII)


def link_of(grant: Grant) -> PrivateLink:
    """What a mail keeps of it; from its last moment on it opens nothing."""
    return {
        "path": f"/o/{grant.pk}-{{token}}",
        "purpose": PURPOSE,
        "nonce": grant.nonce,
        "until": grant.expires_at.astimezone(UTC).isoformat(),
    }


def path_of(grant: Grant) -> str:
    return f"/o/{grant.pk}-{token_of(PURPOSE, grant.nonce)}"


def find_grant(written: str) -> Grant | None:
    """The offer that a link opens; None for one that nobody has made, after the same work."""
    read = WRITTEN.fullmatch(written)
    pk, token = (int(read[1]), read[2]) if read else (0, "")
    together = ("offer__plan", "customer", "contact")
    grant = Grant.objects.select_related(*together).filter(pk=pk).first()
    right = token_of(PURPOSE, grant.nonce if grant else NOBODY)
    is_right = constant_time_compare(token, right)
    return grant if is_right else None
