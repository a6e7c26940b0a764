"""What Lysbro's staff has done about its flags, the views and the segments that they have saved."""

from datetime import datetime, timedelta

from churnapp.models import User
from customers.demo.world import World
from customers.models import RiskFlag, SavedView, Segment
from customers.services.flags import acknowledge_flag, snooze_flag
from customers.services.segments import SegmentDetails, make_segment

VIEWS = {
    "Start in Sweden": "plan=start&country=SE",
    "Denmark, where Planvind is": "country=DK&plan=team&plan=business&state=active",
    "Set up by themselves": "onboarding=self-serve&state=active",
    "Enterprise at risk": "plan=enterprise&risk=1",
}
SEGMENTS = {
    "Left over the price": "state=lost&reason_category=price&lost_in_days=365",
    "Lost to Planvind": "state=lost&competitor=Planvind",
    "Missed a feature": "state=lost&missing_feature=*",
    "Pay for Forecast and don't use it": "state=active&unused=forecast",
}
NOTES = (
    "Called, they are on it: summer crews have left.",
    "Meeting booked for next week.",
    "Wrote to the administrator, waiting for an answer.",
    "New planner starts soon; training offered.",
)
ACKNOWLEDGED, SNOOZED = 24, 12


def tend_flags(world: World, now: datetime) -> None:
    """Some flags are being worked on, some wait for a day."""
    dice = world.dice("tending")
    standing = RiskFlag.objects.filter(state=RiskFlag.State.OPEN, customer__owner__isnull=False)
    flags = list(
        standing.select_related("rule", "customer__owner").order_by(
            "customer__external_id", "rule__key", "subject"
        )
    )
    chosen = dice.sample(flags, min(len(flags), ACKNOWLEDGED + SNOOZED))
    for flag in chosen[:ACKNOWLEDGED]:
        acknowledge_flag(flag, by=flag.customer.owner, now=now, note=dice.choice(NOTES))
    for flag in chosen[ACKNOWLEDGED:]:
        until = world.today + timedelta(days=dice.randrange(5, 30))
        snooze_flag(flag, until=until, by=flag.customer.owner, now=now, note=dice.choice(NOTES))


def save_views(owner: User) -> None:
    """Views of the customer list that everyone finds."""
    for name, query in VIEWS.items():
        SavedView.objects.get_or_create(
            owner=owner, page="customers", name=name, defaults={"query": query, "shared": True}
        )


def save_segments(owner: User) -> None:
    """Segments that campaigns begin with; one of a name that is there stays as it is."""
    there = set(Segment.objects.values_list("name", flat=True))
    for name, query in SEGMENTS.items():
        if name not in there:
            make_segment(SegmentDetails(name, query), by=owner)
