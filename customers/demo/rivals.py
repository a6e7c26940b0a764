"""The competitors that Lysbro has met, and what they asked for when somebody looked."""

from dataclasses import dataclass
from datetime import date, timedelta

from churnapp.models import User
from customers.demo.world import World, add_months
from customers.models import Competitor, CompetitorName
from customers.models.competitor import in_plain
from customers.services.competitor_offers import OfferDetails, add_offer
from customers.services.competitors import CompetitorDetails, add_competitor, add_name
from customers.services.ledger import database_clock

SEAT = "seat_month"


@dataclass(frozen=True)
class Seen:
    """An offer as it was seen so many months ago; `amount` is in whole crowns, 0 for none."""

    name: str
    months_ago: int
    amount: int
    currency: str = ""
    note: str = ""
    lasted_days: int = 0


@dataclass(frozen=True)
class Rival:
    name: str
    also: tuple[str, ...]
    notes: str
    offers: tuple[Seen, ...]


RIVALS = (
    Rival(
        "Planvind",
        ("Planvind ApS",),
        "Danish collective agreements are built in, and their app works without a connection. "
        "No invoicing: that is where we win.",
        (
            Seen("Hold", 14, 89, "DKK"),
            Seen("Hold", 9, 69, "DKK", "Price cut when they came to the larger customers."),
            Seen("Hold", 2, 75, "DKK"),
            Seen("Virksomhed", 9, 99, "DKK"),
            Seen("A year at half price", 9, 0, "", "For whoever comes from us.", 150),
        ),
    ),
    Rival(
        "Skiftly",
        (),
        "Cheap and simple. Customers come back once they have more than one site.",
        (Seen("Basic", 20, 49, "SEK"), Seen("Basic", 6, 59, "SEK"), Seen("Pro", 6, 99, "SEK")),
    ),
    Rival(
        "Timeglad",
        ("Timeglad AS",),
        "Strong in timesheets and payroll, weak in planning.",
        (Seen("Standard", 11, 95, "NOK"), Seen("Standard", 3, 105, "NOK", "With payroll export.")),
    ),
)
# How one customer in some writes the name of a competitor.
WRITTEN = {"Planvind": "Planvind ApS", "Timeglad": "timeglad"}
ONE_IN = 6


def as_written(name: str, number: int) -> str:
    """The name as a customer of this number writes it."""
    return WRITTEN.get(name, name) if number % ONE_IN == 0 else name


def meet_rivals(world: World, by: User) -> None:
    """Write the competitors down; one that is in the register already stays as it is."""
    today = min(world.today, database_clock().astimezone(world.zone).date())
    for rival in RIVALS:
        names = [in_plain(name) for name in (rival.name, *rival.also)]
        if CompetitorName.objects.filter(plain__in=names).exists():
            continue
        site = f"https://{rival.name.lower()}.example"
        made = add_competitor(CompetitorDetails(rival.name, site, rival.notes), by=by)
        for name in rival.also:
            add_name(made, name, by=by)
        for seen in rival.offers:
            offer_seen(made, seen, today, by)


def offer_seen(competitor: Competitor, seen: Seen, today: date, by: User) -> None:
    seen_on = add_months(today, -seen.months_ago)
    details = OfferDetails(
        name=seen.name,
        seen_on=seen_on,
        amount_minor=seen.amount * 100 if seen.amount else None,
        currency=seen.currency,
        per=SEAT if seen.amount else "",
        ends_on=seen_on + timedelta(days=seen.lasted_days) if seen.lasted_days else None,
        url=f"{competitor.website}/priser" if seen.amount else "",
        note=seen.note,
    )
    add_offer(competitor, details, by=by)
