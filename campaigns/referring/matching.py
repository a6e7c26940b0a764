"""Find out who came of a referral: by their very address by itself, else as a suggestion.

Each change is a compare-and-set on one row: repeated, or done by two at once, it is done once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import IntegrityError, transaction

from campaigns.models import Referral
from campaigns.referring.asking import ask, judged
from campaigns.referring.codes import BEFORE, NO_SIGN_UP
from campaigns.referring.telling import welcome
from churnapp.models import User
from customers.models import Contact, Customer
from customers.services.traces import Deed, audit, tell

State, By = Referral.State, Referral.By
LIKENESS = 0.5  # of two names, as trigrams have it
GRACE = timedelta(days=7)  # an import may bring somebody a little after they signed up
TOGETHER = ("link__program__reward", "link__program__welcome", "link__customer")


@dataclass(frozen=True)
class Found:
    """Which customer somebody became, how that was found out, and whom we know there by."""

    customer: Customer
    how: str
    contact: Contact | None = None
    by: User | None = None


def match_new(now: datetime, *, only: int | None = None) -> int:
    """Match or refuse referrals whose address a customer has, suggest others; how many changed."""
    changed = match_addresses(now, only) + suggest(only)
    return changed + (give_up(now) if only is None else 0)


def match_addresses(now: datetime, only: int | None = None) -> int:
    """Of several customers with the address, one that may be them goes before one that can't."""
    found = ask("by_address", only=only)
    codes = judged([(referral, customer) for referral, customer, _contact in found])
    changed = 0
    for key, rows in groupby(found, key=lambda row: row[0]):
        candidates = list(rows)
        best = min(candidates, key=lambda row: bool(codes[row[0], row[1]]))
        code = codes[key, best[1]]
        referral = Referral.objects.select_related(*TOGETHER).get(pk=key)
        customer = Customer.objects.get(pk=best[1])
        if code:
            changed += refuse(referral, code, now=now, customer=customer)
        else:
            contact = Contact.objects.get(pk=best[2])
            changed += match(referral, Found(customer, By.EMAIL, contact), now=now)
    return changed


def suggest(only: int | None = None) -> int:
    """Propose the likeliest customer that may be them; a person says whether it is."""
    found = ask("alike", only=only, likeness=LIKENESS)
    codes = judged(found)
    changed = 0
    for key, rows in groupby(found, key=lambda row: row[0]):
        fit = next((customer for _key, customer in rows if not codes[key, customer]), None)
        if fit is not None:
            new = Referral.objects.filter(pk=key, state=State.NEW).exclude(suggested=fit)
            changed += new.update(suggested=fit)
    return changed


def give_up(now: datetime) -> int:
    """Refuse those who did not sign up in time."""
    late = Referral.objects.filter(state=State.NEW, suggested=None, at__lt=now - GRACE)
    changed = 0
    for referral in late.select_related(*TOGETHER).iterator(chunk_size=500):
        if referral.sign_up_until() + GRACE < now:
            changed += refuse(referral, NO_SIGN_UP, now=now)
    return changed


@transaction.atomic
def match(referral: Referral, found: Found, *, now: datetime) -> bool:
    """They became this customer: from now on it counts what it pays. Whether it is new.

    Who asks has judged it. Where another referral of the customer was faster, this one is refused.
    """
    values = {
        "state": State.MATCHED, "why": "", "customer": found.customer, "contact": found.contact,
        "suggested": None, "matched_at": now, "matched_how": found.how, "matched_by": found.by,
    }  # fmt: skip
    try:
        with transaction.atomic():
            open_ones = Referral.objects.filter(pk=referral.pk, state=State.NEW)
            is_new = bool(open_ones.update(**values))
    except IntegrityError:
        return refuse(referral, BEFORE, now=now, by=found.by)
    if not is_new:
        return False
    referral.refresh_from_db()
    customer = found.customer
    deed = Deed("referral_matched", found.by, now, {"name": referral.link.customer.name})
    tell(deed, customer.pk)
    audit(deed, referral, {"state": [State.NEW, State.MATCHED], "customer": [None, customer.pk]})
    welcome(referral, now=now)
    return True


@transaction.atomic
def refuse(
    referral: Referral,
    why: str,
    *,
    now: datetime,
    by: User | None = None,
    customer: Customer | None = None,
) -> bool:
    """It brings nothing, for a reason; whether it was open until now."""
    values = {"state": State.REFUSED, "why": why, "refused_at": now, "decided_by": by}
    if customer is not None:
        values["customer"] = customer
    before = referral.state
    if not Referral.objects.filter(pk=referral.pk, state__in=OPEN).update(**values):
        return False
    referral.refresh_from_db()
    deed = Deed("referral_refused", by, now, {"why": why})
    audit(deed, referral, {"state": [before, State.REFUSED], "why": ["", why]})
    return True


OPEN: Iterable[str] = (State.NEW, State.MATCHED)
