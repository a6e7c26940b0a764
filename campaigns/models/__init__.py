"""What is offered to customers, and to whom it was."""

from campaigns.models.offer import Grant, Offer, OfferKind, OfferRules

__all__ = ["Grant", "Offer", "OfferKind", "OfferRules"]
