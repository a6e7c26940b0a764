"""The path drawn: each step with how many are at it and through it, and the ways between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns import paths
from campaigns.models import Campaign, Recipient, StepDone
from campaigns.path_checks import problems
from campaigns.path_words import ICONS, KINDS, named, step_words
from campaigns.paths import Path, Step
from campaigns.views.path_cards import problems_by_step

MOST_LANES = 6
WIDTH, FIRST = 14, 10  # of a lane, and from the steps to the first one, in pixels
YES, NO = ("yes", "waited"), ("no", "late")


@dataclass(frozen=True)
class Way:
    """Where one goes on to that is not just the next step; `share` of those who came by."""

    label: str
    goal: str
    goal_key: str
    count: int
    share: float | None


@dataclass(frozen=True)
class Node:
    """A step of the drawing."""

    number: int
    step: Step
    kind: str | Promise
    icon: str
    words: str
    here: int
    done: int
    outcomes: list[tuple[str, int]]
    ways: list[Way]
    problems: list[str]
    is_goal: bool


@dataclass(frozen=True)
class Line:
    """A way that passes steps over, as a path of SVG; `is_no` is drawn broken."""

    d: str
    is_no: bool


@dataclass(frozen=True)
class Drawing:
    nodes: list[Node]
    lines: list[Line]
    lanes: int
    through: int

    @property
    def width(self) -> int:
        return FIRST + self.lanes * WIDTH

    @property
    def height(self) -> int:
        return len(self.nodes) + 1


@dataclass(frozen=True)
class Counts:
    """How many are at each step now, what became of others, and who ended early after it."""

    here: Mapping[str, int]
    done: Mapping[str, Mapping[str, int]]
    ended: Mapping[str | None, int]
    through: int

    @classmethod
    def of(cls, campaign: Campaign) -> "Counts":
        rows = Recipient.objects.filter(campaign=campaign).order_by()
        under_way = rows.filter(state=Recipient.State.UNDER_WAY)
        here = dict(under_way.values_list("step").annotate(number=Count("pk")))
        done: defaultdict[str, dict[str, int]] = defaultdict(dict)
        steps = StepDone.objects.filter(recipient__campaign=campaign).order_by()
        for step, outcome, number in steps.values_list("step", "outcome").annotate(
            number=Count("pk")
        ):
            done[step][outcome] = number
        last = StepDone.objects.filter(recipient=OuterRef("pk")).order_by("-pk").values("step")
        gone = rows.filter(state=Recipient.State.EXITED).annotate(last=Subquery(last[:1]))
        ended = dict(gone.values_list("last").annotate(number=Count("pk")))
        return cls(here, done, ended, rows.filter(state=Recipient.State.DONE).count())


def draw(campaign: Campaign, names: dict[int, str]) -> Drawing:
    path, counts = Path.read(campaign.path), Counts.of(campaign)
    wrong = problems_by_step(problems(path)) if campaign.may_change else {}
    jumps = list(jumps_of(path))
    sketch = Sketch(path, counts, names, wrong, {goal for _start, goal, _is_no in jumps})
    lines, lanes = lay_out(jumps)
    nodes = [sketch.node(place) for place in range(len(path.steps))]
    return Drawing(nodes, lines, lanes, counts.through)


@dataclass(frozen=True)
class Sketch:
    """What the nodes are drawn from; `goals` are the places that lines lead to."""

    path: Path
    counts: Counts
    names: dict[int, str]
    wrong: Mapping[str, list[str]]
    goals: set[int]

    def node(self, place: int) -> Node:
        step = self.path.steps[place]
        outcomes = self.counts.done.get(step.key, {})
        labels = dict(StepDone.Outcome.choices)
        said = [(str(labels.get(key, key)), number) for key, number in outcomes.items()]
        if ended := self.counts.ended.get(step.key):
            said.append((_("ended early after it"), ended))
        return Node(
            number=place + 1,
            step=step,
            kind=KINDS.get(step.kind, step.kind),
            icon=ICONS.get(step.kind, "alert-circle"),
            words=step_words(step, self.names),
            here=self.counts.here.get(step.key, 0),
            done=sum(outcomes.values()),
            outcomes=said,
            ways=list(ways_of(self.path, step, outcomes, self.names)),
            problems=self.wrong.get(step.key, []),
            is_goal=place in self.goals,
        )


def ways_of(
    path: Path, step: Step, outcomes: Mapping[str, int], names: dict[int, str]
) -> Iterable[Way]:
    """The ways on where there are two, or where one passes steps over."""
    total = sum(outcomes.values())

    def way(label: str, goal: str, passed: tuple[str, ...]) -> Way:
        count = sum(outcomes.get(outcome, 0) for outcome in passed)
        share = count / total if total else None
        return Way(label, named(path, goal, names), goal or paths.END, count, share)

    if step.kind == paths.BRANCH:
        yield way(_("If so"), path.after(step, yes=True), YES)
        yield way(_("If not"), path.after(step, yes=False), NO)
    elif step.kind == paths.UNTIL:
        yield way(_("Once it is so"), path.after(step), YES)
        if step.at_most_days:
            yield way(_("If it does not come to pass"), path.after(step, yes=False), NO)
    elif step.then:
        yield way(_("Then"), path.after(step), tuple(outcomes))


def jumps_of(path: Path) -> Iterable[tuple[int, int, bool]]:
    """Ways that pass steps over: from which place to which, and whether it is the one of no."""
    places = {step.key: place for place, step in enumerate(path.steps)} | {"": len(path.steps)}
    for place, step in enumerate(path.steps):
        goals = {False: path.after(step)}
        if step.kind == paths.BRANCH:
            goals = {False: path.after(step, yes=True), True: path.after(step, yes=False)}
        elif step.kind == paths.UNTIL and step.at_most_days:
            goals[True] = path.after(step, yes=False)
        for is_no, goal in goals.items():
            there = places.get(goal, place)
            if there > place + 1:
                yield place, there, is_no


def lay_out(jumps: list[tuple[int, int, bool]]) -> tuple[list[Line], int]:
    """The lines, short ones next to the steps; and how many lanes that takes."""
    taken: list[list[tuple[int, int]]] = []
    placed: list[tuple[int, int, bool, int]] = []
    for start, goal, is_no in sorted(jumps, key=lambda jump: jump[1] - jump[0]):
        free = (
            at
            for at, lane in enumerate(taken)
            if all(goal <= other or start >= end for other, end in lane)
        )
        lane = next(free, min(len(taken), MOST_LANES - 1))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, goal))
        placed.append((start, goal, is_no, lane))
    width = FIRST + len(taken) * WIDTH
    return [line(*each, width) for each in placed], len(taken)


def line(start: int, goal: int, is_no: bool, lane: int, width: int) -> Line:
    x = width - FIRST - lane * WIDTH
    shift = 0.12 if is_no else -0.12  # so that the two ways of a branch don't lie on each other
    d = f"M{width} {start + 0.5 + shift} H{x} V{goal + 0.5 + shift} H{width}"
    return Line(d, is_no)


def audience_facts(campaign: Campaign) -> dict[str, Any]:
    """Who is in it and who was left out, by why; who has gone, by why."""
    rows = Recipient.objects.filter(campaign=campaign).order_by()
    found = rows.values_list("state", "why").annotate(number=Count("pk"))
    by_state: defaultdict[str, int] = defaultdict(int)
    left_out, went = {}, {}
    for state, why, number in found:
        by_state[state] += number
        if state == Recipient.State.LEFT_OUT:
            left_out[why] = number
        elif state == Recipient.State.EXITED:
            went[why] = number
    return {"states": dict(by_state), "left_out": left_out, "went": went}
