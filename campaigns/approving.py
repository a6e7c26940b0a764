"""When a second person has to approve an offer. Pure: no database, no clock."""

from typing import Any

from campaigns.models import Offer, OfferKind, OfferRules
from campaigns.models.offer import WORTH

FREE_OF_COST = (OfferKind.TERM, OfferKind.CONTENT, OfferKind.LOYALTY, OfferKind.CALL)


def needs_approval(offer: Offer, rules: OfferRules) -> bool:
    """Whether it can be made to nobody without: what it may cost in all is above the limit.

    An offer without a budget may cost anything, unless each costs nothing.
    """
    if offer.kind in FREE_OF_COST and offer.fixed_cost_minor == 0:
        return False
    if offer.kind in FREE_OF_COST and is_dear(offer.fixed_cost_minor, rules):
        return True
    limit = rules.most_budget_minor
    return limit is not None and (offer.budget_minor is None or offer.budget_minor > limit)


def is_dear(cost_minor: int, rules: OfferRules) -> bool:
    """Whether what it costs for one customer is above the limit."""
    return rules.most_cost_minor is not None and cost_minor > rules.most_cost_minor


def loosens(offer: Offer, new: dict[str, Any]) -> bool:
    """Whether an approved offer becomes worth something else, or may cost more in all."""
    if any(getattr(offer, name) != new[name] for name in WORTH):
        return True
    return any(
        _beyond(new[name]) > _beyond(getattr(offer, name))
        for name in ("budget_minor", "most_in_total", "most_a_customer")
    )


def _beyond(limit: int | None) -> float:
    return float("inf") if limit is None else limit
