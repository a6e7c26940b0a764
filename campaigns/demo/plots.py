"""What each campaign of the demo is: for whom, on which path, since when, and what came of it."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from campaigns.demo.cast import Cast, morning
from campaigns.demo.fates import Tempers
from campaigns.demo.fixing import Fixes
from campaigns.demo.letters import (
    BUTTON,
    PLAIN,
    fixed_path,
    offer_path,
    tips_path,
    with_button,
)
from campaigns.demo.offers import Offers
from campaigns.demo.playing import Entry
from campaigns.models import Campaign, CampaignKind, Fix, Goal
from campaigns.paths import MAIL, OFFER, OFFERING
from campaigns.ready_paths import OF_A_FIX, READY
from campaigns.ready_paths.by_reason import BY_CATEGORY
from campaigns.ready_paths.common import mail
from customers.services.reason_lists import READY_LISTS

State = Campaign.State
Path = dict[str, Any]


@dataclass(frozen=True)
class Plot:
    """One campaign. `begins` days ago; whom it meets when is in `entries`.

    Fields are those of the model where they differ from its defaults.
    """

    name: str
    kind: str
    audience: str
    path: Path
    begins: int
    entries: Callable[[Cast], list[Entry]] = lambda _cast: []
    ends: str = State.FINISHED
    tempers: Tempers = field(default_factory=Tempers)
    fix: Fix | None = None
    paused: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def plots(cast: Cast, offers: Offers, fixes: Fixes) -> list[Plot]:
    """In the order in which they began."""
    return [
        *finished(cast, offers),
        *under_way(offers),
        *of_the_fix(fixes),
        *to_come(cast, offers),
    ]


def day_text(cast: Cast, days_ago: int) -> str:
    return morning(cast.world, days_ago).date().isoformat()


def finished(cast: Cast, offers: Offers) -> list[Plot]:
    """Their horizon is over: one works, one shows no effect, one is too small to say."""
    return [
        Plot(
            "Come back at a lower price",
            CampaignKind.WIN_BACK,
            f"state=lost&lost_from={day_text(cast, 800)}&lost_to={day_text(cast, 300)}",
            offer_path(offers.welcome),
            begins=300,
            entries=once(300, lambda cast, ago: cast.gone(day(cast, ago), 500)),
            tempers=Tempers(clicks=0.42, accepts=0.44, declines=0.12, returns=0.02),
            fields={"holdout_percent": 20, "note": "Does a lower price bring them back?"},
        ),
        Plot(
            "Tips for planners",
            CampaignKind.RETENTION,
            "state=active&plan=start&plan=team",
            tips_path(),
            begins=190,
            entries=once(190, small_payers),
            tempers=Tempers(clicks=0.19),
            fields={
                "goal": Goal.STAYED,
                "holdout_percent": 20,
                "strength": 30,
                "note": "Do they stay longer if we write how others plan?",
            },
        ),
        Plot(
            "Home from Planvind",
            CampaignKind.WIN_BACK,
            "state=lost&competitor=Planvind",
            deepcopy(READY[CampaignKind.WIN_BACK]),
            begins=130,
            entries=once(130, lost_to_planvind),
            tempers=Tempers(returns=0.2),
            fields={"strength": 60, "holdout_percent": 20},
        ),
    ]


def under_way(offers: Offers) -> list[Plot]:
    """One runs and flows, one is paused."""
    weeks = range(84, 3, -7)
    return [
        Plot(
            "Left lately",
            CampaignKind.WIN_BACK,
            "state=lost&lost_in_days=30",
            to_each_reason(with_offer(READY[CampaignKind.WIN_BACK], offers.welcome.pk)),
            begins=84,
            entries=lambda cast: [
                Entry(morning(cast.world, ago), cast.gone(day(cast, ago), 30)) for ago in weeks
            ],
            ends=State.RUNNING,
            tempers=Tempers(clicks=0.3, accepts=0.15, declines=0.1),
            fields={"entry": Campaign.Entry.FLOWING, "holdout_percent": 15, "strength": 70},
        ),
        Plot(
            "At risk: may we help?",
            CampaignKind.RETENTION,
            "state=active&risk=2&plan=business&plan=enterprise",
            deepcopy(READY[CampaignKind.RETENTION]),
            begins=5,
            entries=once(5, slumping),
            ends=State.RUNNING,
            paused="The owners want to call the largest first.",
            fields={"goal": Goal.STAYED, "strength": 90},
        ),
    ]


def of_the_fix(fixes: Fixes) -> list[Plot]:
    """Both who complained and who left over it are told, once."""
    return [
        Plot(
            "The app is fast again: to who complained",
            CampaignKind.NEWS,
            f"fix_heard={fixes.app.pk}",
            fixed_path(OF_A_FIX[CampaignKind.NEWS]),
            begins=9,
            entries=lambda cast: [Entry(morning(cast.world, 9), fixes.heard(cast))],
            tempers=Tempers(clicks=0.4),
            fix=fixes.app,
            fields={"goal": Goal.STAYED, "strength": 80, "horizon_days": 30},
        ),
        Plot(
            "The app is fast again: to who left",
            CampaignKind.WIN_BACK,
            f"fix_left={fixes.app.pk}",
            fixed_path(OF_A_FIX[CampaignKind.WIN_BACK]),
            begins=8,
            entries=lambda cast: [Entry(morning(cast.world, 8), fixes.left(cast))],
            tempers=Tempers(clicks=0.4, returns=0.1),
            fix=fixes.app,
            fields={"strength": 80},
        ),
    ]


def to_come(cast: Cast, offers: Offers) -> list[Plot]:
    """One begins next week, one is still being written."""
    return [
        Plot(
            "Thank you for two years",
            CampaignKind.LOYALTY,
            f"state=active&paying_to={day_text(cast, 730)}",
            deepcopy(READY[CampaignKind.LOYALTY]),
            begins=-6,
            ends=State.SCHEDULED,
            fields={"goal": Goal.STAYED, "strength": 20},
        ),
        Plot(
            "Contracts that end this spring",
            CampaignKind.RENEWAL,
            "state=active&contract_ends_in_days=120",
            deepcopy(READY[CampaignKind.RENEWAL]),
            begins=0,
            ends=State.DRAFT,
            fields={"goal": Goal.RENEWED, "note": "Not finished: which offer goes with it?"},
        ),
        Plot(
            "Half price, if it is approved",
            CampaignKind.WIN_BACK,
            "state=lost&reason=price&lost_in_days=365",
            offer_path(offers.half),
            begins=0,
            ends=State.DRAFT,
            fields={"holdout_percent": 20},
        ),
    ]


def once(ago: int, choose: Callable[[Cast, int], list[int]]) -> Callable[[Cast], list[Entry]]:
    """All at the launch."""
    return lambda cast: [Entry(morning(cast.world, ago), choose(cast, ago))]


def day(cast: Cast, ago: int) -> Any:
    return morning(cast.world, ago).astimezone(cast.world.zone).date()


def small_payers(cast: Cast, ago: int) -> list[int]:
    plans = {"basis", "start", "team"}
    found = cast.paying(day(cast, ago))
    return [pk for pk in found if cast.lives[pk].profile.plan in plans]


def lost_to_planvind(cast: Cast, ago: int) -> list[int]:
    named = {
        row.customer_id
        for row in cast.company.cancellations
        if row.competitor.startswith("Planvind")
    }
    gone = cast.gone(day(cast, ago), 300)
    return [pk for pk in gone if cast.lives[pk].profile.number in named]


def slumping(cast: Cast, ago: int) -> list[int]:
    """Larger customers whose use has fallen and who are still there."""
    plans = {"business", "enterprise"}
    return [
        pk
        for pk in cast.paying(day(cast, ago))
        if cast.lives[pk].profile.plan in plans
        and any(slump.ends_on is None for slump in cast.lives[pk].slumps)
    ]


def to_each_reason(path: Path) -> Path:
    """The path with a letter of its own in the first mail for each reason that is sorted."""
    letters = {
        reason.key: BY_CATEGORY[reason.category]
        for reason in READY_LISTS["subscription"]
        if reason.category in BY_CATEGORY
    }
    first = next(step for step in path["steps"] if step["kind"] == MAIL)
    first["by_reason"] = letters
    return path


def with_offer(document: Mapping[str, Any], offer: int) -> Path:
    """The ready path, with an offer that its last mail tells of."""
    path: Path = deepcopy(dict(document))
    steps = path["steps"]
    place = [step["key"] for step in steps].index("mail2")
    steps[place] = with_button(mail("mail2", PLAIN), OFFER, BUTTON)
    steps.insert(place, {"key": "offer1", "kind": OFFERING, "offer": offer})
    return path
