"""Offers and to whom they were made; campaigns, who is in them, and what was fixed."""

from campaigns.models.campaign import HORIZONS, Campaign, CampaignKind, Goal
from campaigns.models.fix import Fix, FixTold
from campaigns.models.flow import CancelFlow, FlowAnswer
from campaigns.models.offer import Grant, Offer, OfferKind, OfferRules
from campaigns.models.recipient import LinkHit, Recipient, StepDone
from campaigns.models.visit import CancelVisit, VisitStep

__all__ = [
    "HORIZONS",
    "Campaign",
    "CampaignKind",
    "CancelFlow",
    "CancelVisit",
    "Fix",
    "FixTold",
    "FlowAnswer",
    "Goal",
    "Grant",
    "LinkHit",
    "Offer",
    "OfferKind",
    "OfferRules",
    "Recipient",
    "StepDone",
    "VisitStep",
]
