"""Offers and to whom they were made; campaigns, who is in them, and what was fixed."""

from campaigns.models.campaign import HORIZONS, Campaign, CampaignKind, Goal
from campaigns.models.fix import Fix, FixTold
from campaigns.models.offer import Grant, Offer, OfferKind, OfferRules
from campaigns.models.recipient import LinkHit, Recipient, StepDone

__all__ = [
    "HORIZONS",
    "Campaign",
    "CampaignKind",
    "Fix",
    "FixTold",
    "Goal",
    "Grant",
    "LinkHit",
    "Offer",
    "OfferKind",
    "OfferRules",
    "Recipient",
    "StepDone",
]
