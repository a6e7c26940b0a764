"""What campaigns and offers make of deeds; found by its name when Django starts."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from campaigns.models import CancelFlow, CancelVisit, Grant, Referral
from campaigns.services.merging import (
    move_contents,
    move_places,
    move_recommendations,
    move_tellings,
)
from campaigns.services.merging_referrals import move_referrals
from campaigns.services.segment_uses import campaigns_by_segments, offers_by_segments
from customers.segments import Use, places, segments_in
from customers.services.merges import Merger, movers
from customers.services.traces import Deed, listeners
from feedback.inviting.occasions import told_elsewhere
from feedback.models import WebhookEvent
from feedback.services.webhooks import ring_webhooks
from feedback.webhooks.happenings import queue_happening


def move_offers(merger: Merger) -> None:
    """Offers made to a customer go along when its record becomes one with another."""
    carry_keys(merger)
    Grant.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(Grant.objects.all())


def carry_keys(merger: Merger) -> None:
    """Let keys name who is kept, so that nothing is made again; where both have one, both stay."""
    ending = f":{merger.merged.pk}"
    keyed = {
        grant.key.removesuffix(ending) + f":{merger.kept.pk}": grant
        for grant in Grant.objects.filter(customer=merger.merged, key__endswith=ending)
    }
    taken = set(Grant.objects.filter(key__in=list(keyed)).values_list("key", flat=True))
    free = {key: grant for key, grant in keyed.items() if key not in taken}
    for key, grant in free.items():
        grant.key = key
    Grant.objects.bulk_update(free.values(), ["key"])


# The deeds that other programs are told of, and as what.
TOLD = {
    "offer_accepted": WebhookEvent.ACCEPTED,
    "offer_declined": WebhookEvent.DECLINED,
    **dict.fromkeys(
        ("campaign_launched", "campaign_paused", "campaign_resumed", "campaign_finished"),
        WebhookEvent.CAMPAIGN,
    ),
    "referral_came": WebhookEvent.REFERRED,
    "referral_rewarded": WebhookEvent.REWARDED,
}


def tell_programs(deed: Deed, target: models.Model) -> None:
    """Queue what webhooks are to be told of offers, campaigns and referrals, with the deed."""
    event = TOLD.get(deed.verb)
    if event is None:
        return
    key = f"{target.pk}:{deed.at.isoformat()}"
    customer, facts = None, facts_of(deed, target)
    if isinstance(target, Grant):
        customer = target.customer
    if isinstance(target, Referral):
        customer = target.link.customer
    if queue_happening(event, key, facts, customer=customer, at=deed.at):
        ring_webhooks()


def facts_of(deed: Deed, target: models.Model) -> dict[str, str | int | None]:
    if isinstance(target, Grant):
        return {
            "grant_id": target.pk, "offer_id": target.offer_id, "kind": target.offer.kind,
            "cost_minor": target.cost_minor,
        }  # fmt: skip
    if isinstance(target, Referral):
        return {
            "referral_id": target.pk, "program_id": target.link.program_id, "state": target.state,
            "referred_customer_id": target.customer.external_id if target.customer else None,
            "grant_id": target.grant_id,
        }  # fmt: skip
    return {"campaign_id": target.pk, "what": deed.verb.removeprefix("campaign_")}


def move_visits(merger: Merger) -> None:
    """Visits to cancel flows go along; their links keep opening what they opened."""
    CancelVisit.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(CancelVisit.objects.all())


def flows_by_segments(keys: set[int]) -> Iterator[Use]:
    """The cancel flows that are for the customers of these segments."""
    for flow in CancelFlow.objects.filter(query__contains="segment=", archived_at=None):
        for key in segments_in(flow.query) & keys:
            yield Use(key, flow.name, reverse("cancel_flows:results", args=[flow.pk]))


def told_while_leaving() -> Q:
    """Departures through a cancel flow whose reason was said there: nobody is asked twice."""
    return Q(Exists(CancelVisit.objects.told_why().filter(cancellations=OuterRef("pk"))))


movers += [move_offers, move_places, move_tellings, move_visits, move_referrals]
movers += [move_contents, move_recommendations]
places += [flows_by_segments, campaigns_by_segments, offers_by_segments]
told_elsewhere.append(told_while_leaving)
listeners.append(tell_programs)
