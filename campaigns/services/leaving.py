"""A customer on the way out: a link is made, they say why, accept, stay, or leave.

Each is one transaction that locks the customer's row, then the visit's. Done twice it is done once.
Leaving is never refused because something was accepted before; after leaving nothing is accepted.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.granting import OPEN, local_day
from campaigns.granting import grant as make_offers
from campaigns.leaving.choosing import answer_to, drawn, flow_for
from campaigns.leaving.endings import endings
from campaigns.leaving.evidence import write_step
from campaigns.leaving.jurisdictions import jurisdiction_of
from campaigns.models import CancelFlow, CancelVisit, FlowAnswer, Grant
from campaigns.services.accepting import accept, decline
from campaigns.services.calling import give_call
from campaigns.services.ending import end_all_of
from campaigns.services.undoing import undo_acceptance
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import CancellationReason, Contact, Customer, Subscription
from customers.services.ledger import changed_meanwhile
from customers.services.traces import Deed, audit, tell

State, SavedBy, Kind = CancelVisit.State, CancelVisit.SavedBy, FlowAnswer.Kind
LONGEST_COMMENT, LONGEST_NAME = 5_000, 200


@dataclass(frozen=True)
class Wish:
    """A link that is asked for: for whom, about what, by whom; `key` makes it one."""

    customer: Customer
    contact: Contact | None
    key: str
    subscription: Subscription | None = None
    made_from: str = CancelVisit.From.API
    language: str = ""


@dataclass(frozen=True)
class Told:
    """Why somebody leaves, in what they chose and wrote; all of it may be missing."""

    reason: CancellationReason | None = None
    comment: str = ""
    competitor: str = ""
    missing_feature: str = ""


@dataclass(frozen=True)
class Shown:
    """The page on which a button was pressed, as it was shown; evidence keeps it."""

    page: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def make_visit(wish: Wish, *, now: datetime, by: User | None) -> CancelVisit:
    """A link through which the customer may leave. RuleError where nothing is left to end."""
    check_wish(wish)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=wish.customer.pk)
    known = CancelVisit.objects.filter(key=wish.key).select_related("flow").first()
    if known is not None:
        return known
    flow = flow_for(customer)
    if flow is None:
        raise RuleError(_("No cancel flow is on for this customer. Switch one on."))
    visit = begun(wish, flow, customer, now, by)
    if not endings(visit, local_day(now)):
        raise RuleError(_("Nothing runs that could be cancelled, or it is cancelled already."))
    visit.save(force_insert=True)
    facts = {"law": visit.profile, "most_clicks": visit.most_clicks, "version": flow.version}
    write_step(visit, "made", facts, at=now)
    deed = Deed("cancel_link_made", by, now, {"flow": flow.name, "visit": visit.pk})
    if by is not None and wish.made_from == CancelVisit.From.STAFF:
        tell(deed, customer.pk)
    audit(deed, visit, {"state": [None, visit.state]})
    return visit


def check_wish(wish: Wish) -> None:
    if wish.contact is not None and wish.contact.customer_id != wish.customer.pk:
        raise RuleError(_("This person works at another customer."), field="contact")
    if wish.subscription is not None and wish.subscription.customer_id != wish.customer.pk:
        raise RuleError(_("This subscription is another customer's."), field="subscription")


def begun(
    wish: Wish, flow: CancelFlow, customer: Customer, now: datetime, by: User | None
) -> CancelVisit:
    law = jurisdiction_of(customer.country, flow.profile)
    spoken = wish.language or (wish.contact.language if wish.contact else "")
    return CancelVisit(
        flow=flow,
        customer=customer,
        contact=wish.contact,
        subscription=wish.subscription,
        ends_all=wish.subscription is None,
        key=wish.key,
        nonce=secrets.token_hex(32),
        language=spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        profile=law.key,
        most_clicks=law.most_clicks,
        held_out=drawn(flow, customer),
        made_at=now,
        made_by=by,
        made_from=wish.made_from,
        expires_at=now + timedelta(days=flow.days_open),
    )


@transaction.atomic
def answer(visit: CancelVisit, told: Told, shown: Shown, *, now: datetime) -> CancelVisit:
    """Keep why they leave and find what answers it. Said again, the last word counts.

    One offer is made in a visit, whatever reasons are tried; the held out get none.
    """
    held = hold_open(visit, now)
    if held.state != State.OPEN:
        return held
    reason, found = told.reason, answer_to(held.flow, told.reason)
    held.reason, held.reason_version = reason, reason.versions.first() if reason else None
    held.comment = told.comment.strip()[:LONGEST_COMMENT]
    held.competitor = " ".join(told.competitor.split())[:LONGEST_NAME]
    held.missing_feature = " ".join(told.missing_feature.split())[:LONGEST_NAME]
    held.entered_at = held.entered_at or now
    held.clicks += 1
    held.answer = found.kind if found else ""
    held.planned = found.offer if found else None
    write_step(held, "answered", reason_facts(held) | shown.facts, at=now)
    if found is not None and found.kind == Kind.OFFER and not held.held_out:
        make_offer(held, found, now)
    held.save()
    return held


def reason_facts(visit: CancelVisit) -> dict[str, Any]:
    """What was chosen; the words stay out, so that they can be erased."""
    return {
        "reason": visit.reason.key if visit.reason else None,
        "reason_version": visit.reason_version.version if visit.reason_version else None,
        "wrote": bool(visit.comment),
        "answer": visit.answer,
        "click": visit.clicks,
    }


def make_offer(visit: CancelVisit, found: FlowAnswer, now: datetime) -> None:
    """Make the offer of the reason within its limits; the one of this visit where there is one."""
    if visit.grant is not None or found.offer is None:
        return
    key, people = f"leave:{visit.pk}", [(visit.customer_id, visit.contact_id)]
    why = make_offers(found.offer, people, key=key, now=now).get(visit.customer_id, "")
    grants = Grant.objects.select_related("offer__plan")
    if why == OPEN:
        still = grants.filter(offer=found.offer, customer=visit.customer_id, state="open")
        visit.grant = still.filter(expires_at__gt=now).first()
    elif not why:
        visit.grant = grants.get(key=f"{key}:{visit.customer_id}")
    visit.why_no_offer = "" if visit.grant else why
    facts = {"offer": found.offer_id, "grant": visit.grant_id, "why_not": visit.why_no_offer}
    write_step(visit, "offered" if visit.grant else "not_offered", facts, at=now)


@transaction.atomic
def go_on(visit: CancelVisit, shown: Shown, *, now: datetime) -> CancelVisit:
    """From help on a page of its own to the last page."""
    held = hold_open(visit, now)
    if held.state == State.OPEN:
        held.clicks += 1
        held.save(update_fields=["clicks"])
        write_step(held, "went_on", {"click": held.clicks} | shown.facts, at=now)
    return held


@transaction.atomic
def accept_offer(visit: CancelVisit, shown: Shown, *, now: datetime) -> CancelVisit:
    """Accept what was offered: they stay. RuleError where they have left, or it is over."""
    held = hold_open(visit, now)
    check_not_left(held)
    if held.state == State.SAVED:
        return held
    if held.grant is None:
        raise RuleError(_("There is no offer that you could accept. You can cancel."))
    held.grant = accept(held.grant, now=now)
    return save_visit(held, SavedBy.OFFER, shown, now)


@transaction.atomic
def ask_for_call(visit: CancelVisit, shown: Shown, *, now: datetime) -> CancelVisit:
    """They want to be called first: the owner gets a task."""
    held = hold_open(visit, now)
    check_not_left(held)
    if held.state == State.SAVED:
        return held
    if held.held_out or held.answer != Kind.CALL:
        raise RuleError(_("Nobody can call you about this. You can cancel."))
    held.task = give_call(held, local_day(now))
    return save_visit(held, SavedBy.CALL, shown, now)


@transaction.atomic
def stay(visit: CancelVisit, shown: Shown, *, now: datetime) -> CancelVisit:
    """They keep what they have, with or without the help that was shown."""
    held = hold_open(visit, now)
    check_not_left(held)
    if held.state == State.SAVED:
        return held
    helped = held.answer == Kind.HELP and not held.held_out
    return save_visit(held, SavedBy.HELP if helped else SavedBy.STAYED, shown, now)


def save_visit(visit: CancelVisit, by: str, shown: Shown, now: datetime) -> CancelVisit:
    visit.state, visit.saved_at, visit.saved_by = State.SAVED, now, by
    visit.save(update_fields=["state", "saved_at", "saved_by", "grant", "task"])
    write_step(visit, "saved", {"by": by, "grant": visit.grant_id} | shown.facts, at=now)
    facts = {"flow": visit.flow.name, "visit": visit.pk, "by": by}
    tell(Deed("cancel_visit_saved", None, now, facts), visit.customer_id)
    return visit


@transaction.atomic
def leave(visit: CancelVisit, shown: Shown, *, now: datetime) -> CancelVisit:
    """Cancel: record it with what they said, end what they have on the right day, confirm it.

    What they accepted here before is undone, and what they did not accept is declined.
    """
    held = hold_open(visit, now)
    if held.state == State.LEFT:
        return held
    let_go_of_offer(held, now)
    ends = endings(held, local_day(now))
    if not ends:
        raise RuleError(_("It is cancelled already, or has ended. You need not do anything."))
    held.clicks += 1
    held.state, held.left_at = State.LEFT, now
    held.ends_on = max(each.on for each in ends)
    held.entered_at = held.entered_at or now
    write_step(held, "left", {"click": held.clicks} | shown.facts, at=now)
    held.save()
    end_all_of(held, ends, now=now)
    return held


def let_go_of_offer(visit: CancelVisit, now: datetime) -> None:
    """Undo or decline the visit's offer where that can be done; leaving never waits for it."""
    grant = visit.grant
    if grant is None:
        return
    try:
        with transaction.atomic():
            if grant.state == Grant.State.ACCEPTED:
                visit.grant = undo_acceptance(grant, now=now, by=None)
            elif grant.is_open(now):
                visit.grant = decline(grant, now=now)
    except RuleError as refusal:
        write_step(visit, "offer_stays", {"why": str(refusal)}, at=now)


def hold_open(visit: CancelVisit, now: datetime) -> CancelVisit:
    """The row as it is once the locks are ours. RuleError where the link's days are over."""
    locked = Customer.objects.select_for_update(no_key=True).filter(pk=visit.customer_id).first()
    rows = CancelVisit.objects.select_related(
        "flow", "customer__owner", "contact", "subscription", "reason", "reason_version",
        "grant__offer__plan",
    )  # fmt: skip
    held = rows.select_for_update(of=("self",), no_key=True).filter(pk=visit.pk).first()
    if locked is None or held is None or held.customer_id != locked.pk:
        raise changed_meanwhile()
    if held.state != State.LEFT and held.expires_at <= now:
        raise RuleError(_("The time of this link is over. Ask for another."))
    return held


def check_not_left(visit: CancelVisit) -> None:
    if visit.state == State.LEFT:
        raise RuleError(_("It is cancelled already. Write to us if you want to stay after all."))
