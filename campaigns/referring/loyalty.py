"""Rewards of loyalty levels: once on reaching one, or each year on the day of the first payment.

A reward is a grant with a key of the level, the customer and the year, so that it comes once,
however often this runs. What the offer's own rules refuse is asked again the next time.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _lazy

from campaigns.granting import ALL_GONE, NOT_APPROVED, STOPPED
from campaigns.levels import stands_on
from campaigns.models import CampaignKind, Grant, LoyaltyLevel
from campaigns.referring.asking import day_of
from campaigns.referring.telling import Gift, give_all, whom_at
from customers.models import Customer
from customers.models.customer import CustomerQuerySet

WINDOW = 7  # days after an anniversary on which it is still made up for
MOST_A_RUN, CHUNK = 500, 500
FOR_NOBODY = {STOPPED, NOT_APPROVED, ALL_GONE}  # who comes after is refused for the same


def reward_levels(now: datetime) -> int:
    """Give what is due; how many were given."""
    today = day_of(now)
    levels = list(LoyaltyLevel.objects.on().select_related("reward__plan"))
    stands = stands_on(levels, today)
    return sum(
        give_level(level, key, customers, now)
        for level in levels
        if level.gives
        for key, customers in due(level, Customer.objects.filter(stands[level.pk]), today)
    )


def give_level(level: LoyaltyLevel, key: str, customers: QuerySet[Customer], now: datetime) -> int:
    """Walk all to whom it is due: who is refused holds up nobody after them."""
    why = _lazy("You get this mail because you have been with us for long.")
    if level.reward is None:
        return 0
    gift = Gift(level.reward, key, why, f"campaign.{CampaignKind.LOYALTY}")
    given = last = 0
    while given < MOST_A_RUN:
        asked = customers.filter(pk__gt=last).prefetch_related("contacts").order_by("pk")
        chunk = list(asked[:CHUNK])
        if not chunk:
            break
        last = chunk[-1].pk
        count, refused = give_all(gift, {each: whom_at(each) for each in chunk}, now=now)
        given += count
        if FOR_NOBODY & set(refused.values()):
            break
    return given


def due(
    level: LoyaltyLevel, standing: QuerySet[Customer], today: date
) -> Iterator[tuple[str, QuerySet[Customer]]]:
    """By the key of their grants: who of those on the level is to be given its reward now."""
    if level.given == LoyaltyLevel.Given.REACHED:
        key = f"loyalty:{level.pk}:reached"
        yield key, without_one(standing, key)
        return
    for year, days in anniversaries(today).items():
        key = f"loyalty:{level.pk}:{year}"
        on = Q(*days, _connector=Q.OR) & Q(standing__first_paid_on__year__lt=year)
        yield key, without_one(standing.filter(on), key)


def without_one(customers: QuerySet[Customer], key: str) -> QuerySet[Customer]:
    own = Concat(Value(f"{key}:"), Cast(OuterRef("pk"), CharField()))
    return customers.filter(~Exists(Grant.objects.filter(key=own)))


def anniversaries(today: date) -> dict[int, list[Q]]:
    """By year: the days whose anniversaries are today or were within the window.

    Whoever first paid on 29 February has theirs on 1 March of other years.
    """
    found: dict[int, list[Q]] = {}
    for back in range(WINDOW + 1):
        day = today - timedelta(days=back)
        pairs = [(day.month, day.day)]
        yesterday = day - timedelta(days=1)
        if (day.month, day.day) == (3, 1) and yesterday.day == 28:
            pairs.append((2, 29))
        found.setdefault(day.year, []).extend(
            Q(standing__first_paid_on__month=month, standing__first_paid_on__day=number)
            for month, number in pairs
        )
    return found


def due_counts(
    levels: Sequence[LoyaltyLevel], customers: CustomerQuerySet, today: date
) -> dict[int, int]:
    """How many of the customers would be given the reward of each level now."""
    stands = stands_on(levels, today)
    return {
        level.pk: sum(
            found.count() for _key, found in due(level, customers.filter(stands[level.pk]), today)
        )
        for level in levels
        if level.gives
    }
