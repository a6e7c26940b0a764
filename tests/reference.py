"""The figures computed slowly and plainly, straight from the definitions: a judge for the engine.

Day by day, customer by customer, with nothing taken from the product's own code. Money is ARR in
minor units, rates are fractions.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.world import Fact, World

EXPONENTS = {"EUR": 2, "USD": 2, "NOK": 2, "JPY": 0, "KWD": 3}
ONE_DAY = timedelta(days=1)
PERIODS_A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}


class Life:
    """One customer a day at a time: `balance[day]`, `state[day]`, `moves` of day, kind, amount."""

    def __init__(self, customer: int, facts: list[Fact], world: World) -> None:
        self.customer = customer
        self.world = world
        self.facts = facts
        self.paid = [fact for fact in facts if fact.kind == "paid" and fact.arr > 0]
        self.pauses = [fact for fact in facts if fact.kind == "paused"]
        edges = [fact.starts for fact in facts] + [fact.ends for fact in facts if fact.ends]
        self.first = min(edges)
        self.last = max(*edges, world.today) + timedelta(days=world.pause_limit + 2)
        self.balance: dict[date, int] = {}
        self.state: dict[date, str] = {}
        self.bridged: set[date] = set()  # days on which nothing changes, whatever terms say
        self.live()
        self.bridge()
        self.moves = list(self.move())

    def days(self) -> Iterable[date]:
        return (
            self.first + timedelta(days=number) for number in range((self.last - self.first).days)
        )

    def pays_on(self, day: date) -> int:
        return sum(
            fact.arr
            for fact in self.paid
            if fact.starts <= day and (fact.ends is None or day < fact.ends)
        )

    def pause_runs_on(self, day: date) -> bool:
        return any(
            fact.starts <= day and (fact.ends is None or day < fact.ends) for fact in self.pauses
        )

    def live(self) -> None:
        zero_since = None
        pausing = False
        for day in self.days():
            self.balance[day] = self.pays_on(day)
            if self.balance[day] > 0:
                self.state[day], zero_since = "active", None
                continue
            if self.state.get(day - ONE_DAY) == "active":
                zero_since, pausing = day, True
            within = zero_since and (day - zero_since).days < self.world.pause_limit
            pausing = bool(pausing and within and self.pause_runs_on(day))
            self.state[day] = "paused" if pausing else "none"

    def grace_at(self, day: date) -> int:
        ended = [fact for fact in self.paid if fact.ends == day]
        graces = [
            (fact.arr, self.world.grace if fact.grace is None else fact.grace) for fact in ended
        ]
        return max(graces)[1]

    def bridge(self) -> None:
        """Fill gaps of state none between active and active that are within the grace."""
        states = dict(self.state)
        for day in self.days():
            if states[day] != "none" or states.get(day - ONE_DAY) != "active":
                continue
            back = day
            while states.get(back) == "none":
                back += ONE_DAY
            closes = states.get(back) == "active" and (
                back <= self.world.today or day > self.world.today
            )
            if closes and (back - day).days <= self.grace_at(day):
                gap = day
                while gap < back:
                    self.balance[gap], self.state[gap] = self.balance[day - ONE_DAY], "active"
                    self.bridged.add(gap)
                    gap += ONE_DAY

    def fx_on(self, day: date) -> int:
        total = 0
        if all(fact.currency == self.world.currency for fact in self.facts):
            return 0
        for earlier in self.facts:
            for later in self.facts:
                follows = (
                    earlier.subscription == later.subscription
                    and earlier.ends == day == later.starts
                )
                both_paid = earlier.kind == later.kind == "paid"
                if follows and both_paid and earlier.currency == later.currency:
                    scale = Fraction(10) ** (
                        EXPONENTS[self.world.currency] - EXPONENTS[later.currency]
                    )
                    if later.currency != self.world.currency:
                        total += round(earlier.native * later.rate * scale) - earlier.arr
        return total

    def move(self) -> Iterable[tuple[date, str, int]]:  # noqa: C901 - as the table reads
        ever_paid = False
        last_paid = 0
        for day in self.days():
            if day > self.world.today:
                return
            before, after = self.balance.get(day - ONE_DAY, 0), self.balance[day]
            was, becomes = self.state.get(day - ONE_DAY, "none"), self.state[day]
            if before > 0 and after > 0:
                fx = 0 if day in self.bridged else self.fx_on(day)
                if fx:
                    yield day, "fx", fx
                if after - before - fx:
                    yield (
                        day,
                        "expansion" if after - before > fx else "contraction",
                        after - before - fx,
                    )
            elif before > 0:
                yield day, "pause" if becomes == "paused" else "churn", -before
            elif after > 0:
                kind = "resume" if was == "paused" else "reactivation" if ever_paid else "new"
                yield day, kind, after
            elif was == "paused" and becomes == "none":
                yield day, "pause", last_paid
                yield day, "churn", -last_paid
            ever_paid = ever_paid or after > 0
            last_paid = after or last_paid

    def on(self, day: date) -> tuple[str, int]:
        """State and balance; what comes after today has not happened."""
        day = min(day, self.world.today)
        return self.state.get(day, "none"), self.balance.get(day, 0)

    def is_under_notice(self, day: date) -> bool:
        """Still paying on `day`, its end known by then."""
        day = min(day, self.world.today)
        if self.state.get(day) != "active":
            return False
        ends = day
        while self.state.get(ends) == "active":
            ends += ONE_DAY
        if self.state.get(ends) != "none":
            return False
        taken_over = {(fact.subscription, fact.starts) for fact in self.paid}
        last = [fact for fact in self.paid if (fact.subscription, fact.ends) not in taken_over]
        ahead = [fact for fact in last if fact.ends and day < fact.ends <= ends]
        known = [self.world.known_since(fact) for fact in ahead]
        if all(since and self.world.local_day(since) <= day for since in known):
            return True
        return any(self.world.local_day(each) <= day for each in self.requests(ends))

    def requests(self, ends: date) -> Iterable[datetime]:
        for leaving in self.world.leavings:
            near = abs((leaving.effective - ends).days) <= 31
            if leaving.customer == self.customer and near and leaving.requested:
                yield leaving.requested


class Lives:
    """All customers of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.all = [Life(customer, facts, world) for customer, facts in world.believed().items()]

    def figures(self, start: date, end: date, interval: str) -> dict[str, object]:
        """The figures of `[start, end)` that follow from balances, keyed as in the definitions."""
        found = self.counts(start, end, interval)
        found |= self.money(start, end)
        found |= self.retention(start, end)
        found |= self.ahead(end)
        return found

    def of_kind(self, start: date, end: date, kind: str) -> list[int]:
        return [
            amount
            for life in self.all
            for day, of, amount in life.moves
            if of == kind and start <= day < end
        ]

    def lost(self, start: date, end: date) -> list[Life]:
        return [
            life
            for life in self.all
            if life.on(start - ONE_DAY)[0] != "none" and life.on(end - ONE_DAY)[0] == "none"
        ]

    def customers_on(self, day: date, *states: str) -> int:
        return sum(life.on(day)[0] in states for life in self.all)

    def counts(self, start: date, end: date, interval: str) -> dict[str, object]:
        at_start = self.customers_on(start - ONE_DAY, "active", "paused")
        lost = self.lost(start, end)
        rate = Fraction(len(lost), at_start) if at_start else None
        kinds = [self.kind_of_loss(life, start, end) for life in lost]
        return {
            "customers_start": at_start,
            "customers_end": self.customers_on(end - ONE_DAY, "active", "paused"),
            "paused_customers_end": self.customers_on(end - ONE_DAY, "paused"),
            "new_customers": len(self.of_kind(start, end, "new")),
            "reactivated_customers": len(self.of_kind(start, end, "reactivation")),
            "churned_customers": len(self.of_kind(start, end, "churn")),
            "lost_customers": len(lost),
            "customer_churn_rate": rate,
            "customer_retention_rate": None if rate is None else 1 - rate,
            "annualised_churn_rate": None
            if rate is None
            else 1 - float(1 - rate) ** PERIODS_A_YEAR[interval],
            "voluntary_churn_rate": share(kinds.count("voluntary"), at_start),
            "involuntary_churn_rate": share(kinds.count("involuntary"), at_start),
            "unexplained_churn_rate": share(kinds.count("unexplained"), at_start),
        }

    def kind_of_loss(self, life: Life, start: date, end: date) -> str:
        lost_on = max(day for day, kind, _ in life.moves if kind == "churn" and start <= day < end)
        near = [
            (abs((each.effective - lost_on).days), -each.recorded.timestamp(), each.involuntary)
            for each in self.world.leavings
            if each.customer == life.customer
            and abs((each.effective - lost_on).days) <= 31
            and each.recorded <= self.world.known_at
        ]
        if not near:
            return "unexplained"
        return "involuntary" if min(near)[2] else "voluntary"

    def money(self, start: date, end: date) -> dict[str, object]:
        sums = {
            kind: sum(self.of_kind(start, end, kind))
            for kind in (
                "new",
                "expansion",
                "contraction",
                "churn",
                "reactivation",
                "fx",
                "pause",
                "resume",
            )
        }
        sums["start"] = sum(life.on(start - ONE_DAY)[1] for life in self.all)
        sums["end"] = sum(life.on(end - ONE_DAY)[1] for life in self.all)
        found: dict[str, object] = {f"arr_{name}_minor": amount for name, amount in sums.items()}
        paying = self.customers_on(end - ONE_DAY, "active")
        places = 10 ** EXPONENTS[self.world.currency]
        for name, amount in sums.items():
            found[f"mrr_{name}"] = Fraction(round(Fraction(amount, 12)), places)
        found["arr_end"] = Fraction(sums["end"], places)
        found["arpa"] = (
            Fraction(round(Fraction(sums["end"], 12 * paying)), places) if paying else None
        )
        found["lost_recurring_revenue"] = Fraction(round(Fraction(-sums["churn"], 12)), places)
        losses = -(sums["contraction"] + sums["churn"])
        gains = sums["new"] + sums["reactivation"] + sums["expansion"]
        found["quick_ratio"] = share(gains, losses)
        found["mrr_top10_share"] = share(sum(self.largest(end)), sums["end"])
        return found

    def largest(self, end: date) -> list[int]:
        held: dict[int, int] = defaultdict(int)
        for life in self.all:
            held[self.top_of(life.customer)] += life.on(end - ONE_DAY)[1]
        return sorted(held.values(), reverse=True)[:10]

    def top_of(self, customer: int) -> int:
        while customer in self.world.parents:
            customer = self.world.parents[customer]
        return customer

    def retention(self, start: date, end: date) -> dict[str, object]:
        whole = kept = capped = 0
        for life in self.all:
            at_start = life.on(start - ONE_DAY)[1]
            at_end = life.on(end - ONE_DAY)[1]
            if not at_start:
                continue
            fx = sum(
                amount for day, kind, amount in life.moves if kind == "fx" and start <= day < end
            )
            constant = max(at_end - fx, 0) if at_end else 0
            whole += at_start
            kept += constant
            capped += min(at_start, constant)
        grr, nrr = share(capped, whole), share(kept, whole)
        return {
            "grr": grr,
            "nrr": nrr,
            "gross_mrr_churn_rate": None if grr is None else 1 - grr,
            "net_mrr_churn_rate": None if nrr is None else 1 - nrr,
        }

    def ahead(self, end: date) -> dict[str, object]:
        leaving = [life for life in self.all if life.is_under_notice(end - ONE_DAY)]
        return {
            "customers_under_notice": len(leaving),
            "arr_under_notice_minor": sum(life.on(end - ONE_DAY)[1] for life in leaving),
        }

    def lifetime_months(self, months: list[tuple[date, date]]) -> Fraction | None:
        """Over the six calendar months given; None under 10 churn events in them."""
        churns = sum(len(self.of_kind(start, end, "churn")) for start, end in months)
        lost = sum(len(self.lost(start, end)) for start, end in months)
        starts = sum(self.customers_on(start - ONE_DAY, "active", "paused") for start, _ in months)
        return share(starts, lost) if churns >= 10 else None

    def cohort_cells(self, periods: list[tuple[date, date]]) -> dict[int, tuple[int, list[int]]]:
        """By number of the first paid period: members, and how many are active at each age."""
        found: dict[int, tuple[int, list[int]]] = {}
        for number, (start, end) in enumerate(periods):
            members = [
                life
                for life in self.all
                if any(kind == "new" and start <= day < end for day, kind, _ in life.moves)
            ]
            if members:
                ages = [
                    sum(life.on(close - ONE_DAY)[0] == "active" for life in members)
                    for _, close in periods[number:]
                    if close - ONE_DAY <= self.world.today
                ]
                found[number] = (len(members), ages)
        return found


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
