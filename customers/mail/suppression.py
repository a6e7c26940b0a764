"""Addresses that get no mail any more, known by an HMAC that survives the person's erasure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from churnapp.models import AuditEvent
from customers.mail.reasons import NO_RELAY, OUT_OF_REACH
from customers.models import Erasure, MailEvent, OutgoingEmail, Suppression

Reason = Suppression.Reason
SALT = "churnapp.suppression"
# A graver reason takes the place of another: what may be lifted must not hide what may not.
GRAVITY: dict[str, int] = {Reason.COMPLAINT: 1, Reason.ERASED: 2}
SOFT_BOUNCES, WITHIN = 5, timedelta(days=30)
# Failures that say nothing of it: the server was away, or takes no mail from us.
NOT_OF_THE_ADDRESS = (OUT_OF_REACH, NO_RELAY)


def address_hmac(address: str) -> str:
    """What we keep of an address; the case of its letters makes no difference."""
    plain = address.strip().lower()
    return salted_hmac(SALT, plain, algorithm="sha256").hexdigest()


def suppress(
    address: str, reason: str, *, purpose: str = "", mail: OutgoingEmail | None = None
) -> bool:
    """No mail to `address` any more, or none of `purpose`; False where it was so already.

    A graver reason than the one that stands takes its place.
    """
    return suppress_hmac(address_hmac(address), reason, purpose=purpose, mail=mail)


@transaction.atomic
def suppress_hmac(
    hmac: str, reason: str, *, purpose: str = "", mail: OutgoingEmail | None = None
) -> bool:
    """As `suppress`, for an address that we know by its HMAC alone."""
    found = Suppression.objects.filter(address_hmac=hmac, purpose=purpose, lifted_at=None)
    is_new = False
    # Whoever is faster, and whoever lifts it meanwhile: in the end a row stands and is held.
    while (standing := found.select_for_update(no_key=True).first()) is None:
        row = Suppression(address_hmac=hmac, purpose=purpose, reason=reason, mail=mail)
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
        is_new = True
    if GRAVITY.get(reason, 0) <= GRAVITY.get(standing.reason, 0):
        return is_new
    found.update(reason=reason, mail=mail or standing.mail_id)
    AuditEvent.objects.create(
        verb="suppression_graver",
        object_kind="suppression",
        object_id=standing.pk,
        changes={"reason": [standing.reason, reason]},
    )
    return True


def was_erased(hmac: str) -> bool:
    """Whether the person of that address was erased: then nothing lets mail go there again."""
    return Erasure.objects.filter(address_hmac=hmac).exists()


def is_suppressed(address: str, purpose: str) -> str:
    """The reason why `address` gets no mail of `purpose`, or "" where it does."""
    standing = Suppression.objects.filter(
        Q(purpose="") | Q(purpose=purpose), address_hmac=address_hmac(address), lifted_at=None
    )
    return standing.order_by("purpose", "pk").values_list("reason", flat=True).first() or ""


def stopped(mails: Iterable[OutgoingEmail]) -> set[int]:
    """Of these mails, the keys of those whose address gets no mail of their purpose any more."""
    sought = {mail.pk: (address_hmac(mail.to_email), mail.purpose) for mail in mails}
    hmacs = {hmac for hmac, _purpose in sought.values()}
    rows = Suppression.objects.filter(address_hmac__in=hmacs, lifted_at=None) if hmacs else ()
    standing = {(row.address_hmac, row.purpose) for row in rows}
    return {
        pk for pk, (hmac, purpose) in sought.items() if standing & {(hmac, ""), (hmac, purpose)}
    }


def is_hmac_suppressed(hmac: str, purpose: str) -> bool:
    """Whether mail of `purpose` goes to the address of that HMAC no more, for any reason."""
    return Suppression.objects.filter(
        Q(purpose="") | Q(purpose=purpose), address_hmac=hmac, lifted_at=None
    ).exists()


def lift(address: str, *, purpose: str = "", reason: str | None = None) -> int:
    """Let mail of `purpose` go to `address` again; gives how many rows that lifted."""
    return lift_hmac(address_hmac(address), purpose=purpose, reason=reason)


def lift_hmac(hmac: str, *, purpose: str = "", reason: str | None = None) -> int:
    """As `lift`, by HMAC; with a `reason` only what stands for it."""
    standing = Suppression.objects.filter(address_hmac=hmac, purpose=purpose, lifted_at=None)
    if reason:
        standing = standing.filter(reason=reason)
    return standing.update(lifted_at=Now())


def suppress_hard_bounce(mail: OutgoingEmail) -> None:
    """The address does not exist: no mail of any kind."""
    suppress(mail.to_email, Reason.HARD_BOUNCE, mail=mail)


def note_soft_bounce(mail: OutgoingEmail, *, now: datetime) -> None:
    """The fifth mail in thirty days that came back or would not go is the last."""
    since = now - WITHIN
    failed = Q(state__in=(OutgoingEmail.State.FAILED, OutgoingEmail.State.BOUNCED))
    failed &= ~Q(error_code__in=NOT_OF_THE_ADDRESS)
    deferred = Q(pk__in=MailEvent.objects.filter(kind="deferred").values("mail"))
    arrived = Q(state__in=(OutgoingEmail.State.DELIVERED, OutgoingEmail.State.COMPLAINED))
    lately = OutgoingEmail.objects.filter(to_email__iexact=mail.to_email, changed_at__gte=since)
    if lately.filter(failed | (deferred & ~arrived)).count() >= SOFT_BOUNCES:
        suppress(mail.to_email, Reason.SOFT_BOUNCES, mail=mail)
