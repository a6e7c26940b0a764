"""What offers keep of people."""

from campaigns.models import Grant, Offer, OfferRules
from churnapp.common.personal import Erase, Whose, registry

registry.declare(
    Grant,
    Whose.CONTACT,
    "contact",
    offer=Erase.KEEP,
    state=Erase.KEEP,
    made_at=Erase.KEEP,
    settled_at=Erase.KEEP,
)
registry.declare_none(Offer, OfferRules)
