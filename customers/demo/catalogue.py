"""What Lysbro sells: plans, features, prices and the currencies they are asked in."""

from dataclasses import dataclass
from datetime import date

from customers.demo.world import Story

PERIODS_A_YEAR = {"month": 12, "year": 1}
CURRENCIES = {"NO": "NOK", "SE": "SEK", "DK": "DKK", "FI": "EUR"}
LANGUAGES = {"NO": "nb", "SE": "sv", "DK": "da", "FI": "en"}


@dataclass(frozen=True)
class PlanForSale:
    """A plan, how many seats it is bought for, and what a seat costs a month."""

    code: str
    name: str
    seats: tuple[int, int]
    seat_price: dict[str, int]
    features: tuple[str, ...]


_SMALL = ("planning", "timesheets", "mobile")
_MIDDLE = (*_SMALL, "invoicing", "reports")
_LARGE = (*_MIDDLE, "approvals", "integrations", "forecast")

PLANS = {
    plan.code: plan
    for plan in (
        PlanForSale("basis", "Basis", (3, 8), {"NOK": 79, "SEK": 79, "DKK": 55, "EUR": 7}, _SMALL),
        PlanForSale("start", "Start", (3, 8), {"NOK": 79, "SEK": 79, "DKK": 55, "EUR": 7}, _SMALL),
        PlanForSale(
            "team", "Team", (8, 28), {"NOK": 119, "SEK": 115, "DKK": 79, "EUR": 11}, _MIDDLE
        ),
        PlanForSale(
            "business",
            "Business",
            (26, 110),
            {"NOK": 159, "SEK": 155, "DKK": 109, "EUR": 14},
            _LARGE,
        ),
        PlanForSale(
            "enterprise",
            "Enterprise",
            (110, 420),
            {"NOK": 199, "SEK": 195, "DKK": 135, "EUR": 18},
            (*_LARGE, "audit"),
        ),
    )
}
LADDER = ("start", "team", "business", "enterprise")

FEATURES = {
    "planning": "Planning board",
    "timesheets": "Timesheets",
    "mobile": "Mobile app",
    "invoicing": "Invoicing",
    "reports": "Reports",
    "approvals": "Approvals",
    "integrations": "Integrations",
    "forecast": "Forecast",
    "audit": "Audit trail",
}


def released_on(feature: str, story: Story) -> date:
    """Everything was there at the opening, except for Forecast."""
    return story.release_on if feature == "forecast" else story.opening_on


def next_plan(code: str, steps: int) -> str | None:
    """The plan `steps` above or below on the ladder; None beyond its ends."""
    place = LADDER.index("start" if code == "basis" else code) + steps
    return LADDER[place] if 0 <= place < len(LADDER) else None


def amount_minor(plan: str, currency: str, interval: str, *, raised: bool) -> int:
    """Price of one seat for one interval in minor units; a year costs ten months and a half."""
    month = PLANS[plan].seat_price[currency] * 100
    month = month * 11 // 10 if raised else month
    return month * 21 // 2 if interval == "year" else month
