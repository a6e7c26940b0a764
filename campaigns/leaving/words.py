"""What a flow comes to in plain words, with the interval, or that it can't be told."""

from datetime import date

from django.utils.translation import gettext as _

from campaigns.effect_words import gain_words, in_points, too_few_words
from campaigns.effects.rates import Effect
from campaigns.leaving.results import Kept
from churnapp.common import formats


def kept_words(kept: Kept, readable_from: date | None) -> str:
    """One sentence on how many more stay because of the flow."""
    if not kept.outcome.treated and not kept.outcome.holdout:
        return not_yet_words(readable_from)
    if kept.effect.verdict == "too_few":
        return too_few_words(kept.outcome)
    return effect_words(kept.effect)


def not_yet_words(readable_from: date | None) -> str:
    if readable_from is None:
        return _("Not yet readable: nobody has come this far.")
    said = _("Not yet readable: from %(day)s at the earliest.")
    return said % {"day": formats.day(readable_from)}


def effect_words(effect: Effect) -> str:
    facts = {"low": in_points(effect.low), "high": in_points(effect.high)}
    if effect.verdict == "no_effect":
        return _("No effect can be shown: between %(low)s and %(high)s percentage points.") % facts
    if effect.verdict == "positive":
        said = _("Between %(low)s and %(high)s percentage points more stay because of it.")
        return said % facts
    said = _("Between %(low)s and %(high)s percentage points fewer stay because of it.")
    return said % {"low": in_points(-(effect.high or 0)), "high": in_points(-(effect.low or 0))}


def money_words(kept: Kept, currency: str) -> str:
    """One sentence on what it brought in, offers taken off."""
    return gain_words(kept.gain, currency) if kept.is_readable else ""
