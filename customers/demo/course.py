"""How a life goes on from month to month."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from customers.demo.branches import second_subscription
from customers.demo.catalogue import PLANS, amount_minor, next_plan
from customers.demo.lives import Departure, Kind, Life, Order, Revision, Stream, known_after
from customers.demo.odds import Circumstances, draw_reason, monthly_odds
from customers.demo.profiles import Profile
from customers.demo.slumps import slumps
from customers.demo.world import World, add_months

HORIZON = timedelta(days=100)


def live(world: World, profile: Profile) -> Life:
    """Let one customer live up to `world.today`, and a little beyond where it is known."""
    course = Course(world, profile)
    course.run()
    life = course.life
    life.streams = [stream for stream in life.streams if stream.revisions]
    announce_rise(life, world)
    life.slumps = slumps(life, world)
    if branch := second_subscription(life, world):
        life.streams.append(branch)
    return life


def announce_rise(life: Life, world: World) -> None:
    """Enterprise pays more from the month after next, and was told so last week."""
    stream = life.streams[-1]
    last, on = stream.revisions[-1], world.story.next_rise_on
    told_at = world.at(world.today - timedelta(days=6), world.dice(life.profile.number, "rise"))
    known_at = known_after(stream, told_at)
    runs = last.kind is Kind.PAID and last.order.plan == "enterprise" and last.on < on
    if runs and known_at <= world.now:
        dearer = replace(last.order, amount_minor=last.order.amount_minor * 13 // 12)
        stream.revise(Revision(on, known_at, Kind.PAID, dearer))


class Course:
    """The state of one customer while its life is told."""

    def __init__(self, world: World, profile: Profile) -> None:
        self.world, self.profile = world, profile
        self.dice = world.dice(profile.number, "life")
        self.life = Life(profile)
        self.plan, self.seats, self.interval = profile.plan, profile.seats, profile.interval
        self.raised = profile.signed_up_on >= world.story.price_rise_on
        self.frailty = self.dice.gammavariate(1.5, 1 / 1.5)
        self.started_on = profile.signed_up_on
        self.paused_until: date | None = None
        self.gone = False
        self.back_on: date | None = None
        self.new_stream()

    # What is recorded

    def new_stream(self) -> None:
        number = len(self.life.streams) + 1
        self.life.streams.append(Stream(f"{self.profile.external_id}-{number}"))

    @property
    def stream(self) -> Stream:
        return self.life.streams[-1]

    @property
    def order(self) -> Order:
        price = amount_minor(self.plan, self.profile.currency, self.interval, raised=self.raised)
        return Order(self.plan, self.seats, self.interval, price)

    def known(self, day: date) -> datetime:
        return known_after(self.stream, self.world.at(day, self.dice))

    def revise(self, on: date, kind: Kind, known_at: datetime) -> bool:
        """Record what holds from `on`, unless nobody knows it yet."""
        if known_at > self.world.now:
            return False
        self.stream.revise(Revision(on, known_at, kind, self.order))
        return True

    # What happens

    def run(self) -> None:
        day = self.profile.signed_up_on
        if self.dice.random() < 0.7:
            self.revise(day, Kind.TRIAL, self.known(day))
            day += timedelta(days=14 if self.plan in {"basis", "start"} else 30)
            if self.dice.random() < (0.24 if self.profile.onboarding == "self-serve" else 0.12):
                self.revise(day, Kind.END, self.known(day))
                return
        if self.plan not in {"basis", "start"} and self.dice.random() < 0.12:
            self.lose_champion(day)
        self.pay(day)
        while self.back_on:
            self.come_back(self.back_on)

    def lose_champion(self, paid_from: date) -> None:
        left_on = paid_from + timedelta(days=self.dice.randrange(90, 900))
        if left_on < self.world.today:
            self.life.champion_left_on = left_on

    def pay(self, day: date) -> None:
        """Pay from `day` on, and go on until the customer leaves or today is reached."""
        if not self.revise(day, Kind.PAID, self.known(day)):
            return
        self.life.paid_from = self.life.paid_from or day
        self.started_on, self.gone, month = day, False, 1
        while not self.gone and (due := add_months(day, month)) <= self.world.today + HORIZON:
            self.month(due, renews=self.interval == "month" or month % 12 == 0)
            month += 1

    def month(self, day: date, *, renews: bool) -> None:
        if self.paused_until:
            self.maybe_resume(day)
        elif renews and self.dice.random() < self.odds(day):
            self.leave(day)
        elif renews and self.pauses(day):
            self.pause(day)
        else:
            self.maybe_reorder(day, renews=renews)

    def odds(self, day: date) -> float:
        """A yearly order is renewed once a year: ten months' odds fall on that day."""
        month = monthly_odds(self.circumstances(day), self.world.story) * self.frailty
        return 1 - (1 - min(month, 0.9)) ** 10 if self.interval == "year" else month

    def circumstances(self, day: date) -> Circumstances:
        left_on = self.life.champion_left_on
        alone = left_on is not None and timedelta(0) < day - left_on < timedelta(days=200)
        age = (day - self.started_on).days
        return Circumstances(self.profile, self.plan, day, age, alone)

    # Orders

    def maybe_reorder(self, day: date, *, renews: bool) -> None:
        before = self.order
        raises = renews and not self.raised and day >= self.world.story.price_rise_on
        self.raised = self.raised or raises
        if self.plan == "basis" and day >= self.world.story.plan_migration_on:
            self.plan = "start"
        elif not raises:
            self.resize()
        known_at = self.known(day - timedelta(days=30 if raises else self.dice.randrange(6)))
        if before.plan == "basis" != self.plan and self.dice.random() < 0.3:
            self.move_to_new_billing(day, known_at)
        elif self.order != before and self.revise(day, Kind.PAID, known_at):
            self.maybe_mistake(before)

    def move_to_new_billing(self, day: date, known_at: datetime) -> None:
        """The old subscription ends where a new one starts, at the same price."""
        if self.revise(day, Kind.END, known_at):
            self.new_stream()
            self.revise(day, Kind.PAID, known_at)

    def resize(self) -> None:
        chance = self.dice.random()
        if chance < 0.075:
            self.seats += max(1, round(self.seats * self.dice.uniform(0.05, 0.3)))
        elif chance < 0.097:
            self.seats -= max(1, round(self.seats * self.dice.uniform(0.05, 0.3)))
        elif chance < 0.104:
            self.change_plan(1)
        elif chance < 0.107:
            self.change_plan(-1)
        self.seats = max(2, self.seats)
        if self.seats > PLANS[self.plan].seats[1] * 1.3:
            self.change_plan(1)

    def change_plan(self, steps: int) -> None:
        plan = next_plan(self.plan, steps)
        if plan is None:
            return
        self.plan = plan
        if steps < 0:
            self.seats = min(self.seats, PLANS[plan].seats[1])

    def maybe_mistake(self, before: Order) -> None:
        """Now and then an order is keyed in wrongly, and found out after the month's report."""
        last = self.stream.revisions[-1]
        if last.order.seats == before.seats or self.dice.random() > 0.05:
            return
        found_at = self.world.at(
            last.known_at.date() + timedelta(days=self.dice.randrange(20, 50)), self.dice
        )
        if found_at < self.world.now:
            self.stream.revisions[-1] = replace(
                last, mistaken_seats=last.order.seats * 3, corrected_at=found_at
            )

    # Pauses

    def pauses(self, day: date) -> bool:
        seasonal = self.profile.industry == "tourism" and day.month in {4, 10, 11}
        return self.dice.random() < (0.16 if seasonal else 0.006)

    def pause(self, day: date) -> None:
        if self.revise(day, Kind.PAUSED, self.known(day - timedelta(days=3))):
            self.paused_until = add_months(day, self.dice.choice((1, 1, 2, 2, 2, 2, 2, 2, 5)))

    def maybe_resume(self, day: date) -> None:
        if self.paused_until and day >= self.paused_until:
            self.paused_until = None
            self.revise(day, Kind.PAID, self.known(day - timedelta(days=1)))

    # Leaving and coming back

    def leave(self, day: date) -> None:
        reason = draw_reason(self.dice, self.circumstances(day), self.world.story)
        notice = 0 if reason == "payment-failed" else self.notice_days()
        requested_at = self.world.at(day - timedelta(days=notice), self.dice)
        late = notice > 0 and self.dice.random() < 0.04
        told_at = self.world.at(day + timedelta(days=25), self.dice) if late else requested_at
        recorded_at = known_after(self.stream, told_at)
        if not self.revise(day, Kind.END, recorded_at):
            return
        departure = Departure(
            subscription=self.stream.external_id,
            requested_at=min(requested_at, recorded_at) if notice else None,
            recorded_at=recorded_at,
            effective_on=day,
            reason=reason,
        )
        self.life.departures.append(departure)
        self.gone = True
        if notice >= 14 and self.dice.random() < 0.12:
            self.stay_after_all(departure)
        elif reason != "closed-or-merged" and self.dice.random() < 0.11:
            self.back_on = day + timedelta(days=self.dice.randrange(40, 280))

    def notice_days(self) -> int:
        return (
            self.dice.randrange(3, 45) if self.interval == "month" else self.dice.randrange(25, 96)
        )

    def stay_after_all(self, departure: Departure) -> None:
        """Somebody called, and the notice was taken back."""
        saved_at = departure.recorded_at + timedelta(days=self.dice.randrange(3, 13))
        if saved_at > self.world.now or saved_at.date() >= departure.effective_on:
            return
        self.life.departures[-1] = replace(departure, withdrawn_at=saved_at)
        self.stream.revisions[-1] = replace(self.stream.revisions[-1], withdrawn_at=saved_at)
        self.gone, self.frailty = False, self.frailty * 0.4

    def come_back(self, day: date) -> None:
        self.back_on = None
        if day < self.world.today:
            self.new_stream()
            self.frailty *= 0.6
            self.raised = day >= self.world.story.price_rise_on
            self.pay(day)
