"""Links of customers, who came by them, and what a person decides about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.models import Referral, ReferralLink, ReferralProgram
from campaigns.models.referral import has_address, new_code
from campaigns.referral_words import REFUSED
from campaigns.referring import matching
from campaigns.referring.asking import judged
from campaigns.referring.codes import BEFORE, BY_HAND, NO_SIGN_UP
from campaigns.referring.rewarding import reward_due
from campaigns.referring.telling import ask_for_contact
from campaigns.services.checking import CONTROL
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Contact, Customer
from customers.services.ledger import database_clock
from customers.services.tasks import settle_task
from customers.services.traces import Deed, audit, tell

State, By, From = Referral.State, Referral.By, Referral.From
LONGEST = {"name": 200, "company": 300, "email": 254}
FOUND_OUT = (
    "state", "why", "customer", "contact", "matched_at", "matched_how", "matched_by", "refused_at",
    "decided_by", "suggested", "not_them",
)  # fmt: skip
MOST_A_DAY = 200  # by one link: more is a program, and not people


@dataclass(frozen=True)
class Came:
    """Who came by a link, as they or another program say it; `customer` where that is known."""

    name: str = ""
    email: str = ""
    company: str = ""
    language: str = "en"
    came_from: str = From.PAGE
    customer: Customer | None = None


@transaction.atomic
def link_for(
    program: ReferralProgram, customer: Customer, contact: Contact | None = None, *, by: User | None
) -> ReferralLink:
    """The link of a customer, or of one person there; asked for again it is the same one."""
    if contact is not None and contact.customer_id != customer.pk:
        raise RuleError(_("This person works at another customer."), field="contact")
    if not program.is_on:
        raise RuleError(_("This program is off: its links open nothing."), field="program")
    now, key = database_clock(), f"{program.pk}:{customer.pk}:{contact.pk if contact else 0}"
    wanted = {
        "program": program, "customer": customer, "contact": contact, "code": new_code(),
        "made_at": now, "made_by": by,
    }  # fmt: skip
    link, is_new = ReferralLink.objects.get_or_create(key=key, defaults=wanted)
    if is_new:
        audit(Deed("referral_link_made", by, now), link, {"customer": [None, customer.pk]})
    return link


def find_link(code: str) -> ReferralLink | None:
    """The link of a code whose program is on; None for any other."""
    together = ("program__reward__plan", "program__welcome__plan", "customer__owner")
    found = ReferralLink.objects.select_related(*together, "program__responsible")
    link = found.filter(code=code.strip().lower()[:40]).first()
    return link if link is not None and link.program.is_on else None


@transaction.atomic
def refer(link: ReferralLink, came: Came, *, now: datetime, by: User | None = None) -> Referral:
    """Keep who came, once an address and link, with a task to get in touch; match it where it can.

    Raises RuleError for what can't be an address, and for more in a day than people send.
    """
    told = checked(came)
    ReferralLink.objects.select_for_update(no_key=True).get(pk=link.pk)  # one after the other
    known = known_of(link, told)
    if known is not None:
        if told.customer is None or known.state != State.NEW:
            return known
        return confirm(known, told.customer, By.CODE, now=now, by=by)
    lately = link.referrals.filter(at__gt=now - timedelta(days=1)).count()
    if lately >= MOST_A_DAY:
        raise RuleError(_("Too many came by this link today. Try again tomorrow."))
    kept = Referral.objects.create(
        link=link, name=told.name, email=told.email, company=told.company, language=told.language,
        came_from=told.came_from, at=now,
    )  # fmt: skip
    audit(Deed("referral_came", by, now), kept, {"state": [None, kept.state]})
    tell(Deed("referral_came", by, now), link.customer_id)
    if told.customer is not None:
        confirm(kept, told.customer, By.CODE, now=now, by=by)
    else:
        Referral.objects.filter(pk=kept.pk).update(task=ask_for_contact(kept, now=now))
        matching.match_new(now, only=kept.pk)
    kept.refresh_from_db()
    return kept


def known_of(link: ReferralLink, came: Came) -> Referral | None:
    if came.email:
        return link.referrals.filter(has_address(came.email)).first()
    return link.referrals.filter(customer=came.customer).first() if came.customer else None


def checked(came: Came) -> Came:
    """What was said, tidied. Raises RuleError, with its field."""
    told = {
        name: " ".join(CONTROL.sub("", getattr(came, name)).split())[:most]
        for name, most in LONGEST.items()
    }
    if came.customer is None and not told["email"]:
        raise RuleError(_("Write your e-mail address, so that we can answer."), field="email")
    if told["email"]:
        try:
            validate_email(told["email"])
        except ValidationError as error:
            said = _("This is no e-mail address. Look for a slip, such as a missing @.")
            raise RuleError(said, field="email") from error
    spoken = came.language if came.language in dict(settings.LANGUAGES) else "en"
    return Came(**told, language=spoken, came_from=came.came_from, customer=came.customer)


@transaction.atomic
def confirm(
    referral: Referral,
    customer: Customer,
    how: str = By.PERSON,
    *,
    now: datetime,
    by: User | None,
) -> Referral:
    """They became this customer, a person says, or a program by the code.

    Raises RuleError with why it can't be; by a program it is refused, so that it asks once.
    """
    held = hold(referral)
    if held.state == State.REFUSED and held.why in {BY_HAND, NO_SIGN_UP}:
        reopen_row(held)
    if held.state != State.NEW:
        raise RuleError(_("This referral is settled already."))
    code = judged([(held.pk, customer.pk)])[held.pk, customer.pk]
    if code and how == By.PERSON:
        raise RuleError(str(REFUSED[code]), field="customer")
    if code:
        matching.refuse(held, code, now=now, by=by, customer=customer)
        return held
    contact = customer.contacts.filter(email__iexact=held.email).first() if held.email else None
    matching.match(held, matching.Found(customer, how, contact, by), now=now)
    reward_due(now, only=held.pk)
    held.refresh_from_db()
    return held


@transaction.atomic
def refuse(referral: Referral, *, now: datetime, by: User, why: str = BY_HAND) -> Referral:
    """It brings nothing, a person says, with the reason that fits. RuleError once rewarded."""
    held = hold(referral)
    if why not in REFUSED:
        raise RuleError(_("Choose one of the reasons."), field="why")
    if held.state == State.REWARDED:
        raise RuleError(_("It was rewarded already. Take the offer back on the customer's page."))
    matching.refuse(held, why, now=now, by=by)
    if held.task is not None and held.task.done_at is None:
        settle_task(held.task, because="set_aside", by=by)
    return held


@transaction.atomic
def not_them(referral: Referral, *, by: User) -> Referral:
    """The customer that was suggested, or matched, is somebody else: it is open again."""
    held = hold(referral)
    if held.state == State.REWARDED:
        raise RuleError(_("It was rewarded already. Take the offer back on the customer's page."))
    wrong = held.suggested_id or held.customer_id
    if wrong is None:
        return held
    before = [held.state, held.customer_id]
    held.not_them = [*held.not_them, wrong]
    held.suggested = None
    reopen_row(held)
    changes = {"state": [before[0], held.state], "customer": [before[1], None]}
    audit(Deed("referral_not_them", by, database_clock()), held, changes)
    return held


@transaction.atomic
def reopen(referral: Referral, *, by: User) -> Referral:
    """Undo a refusal by a person. What the rules refused, they would refuse again."""
    held = hold(referral)
    if held.state != State.REFUSED:
        raise RuleError(_("It is not refused."))
    if held.decided_by_id is None:
        raise RuleError(str(REFUSED.get(held.why, REFUSED[BY_HAND])))
    why, was_matched = held.why, held.matched_at is not None
    if was_matched:
        match_again(held)
    else:
        reopen_row(held)
    changes = {"state": [State.REFUSED, held.state], "why": [why, ""]}
    audit(Deed("referral_reopened", by, database_clock()), held, changes)
    return held


def match_again(held: Referral) -> None:
    """As it was matched; RuleError where another referral has the customer by now."""
    held.state, held.why, held.refused_at, held.decided_by = State.MATCHED, "", None, None
    try:
        with transaction.atomic():
            held.save(update_fields=["state", "why", "refused_at", "decided_by"])
    except IntegrityError as error:
        raise RuleError(str(REFUSED[BEFORE])) from error


def reopen_row(held: Referral) -> None:
    """As it came: nobody is found yet."""
    held.state, held.why, held.matched_how = State.NEW, "", ""
    held.customer = held.contact = held.matched_by = held.decided_by = None
    held.matched_at = held.refused_at = None
    held.save(update_fields=FOUND_OUT)


def hold(referral: Referral) -> Referral:
    found = Referral.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related(*matching.TOGETHER, "task").get(pk=referral.pk)
