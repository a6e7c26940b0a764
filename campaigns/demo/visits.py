"""Visits to the cancel flow as rows: each step of them with its sum, as evidence needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Q

from campaigns.demo.cast import Cast
from campaigns.effects.drawing import is_held_out
from campaigns.granting import grant as make_offers
from campaigns.leaving.choosing import answer_to
from campaigns.leaving.evidence import sum_of
from campaigns.leaving.jurisdictions import jurisdiction_of
from campaigns.models import CancelFlow, CancelVisit, FlowAnswer, Grant, Offer, VisitStep
from customers.demo.lives import Departure
from customers.models import Cancellation, CancellationReason, Contact, Interaction, Task
from feedback.inviting.addressees import ROLES

Kind, SavedBy, State = FlowAnswer.Kind, CancelVisit.SavedBy, CancelVisit.State
SAYS_WHY, HELD_OUT_STAYS, GOES_AWAY = 0.85, 0.45, 0.12
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Going:
    """One customer at the way out at a moment, over what; with a departure they left."""

    customer: int
    at: datetime
    reason: str
    dice: Random
    departure: Departure | None = None


@dataclass
class Porter:
    """Makes the rows of visits, one after the other."""

    cast: Cast
    flow: CancelFlow
    reasons: dict[str, CancellationReason]
    people: dict[int, Contact]
    gone: dict[tuple[int, Any], Cancellation]

    @classmethod
    def of(cls, cast: Cast, flow: CancelFlow) -> "Porter":
        people: dict[int, Contact] = {}
        there = Contact.objects.filter(Q(left_on=None), customer__in=cast.lives)
        for person in sorted(there, key=lambda one: (ROLES.index(one.role), one.pk), reverse=True):
            people[person.customer_id] = person
        gone = Cancellation.objects.filter(customer__in=cast.lives, withdrawn_at=None)
        return cls(
            cast,
            flow,
            {one.key: one for one in CancellationReason.objects.prefetch_related("versions")},
            people,
            {(one.customer_id, one.effective_on): one for one in gone},
        )

    def receive(self, going: Going) -> CancelVisit | None:
        """The visit, kept; None where a held-out customer would have left over nothing shown."""
        held_out = is_held_out(self.flow.salt, going.customer, self.flow.holdout_percent)
        if held_out and going.departure is None and going.dice.random() > HELD_OUT_STAYS:
            return None
        visit = self.begun(going, held_out=held_out)
        steps = [("made", {"law": visit.profile, "most_clicks": visit.most_clicks, "version": 1})]
        goes_away = going.departure is None and going.dice.random() < GOES_AWAY
        if goes_away:
            is_over = visit.expires_at < self.cast.world.now
            visit.state = State.EXPIRED if is_over else State.OPEN
            visit.save(force_insert=True)
        else:
            steps += self.answered(visit, going)
            steps += self.left(visit, going) if going.departure else self.saved(visit, going)
            visit.save()
        write_down(visit, steps)
        return visit

    def begun(self, going: Going, *, held_out: bool) -> CancelVisit:
        person, profile = self.people.get(going.customer), self.cast.lives[going.customer].profile
        law = jurisdiction_of(profile.country)
        return CancelVisit(
            flow=self.flow,
            customer_id=going.customer,
            contact=person,
            key=f"demo:{going.customer}:{going.at.date()}",
            nonce=f"{going.dice.getrandbits(256):064x}",
            language=person.language if person else profile.language,
            profile=law.key,
            most_clicks=law.most_clicks,
            held_out=held_out,
            made_at=going.at,
            expires_at=going.at + timedelta(days=self.flow.days_open),
        )

    def answered(self, visit: CancelVisit, going: Going) -> Iterator[tuple[str, dict[str, Any]]]:
        """What they said, and what was shown to them."""
        reason = self.reasons.get(going.reason) if going.dice.random() < SAYS_WHY else None
        visit.reason = reason
        visit.reason_version = reason.versions.first() if reason else None
        if going.departure and (row := self.cancellation(going)) and reason:
            visit.comment, visit.competitor = row.comment, row.competitor
            visit.missing_feature = row.missing_feature
        found = answer_to(self.flow, reason)
        visit.entered_at, visit.clicks = going.at + MINUTE, 1
        visit.answer = found.kind if found else ""
        visit.planned = found.offer if found else None
        visit.save(force_insert=True)
        facts = {
            "reason": reason.key if reason else None,
            "reason_version": visit.reason_version.version if visit.reason_version else None,
            "wrote": bool(visit.comment),
            "answer": visit.answer,
            "click": 1,
        }
        yield "answered", facts
        if found and found.offer and not visit.held_out:
            yield offered(visit, found.offer, going.at + MINUTE)

    def left(self, visit: CancelVisit, going: Going) -> Iterator[tuple[str, dict[str, Any]]]:
        """They go: what was offered is declined."""
        at, row = going.at + 3 * MINUTE, self.cancellation(going)
        visit.clicks, visit.state, visit.left_at = 2, State.LEFT, at
        visit.ends_on = going.departure.effective_on if going.departure else None
        if visit.grant:
            settle(visit.grant, Grant.State.DECLINED, at)
        yield "left", {"click": 2}
        if row:
            visit.cancellations.add(row)
        yield "confirmed", {"cancellations": [row.pk] if row else [], "ends": [], "mail": None}

    def cancellation(self, going: Going) -> Cancellation | None:
        on = going.departure.effective_on if going.departure else None
        return self.gone.get((going.customer, on))

    def saved(self, visit: CancelVisit, going: Going) -> Iterator[tuple[str, dict[str, Any]]]:
        """They stay: by what was shown, or of themselves."""
        at = going.at + 2 * MINUTE
        by: str = SavedBy.STAYED
        if visit.grant:
            by = SavedBy.OFFER
            settle(visit.grant, Grant.State.ACCEPTED, at)
            # what billing does elsewhere is a task for the owner
            visit.grant.task = self.task(
                visit, f"Accepted, to be carried out: {visit.grant.offer.name}", at
            )
            visit.grant.save(update_fields=["task"])
        elif visit.answer == Kind.HELP and not visit.held_out:
            by = SavedBy.HELP
        elif visit.answer == Kind.CALL and not visit.held_out:
            by = SavedBy.CALL
            visit.task = self.task(visit, "Call them: about to cancel, wants to talk first", at)
        visit.state, visit.saved_at, visit.saved_by = State.SAVED, at, by
        yield "saved", {"by": by, "grant": visit.grant_id}

    def task(self, visit: CancelVisit, what: str, at: datetime) -> Task:
        """Done two days later, as far as that is over."""
        owner = self.cast.lives[visit.customer_id].profile.owner
        done_at = at + timedelta(days=2)
        task: Task = Task.objects.create(
            customer_id=visit.customer_id,
            what=what,
            assignee=visit.customer.owner if owner else None,
            due_on=done_at.date(),
            done_at=done_at if done_at < self.cast.world.now else None,
            created_at=at,
            key=f"cancel-visit:{visit.pk}",
        )
        return task


def offered(visit: CancelVisit, offer: Offer, at: datetime) -> tuple[str, dict[str, Any]]:
    """The offer of their reason, made within its limits."""
    key, people = f"leave:{visit.pk}", [(visit.customer_id, visit.contact_id)]
    why = make_offers(offer, people, key=key, now=at).get(visit.customer_id, "")
    visit.why_no_offer = why
    visit.grant = Grant.objects.filter(key=f"{key}:{visit.customer_id}").first()
    facts = {"offer": offer.pk, "grant": visit.grant_id, "why_not": why}
    return "offered" if visit.grant else "not_offered", facts


def settle(grant: Grant, state: str, at: datetime) -> None:
    grant.state, grant.settled_at = state, at
    grant.save(update_fields=["state", "settled_at"])
    verb = "offer_accepted" if state == Grant.State.ACCEPTED else "offer_declined"
    facts = {"offer": grant.offer.name, "grant": grant.pk, "kind": grant.offer.kind}
    tell(grant.customer_id, verb, facts, at)


def tell(customer: int, verb: str, facts: dict[str, Any], at: datetime) -> None:
    Interaction.objects.create(
        customer_id=customer,
        kind=Interaction.Kind.EVENT,
        verb=verb,
        facts=facts,
        occurred_at=at,
    )


def write_down(visit: CancelVisit, steps: list[tuple[str, dict[str, Any]]]) -> None:
    """The steps, each a minute after the other, their sums over one another."""
    before, rows = "", []
    for place, (verb, facts) in enumerate(steps):
        at = visit.made_at + place * MINUTE
        before = sum_of(before, verb, facts, at)
        rows.append(VisitStep(visit=visit, verb=verb, facts=facts, at=at, sha256=before))
    VisitStep.objects.bulk_create(rows)
    if visit.state == State.SAVED:
        facts = {"flow": visit.flow.name, "visit": visit.pk, "by": visit.saved_by}
        tell(visit.customer_id, "cancel_visit_saved", facts, visit.saved_at or visit.made_at)


def write_visits(cast: Cast, flow: CancelFlow, going: list[Going]) -> None:
    """All of them in the order in which they came, so that budgets are spent as they were."""
    porter = Porter.of(cast, flow)
    for one in sorted(going, key=lambda each: (each.at, each.customer)):
        porter.receive(one)
