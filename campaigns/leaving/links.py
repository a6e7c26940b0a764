"""The private link of a visit to a cancel flow."""

from datetime import UTC

from django.conf import settings
from django.utils.crypto import constant_time_compare

from campaigns.links import NOBODY, WRITTEN
from campaigns.models import CancelVisit
from customers.mail.links import PrivateLink, token_of

PURPOSE = "cancel"


def link_of(visit: CancelVisit) -> PrivateLink:
    """What a mail keeps of it; from its last moment on it opens nothing."""
    return {
        "path": f"/c/{visit.pk}-{{token}}",
        "purpose": PURPOSE,
        "nonce": visit.nonce,
        "until": visit.expires_at.astimezone(UTC).isoformat(),
    }


def path_of(visit: CancelVisit) -> str:
    return f"/c/{visit.pk}-{token_of(PURPOSE, visit.nonce)}"


def address_of(visit: CancelVisit) -> str:
    return settings.BASE_URL + path_of(visit)


def find_visit(written: str) -> CancelVisit | None:
    """The visit that a link opens; None for one that nobody has made, after the same work."""
    read = WRITTEN.fullmatch(written)
    pk, token = (int(read[1]), read[2]) if read else (0, "")
    together = ("flow", "customer", "contact", "reason", "subscription", "grant__offer__plan")
    visit = CancelVisit.objects.select_related(*together).filter(pk=pk).first()
    right = token_of(PURPOSE, visit.nonce if visit else NOBODY)
    return visit if constant_time_compare(token, right) else None
