"""How far the treated came, why not further, who they are, and what became of offers."""

from dataclasses import dataclass

from campaigns.results.asking import Asked

BEFORE = ("drawn", "paid", "outcome", "marks")
# What lists can be asked for, and figures count: the columns of marks.sql.
TREATED, HELD_OUT, GOAL = "treated", "held_out", "goal"
STEPS = (
    TREATED, "mailed", "sent", "delivered", "not_delivered", "clicked", "scanned", "answered",
    "offered", "accepted", GOAL, "pays",
)  # fmt: skip
REACHED = (*STEPS, HELD_OUT)


@dataclass(frozen=True)
class WhyNot:
    """So often something did not come about. `what`: left_out, not_mailed, not_offered or mail."""

    what: str
    code: str
    state: str
    number: int


@dataclass(frozen=True)
class OfferMade:
    """What became of one offer that a campaign made; `cost_minor` is of the accepted ones."""

    offer_id: int
    made: int
    accepted: int
    reached: int
    cost_minor: int
    open: int


def funnel_of(asked: Asked) -> dict[str, int]:
    """How many of the treated came to each step."""
    counts = ", ".join(f"count(*) FILTER (WHERE {name})" for name in STEPS)
    (numbers,) = asked.run((*BEFORE, "funnel"), places={"counts": counts})
    return dict(zip(STEPS, numbers, strict=True))


def why_not(asked: Asked) -> list[WhyNot]:
    return [WhyNot(*row) for row in asked.run(("why_not",), places={})]


def offers_made(asked: Asked) -> list[OfferMade]:
    rows = asked.run(("drawn", "paid", "outcome", "offers"), places={})
    return [
        OfferMade(offer, made, accepted, reached, int(cost), is_open)
        for offer, made, accepted, reached, cost, is_open in rows
    ]


def people_at(asked: Asked, reached: str, *, held_out: bool) -> list[int]:
    """The keys of the recipients behind a figure, of one arm, in the order they came in.

    Raises KeyError for a figure that there is not.
    """
    if reached not in REACHED:
        raise KeyError(reached)
    arm = HELD_OUT if held_out else TREATED
    condition = arm if reached in {TREATED, HELD_OUT} else f"{arm} AND {reached}"
    rows = asked.run((*BEFORE, "people"), places={"condition": condition})
    return [key for (key,) in rows]
