"""What offers and campaigns keep of people."""

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models import (
    Campaign,
    CancelFlow,
    CancelVisit,
    Content,
    ContentSent,
    Fix,
    FixTold,
    FlowAnswer,
    Grant,
    LinkHit,
    LoyaltyLevel,
    Offer,
    OfferRules,
    Recipient,
    Recommendation,
    Referral,
    ReferralLink,
    ReferralProgram,
    StepDone,
    VisitStep,
)
from campaigns.models.referral import has_address
from churnapp.common.personal import Erase, Kept, Someone, Whose, registry

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
registry.declare(
    CancelVisit,
    Whose.CONTACT,
    "contact",
    comment=Erase.BLANK,
    competitor=Erase.BLANK,
    missing_feature=Erase.BLANK,
    language=Erase.KEEP,
    state=Erase.KEEP,
    made_at=Erase.KEEP,
    saved_at=Erase.KEEP,
    left_at=Erase.KEEP,
    ends_on=Erase.KEEP,
)
registry.declare(
    VisitStep,
    Whose.CONTACT,
    "visit__contact",
    at=Erase.KEEP,
    verb=Erase.KEEP,
)


def referred(someone: Someone) -> Q:
    """Referrals of somebody who is no contact of a customer yet."""
    return has_address(someone.address) & ~Q(email="")


registry.declare(
    Referral,
    Whose.CONTACT,
    "contact",
    referred,
    name=Erase.BLANK,
    email=Erase.PSEUDONYM,
    company=Erase.BLANK,
    language=Erase.KEEP,
    state=Erase.KEEP,
    at=Erase.KEEP,
)


def forget_referrals(before: datetime) -> int:
    """Forget who came by a referral of which nothing became, and can become no more."""
    old = Referral.objects.filter(at__lt=before, state__in=["new", "refused"])
    over = Q(at__lt=Now() - F("link__program__days_to_sign_up") * timedelta(days=1))
    old = old.filter(Q(state="refused") | over)
    named = old.exclude(name="", email="", company="")
    return named.update(name="", email="", company="")


registry.keep(
    Kept(
        "referrals",
        _("Who came by a referral and did not become a customer"),
        365,
        forget_referrals,
    )
)
registry.declare(
    ContentSent,
    Whose.CONTACT,
    "contact",
    content=Erase.KEEP,
    how=Erase.KEEP,
    at=Erase.KEEP,
)
registry.declare_none(
    Campaign,
    CancelFlow,
    Content,
    Fix,
    FixTold,
    FlowAnswer,
    LoyaltyLevel,
    Offer,
    OfferRules,
    Recommendation,
    ReferralLink,
    ReferralProgram,
)
