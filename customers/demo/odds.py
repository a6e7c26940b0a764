"""How likely customers leave, and over what: where the story's chapters become numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from customers.demo.profiles import Profile, draw
from customers.demo.world import Story

BASE = {"basis": 0.036, "start": 0.036, "team": 0.02, "business": 0.0115, "enterprise": 0.0055}
BY_ONBOARDING = {"guided": 0.5, "self-serve": 1.25}
BY_CHANNEL = {
    "search": 1.2, "social": 1.35, "event": 1.0, "outbound": 1.0, "partner": 0.8, "referral": 0.65
}  # fmt: skip

REASONS = {
    "price": 17, "missing-feature": 13, "support-quality": 8, "results-not-delivered": 6,
    "return-on-spend": 6, "lack-of-expertise": 3, "competitor": 11, "need-gone": 10,
    "closed-or-merged": 9, "key-person-left": 4, "data-protection": 2, "onboarding": 6,
    "reliability": 3, "payment-failed": 9,
}  # fmt: skip


def after_price_rise(day: date, story: Story) -> bool:
    return timedelta(0) <= day - story.price_rise_on <= timedelta(days=110)


def after_incident(day: date, story: Story) -> bool:
    return timedelta(days=8) <= day - story.incident_on <= timedelta(days=130)


@dataclass(frozen=True)
class Circumstances:
    """How a customer stands on the day that its order renews; `alone`: its champion has gone."""

    profile: Profile
    plan: str
    day: date
    age_days: int
    alone: bool

    def won_over(self, story: Story) -> bool:
        """Whether the competitor of the story is at work here."""
        exposed = self.profile.country == "DK" and self.plan in {"team", "business"}
        return exposed and self.day >= story.competitor_since


def monthly_odds(of: Circumstances, story: Story) -> float:
    """The chance of leaving within the month that ends on the day."""
    profile = of.profile
    odds = BASE[of.plan] * BY_ONBOARDING[profile.onboarding] * BY_CHANNEL[profile.channel]
    if of.age_days < 150:
        odds *= 1.5 if profile.onboarding == "self-serve" else 0.9
    if after_price_rise(of.day, story):
        odds *= 4.2 if (of.plan, profile.country) == ("start", "SE") else 1.2
    if of.won_over(story):
        odds *= 3.0
    if after_incident(of.day, story):
        odds *= 1.35
    return odds * (3 if of.alone else 1)


def draw_reason(dice: Random, of: Circumstances, story: Story) -> str:
    """Why this customer leaves."""
    weights = dict(REASONS)
    if after_price_rise(of.day, story) and of.plan == "start":
        weights["price"] = 110 if of.profile.country == "SE" else 30
    if of.won_over(story):
        weights["competitor"] = 75
    if after_incident(of.day, story):
        weights["reliability"] = 40
    if of.alone:
        weights["key-person-left"] = 60
    if of.age_days < 150:
        weights["onboarding"] = 22 if of.profile.onboarding == "self-serve" else 2
    if of.profile.interval == "year":
        weights["payment-failed"] = 2
    return draw(dice, weights)
