"""Scores as a reader's language writes them, with what they leave open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext

from churnapp.common import formats
from churnapp.common.charts.scales import Scale
from feedback.scores import SCALES, SCORED_BY, Score

# By kind of survey: parts of the scale with their name, ends and colour, the best first.
Part = tuple[str, Promise, int, int, str]
PARTS: dict[str, tuple[Part, ...]] = {
    "nps": (
        ("promoters", _lazy("Promoters, 9–10"), 9, 10, "tone-gain"),
        ("passives", _lazy("Passives, 7–8"), 7, 8, "tone-4"),
        ("detractors", _lazy("Detractors, 0–6"), 0, 6, "tone-loss"),
    ),
    "csat": (
        ("satisfied", _lazy("Satisfied, 4–5"), 4, 5, "tone-gain"),
        ("neutral", _lazy("Neither, 3"), 3, 3, "tone-4"),
        ("dissatisfied", _lazy("Dissatisfied, 1–2"), 1, 2, "tone-loss"),
    ),
    "ces": (
        ("easy", _lazy("Easy, 5–7"), 5, 7, "tone-gain"),
        ("neutral", _lazy("Neither, 4"), 4, 4, "tone-4"),
        ("hard", _lazy("Hard, 1–3"), 1, 3, "tone-loss"),
    ),
}
NAMES: dict[str, str | Promise] = {
    "nps": _lazy("NPS"),
    "csat": _lazy("CSAT"),
    "ces": _lazy("Effort (CES)"),
}


def writer(kind: str) -> Callable[[float | None], str]:
    """How figures of a kind of survey are written."""
    if kind == "csat":
        return lambda value: formats.percent(value, 0)
    return lambda value: formats.number(value, 1 if kind == "ces" else 0)


def axis_of(kind: str) -> Scale:
    """The whole scale of a kind of score, from its worst end to its best."""
    axes = {"nps": Scale(-100, 100, 50), "csat": Scale(0, 1, 0.25), "ces": Scale(1, 7, 1)}
    return axes[kind]


def out_of(kind: str, score: int) -> str:
    """A single answer on the scale of its kind: 3 of 10."""
    _least, most = SCALES[SCORED_BY[kind]]
    return pgettext("a score", "%(score)s of %(most)s") % {"score": score, "most": most}


@dataclass(frozen=True)
class Shown:
    """A score in words; `between` is its interval, empty where there is none."""

    text: str
    between: str


def shown(kind: str, score: Score) -> Shown:
    write = writer(kind)
    return Shown(write(score.value), between(score, write))


def shown_share(score: Score) -> Shown:
    """A share of 1 as a percentage."""
    return shown("csat", score)


def point_words(kind: str, score: Score) -> str:
    """A score as one of a row of them: with its interval, and of how many answers it is."""
    if score.value is None:
        return formats.not_available()
    answers = ngettext("%(shown)s answer", "%(shown)s answers", score.n)
    told = shown(kind, score)
    facts = {
        "score": told.text,
        "range": told.between,
        "answers": answers % {"shown": formats.number(score.n)},
    }
    if not told.between:
        return _("%(score)s (%(answers)s, too few or too alike for a range)") % facts
    return _("%(score)s (%(range)s, %(answers)s)") % facts


def between(score: Score, write: Callable[[float | None], str]) -> str:
    """The interval in words; empty where there is none, or answers all alike give it no width."""
    if score.interval is None or score.interval[0] == score.interval[1]:
        return ""
    low, high = (write(end) for end in score.interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def change_words(kind: str, now: Score, before: Score, noise: bool | None) -> tuple[str, str]:
    """Tone and words of a score against the period before; empty where there is no such score."""
    if noise is None or now.value is None or before.value is None:
        return "", ""
    was = {"score": writer(kind)(before.value)}
    if noise:
        return "", _("within noise of %(score)s in the period before") % was
    if now.value > before.value:
        return "pill-good", _("up from %(score)s in the period before") % was
    return "pill-bad", _("down from %(score)s in the period before") % was
