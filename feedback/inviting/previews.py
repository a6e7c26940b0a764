"""What a rule would do, told before it is switched on: how many, whom not and why, how exact."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, sqrt

from feedback.inviting.addressees import Addressees, Asking, choose
from feedback.inviting.occasions import occasions
from feedback.inviting.rounds import in_segment
from feedback.models import Invitation, SendingRule, Survey

USUAL_RATE = 0.2  # of those asked answer, where nothing is known of a survey yet
ENOUGH = 30  # invitations from which a survey's own rate is taken
MOST = 5_000  # customers that are looked at one by one
Z = 1.96
SAYS_NOTHING = 50  # points of NPS either way: half of its scale
EXACT = 10


@dataclass(frozen=True)
class Preview:
    """Counts of customers, of a sample where there are very many: `is_rough` then; `chosen` are
    those of the sample.

    `margin` is half of the expected 95 % interval: points of NPS, else parts of 1; None without
    an expected answer.
    """

    found: int
    asked: int
    left_out: dict[str, int]
    rate: float
    expected: int
    margin: float | None
    is_rough: bool = False
    chosen: Addressees = field(default_factory=Addressees)

    @property
    def says_nothing(self) -> bool:
        """Whether the answers to expect are too few for an NPS."""
        return self.margin is not None and self.margin > SAYS_NOTHING

    @property
    def answers_for_exact(self) -> int:
        """So many answers give an NPS within ten points either way, at the widest."""
        return ceil((Z * 100 / EXACT) ** 2)


def preview(rule: SendingRule, *, now: datetime) -> Preview:
    """What the rule would do now; changes nothing. Of very many customers, a spread of them is
    looked at and stands for all.
    """
    found = sorted({each.customer_id for each in in_segment(rule, occasions(rule, now=now))})
    looked_at = found[:: -(-len(found) // MOST) or 1]
    times = len(found) / len(looked_at) if looked_at else 1
    chosen = choose(Asking.by_rule(rule), looked_at, now=now)
    left_out = Counter(chosen.left_out.values())
    asked, rate = round(len(chosen.asked) * times), rate_of(rule.survey)
    return Preview(
        found=len(found),
        asked=asked,
        left_out={reason: round(count * times) for reason, count in left_out.items()},
        rate=rate,
        expected=round(asked * rate),
        margin=margin(rule.survey.kind, round(asked * rate)),
        is_rough=len(looked_at) < len(found),
        chosen=chosen,
    )


def rate_of(survey: Survey) -> float:
    """The share that answered this survey so far, or what is usual."""
    asked = Invitation.objects.filter(survey=survey, called_back_at=None)
    invited = asked.count()
    if invited < ENOUGH:
        return USUAL_RATE
    return asked.exclude(response__answered_at=None).count() / invited


def margin(kind: str, answers: int) -> float | None:
    """The widest that the interval's half can be: opinions split in two even halves.

    NPS: 1.96 · 100 / √n points, since scores of −100 and 100 in halves have a deviation of 100.
    A share: 1.96 · √(0.25 / n).
    """
    if not answers:
        return None
    return Z * 100 / sqrt(answers) if kind == "nps" else Z * sqrt(0.25 / answers)
