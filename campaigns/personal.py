"""What offers and campaigns keep of people."""

from campaigns.models import (
    Campaign,
    Fix,
    FixTold,
    Grant,
    LinkHit,
    Offer,
    OfferRules,
    Recipient,
    StepDone,
)
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
registry.declare(
    Recipient,
    Whose.CONTACT,
    "contact",
    campaign=Erase.KEEP,
    variant=Erase.KEEP,
    language=Erase.KEEP,
    state=Erase.KEEP,
    entered_at=Erase.KEEP,
    ended_at=Erase.KEEP,
)
registry.declare(
    StepDone,
    Whose.CONTACT,
    "recipient__contact",
    step=Erase.KEEP,
    at=Erase.KEEP,
    outcome=Erase.KEEP,
)
registry.declare(
    LinkHit,
    Whose.CONTACT,
    "recipient__contact",
    step=Erase.KEEP,
    at=Erase.KEEP,
    because=Erase.KEEP,
    source=Erase.BLANK,
)
registry.declare_none(Campaign, Fix, FixTold, Offer, OfferRules)
