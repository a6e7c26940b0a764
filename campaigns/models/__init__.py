"""Offers and to whom they were made; campaigns and who is in them; referrals; the library."""

from campaigns.models.campaign import HORIZONS, Campaign, CampaignKind, Goal
from campaigns.models.content import Content, ContentKind, ContentSent
from campaigns.models.fix import Fix, FixTold
from campaigns.models.flow import CancelFlow, FlowAnswer
from campaigns.models.loyalty import LoyaltyLevel
from campaigns.models.offer import Grant, Offer, OfferKind, OfferRules
from campaigns.models.recipient import LinkHit, Recipient, StepDone
from campaigns.models.recommendation import Recommendation
from campaigns.models.referral import Referral, ReferralLink, ReferralProgram
from campaigns.models.visit import CancelVisit, VisitStep

__all__ = [
    "HORIZONS",
    "Campaign",
    "CampaignKind",
    "CancelFlow",
    "CancelVisit",
    "Content",
    "ContentKind",
    "ContentSent",
    "Fix",
    "FixTold",
    "FlowAnswer",
    "Goal",
    "Grant",
    "LinkHit",
    "LoyaltyLevel",
    "Offer",
    "OfferKind",
    "OfferRules",
    "Recipient",
    "Recommendation",
    "Referral",
    "ReferralLink",
    "ReferralProgram",
    "StepDone",
    "VisitStep",
]
