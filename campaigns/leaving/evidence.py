"""What happened in a visit, step by step, and the file that shows it to whoever asks."""

import hashlib
import json
from datetime import datetime
from typing import Any

from campaigns.leaving.jurisdictions import BY_KEY
from campaigns.models import CancelVisit, VisitStep
from customers.models import Cancellation

FORM = "churnapp-cancel-evidence-1"
Facts = dict[str, Any]


def canonical(value: Any) -> bytes:
    """The one way of writing it: sorted names, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def write_step(visit: CancelVisit, verb: str, facts: Facts, *, at: datetime) -> VisitStep:
    """Add a step; its sum covers the one before, so that none can be taken out unseen."""
    last = visit.steps.order_by("-pk").values_list("sha256", flat=True).first() or ""
    total = sum_of(last, verb, facts, at)
    return VisitStep.objects.create(visit=visit, verb=verb, facts=facts, at=at, sha256=total)


def sum_of(before: str, verb: str, facts: Facts, at: datetime) -> str:
    told = canonical([before, int(at.timestamp() * 1000), verb, facts])
    return hashlib.sha256(told).hexdigest()


def is_whole(steps: list[VisitStep]) -> bool:
    """Whether the steps are as they were written, and none is missing between them."""
    before = ""
    for step in steps:
        if step.sha256 != sum_of(before, step.verb, step.facts, step.at):
            return False
        before = step.sha256
    return True


def evidence_of(visit: CancelVisit) -> Facts:
    """All of it: `sha256` is the SHA-256 of `evidence`, written canonically."""
    steps = list(visit.steps.order_by("pk"))
    evidence: Facts = {
        "form": FORM,
        "visit": facts_of(visit),
        "law": law_of(visit),
        "said": said_of(visit),
        "steps": [told(step) for step in steps],
        "steps_are_whole": is_whole(steps),
        "outcome": outcome_of(visit),
    }
    return {"evidence": evidence, "sha256": hashlib.sha256(canonical(evidence)).hexdigest()}


def facts_of(visit: CancelVisit) -> Facts:
    return {
        "id": visit.pk,
        "flow": visit.flow.name,
        "customer": visit.customer.external_id,
        "contact": visit.contact.email if visit.contact else None,
        "subscription": visit.subscription.external_id if visit.subscription else None,
        "language": visit.language,
        "held_out": visit.held_out,
        "made_at": moment(visit.made_at),
        "made_from": visit.made_from,
        "open_until": moment(visit.expires_at),
    }


def law_of(visit: CancelVisit) -> Facts:
    law = BY_KEY.get(visit.profile)
    return {
        "profile": visit.profile,
        "law": law.law if law else "",
        "most_clicks": visit.most_clicks,
        "clicks": visit.clicks,
    }


def said_of(visit: CancelVisit) -> Facts:
    """The reason and their own words."""
    return {
        "reason": visit.reason.key if visit.reason else None,
        "reason_version": visit.reason_version.version if visit.reason_version else None,
        "comment": visit.comment,
        "competitor": visit.competitor,
        "missing_feature": visit.missing_feature,
    }


def told(step: VisitStep) -> Facts:
    return {
        "at": moment(step.at),
        "what": step.verb,
        "sha256": step.sha256,
        "facts": step.facts,
    }


def outcome_of(visit: CancelVisit) -> Facts:
    grant, mail = visit.grant, visit.mail
    gone = visit.cancellations.select_related("subscription").order_by("effective_on", "pk")
    return {
        "state": visit.state,
        "saved_at": moment(visit.saved_at),
        "saved_by": visit.saved_by,
        "left_at": moment(visit.left_at),
        "first_day_not_paid_for": visit.ends_on.isoformat() if visit.ends_on else None,
        "cancellations": [ended(each) for each in gone],
        "offer": {"id": grant.pk, "offer": grant.offer.name, "state": grant.state}
        if grant
        else None,
        "confirmation": {"mail": mail.pk, "state": mail.state, "sent_at": moment(mail.sent_at)}
        if mail
        else None,
    }


def ended(cancellation: Cancellation) -> Facts:
    subscription = cancellation.subscription
    return {
        "id": cancellation.pk,
        "subscription": subscription.external_id if subscription else None,
        "effective_on": cancellation.effective_on.isoformat(),
        "withdrawn_at": moment(cancellation.withdrawn_at),
    }


def moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="milliseconds") if value else None
