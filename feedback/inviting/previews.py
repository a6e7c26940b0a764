"""What a rule would do, told before it is switched on: how many, whom not and why, how exact."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from feedback.inviting.addressees import Asking, choose
from feedback.inviting.occasions import occasions
from feedback.inviting.rounds import in_segment
from feedback.models import Invitation, SendingRule, Survey

USUAL_RATE = 0.2  # of those asked answer, where nothing is known of a survey yet
ENOUGH = 30  # invitations from which a survey's own rate is taken
Z = 1.96


@dataclass(frozen=True)
class Preview:
    """`margin` is half of the expected 95 % interval: points of NPS, else parts of 1; None without
    an expected answer.
    """

    found: int
    asked: int
    left_out: dict[str, int]
    rate: float
    expected: int
    margin: float | None


def preview(rule: SendingRule, *, now: datetime) -> Preview:
    """What the rule would do now; changes nothing."""
    found = in_segment(rule, occasions(rule, now=now))
    customers = {occasion.customer_id for occasion in found}
    chosen = choose(Asking.by_rule(rule), customers, now=now)
    rate = rate_of(rule.survey)
    expected = round(len(chosen.asked) * rate)
    return Preview(
        found=len(customers),
        asked=len(chosen.asked),
        left_out=dict(Counter(chosen.left_out.values())),
        rate=rate,
        expected=expected,
        margin=margin(rule.survey.kind, expected),
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
