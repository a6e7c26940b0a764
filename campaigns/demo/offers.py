"""The offers that Lysbro makes: one approved, one whose budget is spent, one that waits."""

from dataclasses import dataclass

from campaigns.demo.cast import Cast, morning
from campaigns.demo.offer_texts import BOOK, CALL, HALF, LOWER, PAUSE, WELCOME
from campaigns.models import Offer, OfferKind, OfferRules
from campaigns.services.offers import make_offer

MONEY = 100  # minor units of the reporting currency
COMMON = {
    "fulfilment": "here", "eligible": "", "days_to_accept": 21, "cool_down_days": 180,
    "most_a_customer": 1, "most_in_total": None, "budget_minor": None, "fixed_cost_minor": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Offers:
    """Each by what it is for."""

    welcome: Offer
    lower: Offer
    pause: Offer
    call: Offer
    book: Offer
    half: Offer


def stand_offers(cast: Cast) -> Offers:
    """Make the offers and the rules that they keep, as if they had stood for a year."""
    size = cast.world.customers * MONEY
    OfferRules.objects.filter(pk=1, most_cost_minor=None, most_budget_minor=None).update(
        most_budget_minor=60 * size, changed_at=morning(cast.world, 400), changed_by=cast.admin
    )
    made = Offers(
        welcome=offer(
            cast, "Welcome back: 30% off for 3 months", OfferKind.PERCENT, WELCOME,
            percent=30, months=3, budget_minor=240 * size,
        ),
        lower=offer(
            cast, "Stay: 20% off for 6 months", OfferKind.PERCENT, LOWER,
            percent=20, months=6, fulfilment="task", budget_minor=50 * size,
        ),
        pause=offer(
            cast, "A pause of two months", OfferKind.PAUSE, PAUSE,
            months=2, fulfilment="task", budget_minor=8 * size, cool_down_days=365,
        ),
        call=offer(cast, "An hour with a planner", OfferKind.CALL, CALL, most_in_total=200),
        book=offer(
            cast, "The planning handbook", OfferKind.CONTENT, BOOK,
            address="https://lysbro.example/handbook",
        ),
        half=offer(
            cast, "Half price for half a year", OfferKind.PERCENT, HALF,
            percent=50, months=6, budget_minor=900 * size,
        ),
    )  # fmt: skip
    date_back(cast, made)
    return made


def offer(cast: Cast, name: str, kind: OfferKind, texts: object, **fields: object) -> Offer:
    there = Offer.objects.filter(name=name).exists()
    values = {"name": f"{name} (demo)" if there else name, "kind": str(kind), "texts": texts}
    return make_offer(COMMON | values | fields, by=cast.manager)


def date_back(cast: Cast, made: Offers) -> None:
    """They were made a year ago, and the dear ones approved a day later, but for the newest."""
    old = [one.pk for one in vars(made).values() if one != made.half]
    at = morning(cast.world, 380)
    Offer.objects.filter(pk__in=old).update(created_at=at, changed_at=at)
    Offer.objects.filter(pk=made.welcome.pk).update(
        approved_by=cast.admin, approved_at=morning(cast.world, 379)
    )
    at = morning(cast.world, 4)
    Offer.objects.filter(pk=made.half.pk).update(created_at=at, changed_at=at)
    for one in vars(made).values():
        one.refresh_from_db()
