"""Offers, and those made to customers, for tests. Amounts are in minor units, as they are kept."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from campaigns.models import (
    Campaign,
    CancelFlow,
    CancelVisit,
    Content,
    Fix,
    FlowAnswer,
    Grant,
    LoyaltyLevel,
    Offer,
    Recipient,
    Recommendation,
    Referral,
    ReferralLink,
    ReferralProgram,
)
from customers.models import Customer
from tests.factories import make_customer, make_feature, make_plan, today_here

_number = count(1)
TEXTS = {"en": {"title": "An offer for you", "text": "Stay with us.", "button": "Yes, please"}}
NEEDED: dict[str, dict[str, Any]] = {
    "percent": {"percent": 20, "months": 3},
    "amount": {"amount_minor": 1_000, "currency": "EUR", "months": 3},
    "free": {"months": 2},
    "pause": {"months": 2},
    "downgrade": {"amount_minor": 5_000, "currency": "EUR"},
    "plan": {"amount_minor": 15_000, "currency": "EUR"},
    "term": {"months": 6},
    "content": {"address": "https://example.com/guide"},
}


def make_sales_offer(kind: str = "percent", **fields: Any) -> Offer:
    """An offer of a kind to every customer, without limits: 20 % for 3 months unless said."""
    fields = {
        "name": f"Offer {next(_number)}",
        "texts": TEXTS,
        "changed_at": timezone.now(),
        "cool_down_days": 0,
        "most_a_customer": 9,
    } | (NEEDED.get(kind, {}) | fields)
    if kind in {"downgrade", "plan"}:
        fields.setdefault("plan", make_plan("small" if kind == "downgrade" else "large"))
    return Offer.objects.create(kind=kind, **fields)


def make_grant(
    offer: Offer | None = None, customer: Customer | None = None, **fields: Any
) -> Grant:
    """An offer made to a customer now, open for its days; the engine makes them for real."""
    offer = offer or make_sales_offer()
    contact = fields.get("contact")
    customer = customer or (contact.customer if contact else make_customer())
    now = fields.pop("made_at", None) or timezone.now()
    number = next(_number)
    fields = {
        "key": f"test:{number}",
        "nonce": f"{number:064x}",
        "made_at": now,
        "expires_at": now + timedelta(days=offer.days_to_accept),
        "cost_minor": 0,
    } | fields
    if fields.get("state", "open") != "open":
        fields.setdefault("settled_at", now)
    return Grant.objects.create(offer=offer, customer=customer, **fields)


WORDS = {"subject": "We miss you", "body": "Hi {{ contact.first_name }}, come back."}


def mail_step(key: str = "hello", **fields: Any) -> dict[str, Any]:
    """A step that mails in English, or with `texts` of one's own."""
    return {"key": key, "kind": "mail", "texts": {"a": {"en": WORDS}}} | fields


def path_of(*steps: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"languages": ["en"], "steps": list(steps or (mail_step(),))} | fields


def make_campaign(*steps: dict[str, Any], **fields: Any) -> Campaign:
    """A draft for every customer in Norway without a holdout, which mails once unless said."""
    number = next(_number)
    fields = {
        "name": f"Campaign {number}",
        "kind": "check_in",
        "audience": "country=NO",
        "holdout_percent": 0,
        "goal": "accepted",
        "path": path_of(*steps),
        "salt": f"{number:032x}",
    } | fields
    return Campaign.objects.create(**fields)


def make_recipient(campaign: Campaign | None = None, **fields: Any) -> Recipient:
    """Somebody in a campaign, under way to its first step; the engine lets them in for real."""
    contact = fields.get("contact")
    now = timezone.now()
    number = next(_number)
    fields = {
        "customer": contact.customer if contact else make_customer(),
        "variant": "a",
        "step": "hello",
        "arrived_at": now,
        "due_at": now,
        "entered_at": now,
        "nonce": f"{number:064x}",
    } | fields
    return Recipient.objects.create(campaign=campaign or make_campaign(), **fields)


def make_fix(**fields: Any) -> Fix:
    """Something that is fixed since yesterday, tied to nothing yet."""
    fields = {"name": f"Fix {next(_number)}", "fixed_on": today_here()} | fields
    return Fix.objects.create(**fields)


