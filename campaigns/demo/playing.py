"""A campaign of the past is played: its own engine takes each step at the moment it was due.

What customers did about it, and what became of mails, is drawn from their dice.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Min

from campaigns.demo.cast import Cast
from campaigns.demo.comebacks import Comeback, Returns
from campaigns.demo.fates import Tempers, answer_offers, deliver
from campaigns.models import Campaign, Goal, Recipient, StepDone
from campaigns.paths import MAIL, OFFERING, Path
from campaigns.sequences.advancing import take_chunk
from campaigns.sequences.doing import Doing
from campaigns.sequences.entering import enter
from churnapp.models import Organisation
from customers.models import Task

State = Recipient.State


@dataclass(frozen=True)
class Entry:
    """Who comes in at a moment."""

    at: datetime
    customers: list[int]


@dataclass
class Play:
    """One campaign from its launch until `until`."""

    cast: Cast
    returns: Returns
    campaign: Campaign
    tempers: Tempers
    until: datetime
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path = Path.read(self.campaign.path)

    def run(self, entries: list[Entry]) -> None:
        """Let them come in, and go on from moment to moment until all is told."""
        waiting = sorted(entries, key=lambda entry: entry.at)
        while (moment := self.next_moment(waiting)) is not None:
            while waiting and waiting[0].at <= moment:
                self.let_in(waiting.pop(0))
            self.let_go(moment)
            self.take_steps(moment)
        self.let_go(self.until)

    def next_moment(self, waiting: list[Entry]) -> datetime | None:
        under_way = Recipient.objects.filter(campaign=self.campaign, state=State.UNDER_WAY)
        due = under_way.aggregate(due=Min("due_at"))["due"]
        moments = [*(entry.at for entry in waiting[:1]), *([due] if due else [])]
        return min(moments) if moments and min(moments) < self.until else None

    def let_in(self, entry: Entry) -> None:
        """Those who fitted on that day, drawn as they are by a launch."""
        chosen = [pk for pk in entry.customers if not self.is_reached(pk, entry.at)]
        if not chosen:
            return
        meant = self.campaign.audience
        numbers = [self.cast.lives[pk].profile.external_id for pk in chosen]
        self.campaign.audience = urlencode({"customer_id": numbers}, doseq=True)
        enter(self.campaign, entry.at)
        self.campaign.audience = meant
        came = Recipient.objects.filter(campaign=self.campaign, entered_at=entry.at)
        for customer in came.treated().values_list("customer", flat=True):
            self.maybe_return(customer, entry.at)

    def is_reached(self, customer: int, moment: datetime) -> bool:
        """Whether they are back already, where that is the goal."""
        return self.campaign.goal == Goal.RETURNED and self.returns.is_back(customer, moment)

    def maybe_return(self, customer: int, entered_at: datetime) -> None:
        """A letter alone brings some back, at the full price."""
        dice = self.cast.dice(customer, self.campaign.name, "return")
        at = entered_at + timedelta(days=dice.randrange(4, 60), minutes=dice.randrange(300))
        day = at.astimezone(self.cast.world.zone).date()
        if dice.random() >= self.tempers.returns or at >= self.cast.world.now:
            return
        if self.returns.is_free(customer, entered_at):
            self.returns.add(Comeback(customer, at, day))

    def let_go(self, moment: datetime) -> None:
        """Who has come back goes, as the engine lets them go at the goal."""
        if self.campaign.goal != Goal.RETURNED:
            return
        under_way = Recipient.objects.filter(campaign=self.campaign, state=State.UNDER_WAY)
        back = [one.pk for one in under_way if self.returns.is_back(one.customer_id, moment)]
        under_way.filter(pk__in=back).update(
            state=State.EXITED, why="goal", step="", ended_at=moment
        )

    def take_steps(self, moment: datetime) -> None:
        """All that is due; customers answer to offers once the mail that tells of them is out."""
        organisation = Organisation.current()
        offers = []
        for step in self.path.steps:
            doing = Doing(self.campaign, self.path, step, organisation, moment)
            while take_chunk(doing):
                pass
            done = StepDone.objects.filter(
                recipient__campaign=self.campaign, step=step.key, at=moment
            )
            if step.kind == MAIL:
                deliver(self.cast, done, self.tempers)
            elif step.kind == OFFERING:
                offers.append(done)
        for done in offers:
            answer_offers(self.returns, done, self.tempers)
        self.see_to_tasks(moment)

    def see_to_tasks(self, moment: datetime) -> None:
        """Tasks of long ago were done within days; the owners still have the newest."""
        given = Task.objects.filter(
            key__startswith=f"campaign:{self.campaign.pk}:", created_at=moment, done_at=None
        )
        if moment < self.cast.world.now - timedelta(days=14):
            given.update(done_at=moment + timedelta(days=2))
