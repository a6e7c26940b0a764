"""Effects in plain words: what may be claimed, and what can't be."""

from django.utils.translation import gettext as _

from campaigns.effects.money import Gain
from campaigns.effects.power import Aim, holdout_needed
from campaigns.effects.rates import Effect, Outcome
from campaigns.effects.strata import Stratum
from campaigns.effects.variants import Reach
from churnapp.common import formats, money

WANTED = 0.05  # the lift that "too few" is told for where the campaign aims at none of its own


def effect_words(outcome: Outcome, effect: Effect, wanted: float = WANTED) -> str:
    """One sentence: the effect with its interval, that none can be shown, or that it is too early.

    `wanted` is the lift that too few are told for.
    """
    if effect.verdict == "too_few":
        return too_few_words(outcome, wanted)
    facts = {"low": in_points(effect.low), "high": in_points(effect.high)}
    if effect.verdict == "no_effect":
        return _("No effect can be shown: between %(low)s and %(high)s percentage points.") % facts
    if effect.verdict == "positive":
        said = _("Between %(low)s and %(high)s percentage points more came back because of it.")
        return said % facts
    said = _("Between %(low)s and %(high)s percentage points fewer came back because of it.")
    return said % {"low": in_points(-(effect.high or 0)), "high": in_points(-(effect.low or 0))}


def too_few_words(outcome: Outcome, wanted: float = WANTED) -> str:
    """Why nothing can be said, and how many it would take."""
    if not outcome.treated:
        return _("Too few to say: the campaign has reached nobody yet.")
    if not outcome.holdout:
        return _("Nothing can be said: nobody was held out to compare with.")
    base = outcome.pooled_rate or 0.0
    needed = holdout_needed(Aim(base, wanted), outcome.treated / outcome.holdout)
    if needed is None or needed <= outcome.holdout:
        return _("Too few to say: hardly anyone came back, or hardly anyone did not.")
    return _(
        "Too few to say: at least %(needed)s in the holdout are needed"
        " to tell a difference of %(points)s percentage points."
    ) % {"needed": formats.number(needed), "points": formats.number(wanted * 100, 1)}


def gain_words(gain: Gain, currency: str) -> str:
    """One sentence: what came in because of the campaign, or that nothing can be shown."""
    if gain.verdict == "too_few" or gain.low is None or gain.high is None:
        return _("Too few have paid to say what it brought in.")
    low, high = (in_money(end, currency) for end in (gain.low, gain.high))
    if gain.verdict == "positive":
        return _("It brought in between %(low)s and %(high)s, less what it cost.") % {
            "low": low,
            "high": high,
        }
    if gain.verdict == "negative":
        return _("It cost between %(low)s and %(high)s more than it brought in.") % {
            "low": in_money(-gain.high, currency),
            "high": in_money(-gain.low, currency),
        }
    return _("No effect on revenue can be shown: between %(low)s and %(high)s.") % {
        "low": low,
        "high": high,
    }


def stratum_words(stratum: Stratum, compared: int) -> str:
    """As `effect_words`, with a warning where an effect is no more than one of several may be."""
    said = effect_words(stratum.outcome, stratum.effect)
    if stratum.holds or stratum.effect.verdict in {"too_few", "no_effect"}:
        return said
    warning = _("With %(count)s compared, one may look like this by chance alone.")
    return f"{said} {warning % {'count': formats.number(compared)}}"


def best_words(name: str | None) -> str:
    """Which of several works best, or that it can't be told."""
    if name is None:
        return _("Which one works best can't be told yet.")
    return _("%(name)s works best: it is ahead of each of the others by more than chance.") % {
        "name": name
    }


def reach_words(reach: Reach, wanted: float) -> str:
    """Before launch: that the audience can't tell variants apart; empty where it can."""
    if reach.is_enough:
        return ""
    facts = {
        "points": formats.number(wanted * 100, 1),
        "needed": formats.number(reach.needed),
        "smallest": in_points(reach.smallest),
    }
    if reach.needed is None or reach.smallest is None:
        return _("The audience is too small to tell the variants apart.")
    return (
        _(
            "The audience is too small to tell variants apart that differ by %(points)s percentage"
            " points: that takes %(needed)s customers. With this one, they have to differ by"
            " %(smallest)s."
        )
        % facts
    )


def in_points(share: float | None) -> str:
    """A share in percentage points, without a sign of its own: 4.0, −1.2."""
    return formats.decimals(None if share is None else share * 100)


def in_money(minor: int, currency: str) -> str:
    return formats.money(money.to_major(minor, currency), currency)
