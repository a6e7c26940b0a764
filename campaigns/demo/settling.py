"""Accepted offers are tied to the subscriptions that they began, with what was agreed."""

from campaigns.costs import LEFT
from campaigns.models import Grant, OfferKind
from customers.models import Subscription, Term

WORTH = ("kind", "percent", "amount_minor", "currency", "months", "plan_id")


def settle_accepted(made: dict[int, Subscription]) -> None:
    """Write what was paid from when into each accepted offer, as accepting it does."""
    accepted = Grant.objects.filter(
        state=Grant.State.ACCEPTED, offer__kind=OfferKind.PERCENT, customer__in=made,
        subscription=None,
    ).select_related("offer")  # fmt: skip
    terms = terms_of([subscription.pk for subscription in made.values()])
    grants = list(accepted)
    for grant in grants:
        subscription = made[grant.customer_id]
        grant.subscription = subscription
        grant.agreed = agreed(grant, terms[subscription.pk])
    Grant.objects.bulk_update(grants, ["subscription", "agreed"], batch_size=1_000)


def terms_of(subscriptions: list[int]) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = {}
    rows = Term.objects.standing().filter(subscription__in=subscriptions).order_by("starts_on")
    for term in rows:
        found.setdefault(term.subscription_id, []).append(term)
    return found


def agreed(grant: Grant, terms: list[Term]) -> dict[str, object]:
    """The lower price, and the full one from the day that the months are over."""
    steps = [
        {
            "on": term.starts_on.isoformat(),
            "arr_minor": term.arr_native_minor,
            "currency": term.currency,
        }
        for term in terms[:2]
    ]
    full = terms[-1]
    return {
        "state": LEFT,
        "offer": {name: getattr(grant.offer, name) for name in WORTH},
        "before": {"arr_minor": full.arr_native_minor, "currency": full.currency},
        "after": steps,
        "recorded_at": terms[0].recorded_at.isoformat(),
    }
