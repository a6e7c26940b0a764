"""Scores from counts of answers: NPS, CSAT, satisfaction index, effort; and shares of those asked.

Pure: no database, no clock. A question left open counts in none of them. Without an answer a score
is None, never 0. Every interval is one of 95 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from churnapp.common.intervals import Interval, Z, is_within_noise, wilson

Counts = Mapping[int, int]

# What an answer may be, by the kind of its question.
SCALES = {"nps": (0, 10), "rating": (1, 5), "effort": (1, 7)}
# The question that gives a kind of survey its score; a survey of another kind has none.
SCORED_BY = {"nps": "nps", "csat": "rating", "ces": "effort"}
PROMOTER, PASSIVE, SATISFIED = 9, 7, 4
# Who answers does so within some days of the mail: until then silence says nothing. It is over
# before the first reminder goes out (four days, unless a rule says otherwise).
ANSWERING_TIME = timedelta(days=3)


@dataclass(frozen=True)
class Score:
    """One figure of `n` answers, with its interval where one can be given."""

    n: int
    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True)
class Asked:
    """How many were asked, and how many of them answered; `lately` were within `ANSWERING_TIME`."""

    invited: int = 0
    answered: int = 0
    invited_lately: int = 0
    answered_lately: int = 0

    @property
    def rate(self) -> Score:
        """The response rate with its Wilson interval; None where nobody was asked."""
        return share(self.answered, self.invited)

    @property
    def settled(self) -> "Asked":
        """Without those asked lately: a rate that does not fall the moment a round goes out."""
        return Asked(self.invited - self.invited_lately, self.answered - self.answered_lately)


def total(counts: Counts) -> int:
    return sum(counts.values())


def promoters(counts: Counts) -> int:
    """Answers of 9 and 10."""
    return sum(number for answer, number in counts.items() if answer >= PROMOTER)


def passives(counts: Counts) -> int:
    """Answers of 7 and 8."""
    return total(counts) - promoters(counts) - detractors(counts)


def detractors(counts: Counts) -> int:
    """Answers of 0 to 6."""
    return sum(number for answer, number in counts.items() if answer < PASSIVE)


def nps(counts: Counts) -> Score:
    """Net Promoter Score, from −100 to 100: % of 9–10 less % of 0–6 (Reichheld, HBR 12/2003).

    An answer counts 1, 0 or −1; with their mean N, the standard error is that of a mean:
    sqrt((p₁(1 − N)² + p₀N² + p₋₁(1 + N)²) / n). The interval stays within the scale; where all
    answers are alike it has no width, which says nothing about those who were not asked.
    """
    n = total(counts)
    if not n:
        return Score(0, None)
    up, none, down = (part(counts) / n for part in (promoters, passives, detractors))
    net = up - down
    error = sqrt((up * (1 - net) ** 2 + none * net**2 + down * (1 + net) ** 2) / n)
    low, high = max(-1.0, net - Z * error), min(1.0, net + Z * error)
    exact = (promoters(counts) - detractors(counts)) * 100 / n
    return Score(n, exact, (low * 100, high * 100))


def csat(counts: Counts) -> Score:
    """Share of answers 4 and 5 of 5, from 0 to 1, with its Wilson interval."""
    satisfied = sum(number for answer, number in counts.items() if answer >= SATISFIED)
    return share(satisfied, total(counts))


def satisfaction_index(counts: Counts, lowest: int = 1, highest: int = 5) -> float | None:
    """KTI, NKI: the mean of the answers, each scaled to 0–100 between the scale's ends."""
    average = mean(counts).value
    return None if average is None else (average - lowest) / (highest - lowest) * 100


def ces(counts: Counts) -> Score:
    """Customer Effort Score: the mean on a scale of 1 to 7, 7 being easy, within its scale."""
    return mean_on(SCALES["effort"], counts)


def mean_on(scale: tuple[int, int], counts: Counts) -> Score:
    """The mean of answers on a scale, its interval within the scale."""
    found = mean(counts)
    if found.interval is None:
        return found
    low, high = found.interval
    return Score(found.n, found.value, (max(scale[0], low), min(scale[1], high)))


def mean(counts: Counts) -> Score:
    """The mean of the answers; an interval (normal, unbiased variance) from two answers on."""
    n = total(counts)
    if not n:
        return Score(0, None)
    average = sum(answer * number for answer, number in counts.items()) / n
    if n == 1:
        return Score(n, average)
    squares = sum(number * (answer - average) ** 2 for answer, number in counts.items())
    error = sqrt(squares / (n - 1) / n)
    return Score(n, average, (average - Z * error, average + Z * error))


def share(part: int, whole: int) -> Score:
    """`part / whole` with its Wilson interval; None for an empty whole."""
    return Score(whole, part / whole if whole else None, wilson(part, whole))


def is_noise(one: Score, other: Score) -> bool | None:
    """Whether two independent scores are as far apart as chance alone may bring them.

    The interval of the difference (Newcombe, 1998, from the two scores' own intervals) includes
    zero. None where either has no interval.
    """
    if one.interval is None or other.interval is None or one.value is None or other.value is None:
        return None
    return is_within_noise(one.value, one.interval, other.value, other.interval)


def sentiment(kind: str, number: int | None) -> int | None:
    """−1 bad, 0 neutral, 1 good, as a customer's timeline tells it; None for no score.

    NPS by detractor, passive and promoter; ratings below, at and above the middle of the scale.
    """
    if number is None or kind not in SCALES:
        return None
    if kind == "nps":
        return (number >= PASSIVE) + (number >= PROMOTER) - 1
    middle = sum(SCALES[kind]) / 2
    return (number > middle) - (number < middle)