def make_flow(**fields: Any) -> CancelFlow:
    """A flow that is on for every customer, without a holdout, ending at the month's end."""
    number = next(_number)
    fields = {
        "name": f"Flow {number}",
        "on_since": timezone.now(),
        "holdout_percent": 0,
        "salt": f"{number:032x}",
        "changed_at": timezone.now(),
    } | fields
    return CancelFlow.objects.create(**fields)


def make_answer(flow: CancelFlow, kind: str = "help", **fields: Any) -> FlowAnswer:
    """Help to any reason, or an offer, or a call."""
    texts = {"en": {"title": "Before you go", "text": "This may help.", "button": "Read it"}}
    if kind == "offer":
        fields.setdefault("offer", make_sales_offer())
    else:
        fields.setdefault("texts", texts)
    return FlowAnswer.objects.create(flow=flow, kind=kind, **fields)


def make_cancel_visit(flow: CancelFlow | None = None, **fields: Any) -> CancelVisit:
    """A link that was just made; the service makes them for real."""
    contact = fields.get("contact")
    now = fields.pop("made_at", None) or timezone.now()
    number = next(_number)
    fields = {
        "customer": contact.customer if contact else make_customer(),
        "key": f"test:{number}",
        "nonce": f"{number:064x}",
        "profile": "eu",
        "most_clicks": 2,
        "made_at": now,
        "expires_at": now + timedelta(days=14),
    } | fields
    return CancelVisit.objects.create(flow=flow or make_flow(), **fields)


REFERRAL_WORDS = {"en": {"title": "Somebody recommended us to you", "text": "Leave your name."}}


def make_program(**fields: Any) -> ReferralProgram:
    """A program that is on: 20 % for 3 months once who came has paid a month."""
    fields = {
        "name": f"Program {next(_number)}",
        "reward": fields.pop("reward", None) or make_sales_offer(),
        "texts": REFERRAL_WORDS,
        "on_since": timezone.now(),
        "changed_at": timezone.now(),
    } | fields
    return ReferralProgram.objects.create(**fields)


def make_referral_link(program: ReferralProgram | None = None, **fields: Any) -> ReferralLink:
    """A customer's link, as the service makes it."""
    number = next(_number)
    fields = {
        "customer": fields.pop("customer", None) or make_customer(),
        "code": f"c{number:011d}",
        "key": f"test:{number}",
        "made_at": timezone.now(),
    } | fields
    return ReferralLink.objects.create(program=program or make_program(), **fields)


def make_referral(link: ReferralLink | None = None, **fields: Any) -> Referral:
    """Somebody who just came by a link; the page and the service make them for real."""
    number = next(_number)
    fields = {
        "name": "Kari Holm",
        "email": f"kari{number}@came{number}.example",
        "company": f"Came {number} AS",
        "at": timezone.now(),
    } | fields
    return Referral.objects.create(link=link or make_referral_link(), **fields)


def make_level(**fields: Any) -> LoyaltyLevel:
    """A level for whoever has paid for a year, without a reward."""
    fields = {"name": f"Level {next(_number)}", "changed_at": timezone.now()} | fields
    if "least_year_minor" not in fields:
        fields.setdefault("least_months", 12)
    return LoyaltyLevel.objects.create(**fields)


def make_content(key: str = "", **fields: Any) -> Content:
    """A guide for everybody in English, published today, unless said."""
    number = next(_number)
    features, plans = fields.pop("features", ()), fields.pop("plans", ())
    key = key or f"guide_{number}"
    fields = {
        "kind": "guide",
        "published_on": today_here(),
        "changed_at": timezone.now(),
        "texts": {
            "en": {
                "title": f"All about {key}",
                "summary": "How it is done.",
                "address": f"https://example.com/{key}",
            }
        },
    } | fields
    content = Content.objects.create(key=key, **fields)
    content.features.set(features)
    content.plans.set(plans)
    return content


def make_recommendation(customer: Customer, **fields: Any) -> Recommendation:
    """That a feature is used by 80 of 100 customers like this one, unless said."""
    if "plan" not in fields:
        fields.setdefault("feature", make_feature())
    fields = {
        "peers": 100,
        "users": 80,
        "lower": 0.71,
        "strength": 0.71,
        "as_of": today_here(),
        "computed_at": timezone.now(),
    } | fields
    return Recommendation.objects.create(customer=customer, **fields)
