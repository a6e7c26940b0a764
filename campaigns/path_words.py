"""The steps of a path as people say them."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns import paths
from campaigns.paths import SOURCE_LANGUAGE, Path, Step
from churnapp.common import formats

KINDS: dict[str, str | Promise] = {
    paths.MAIL: _lazy("Mail"),
    paths.WAIT: _lazy("Wait"),
    paths.UNTIL: _lazy("Wait until"),
    paths.BRANCH: _lazy("Branch"),
    paths.OFFERING: _lazy("Offer"),
    paths.TASK: _lazy("Task for the owner"),
    paths.WEBHOOK: _lazy("Tell another program"),
}
ICONS = {
    paths.MAIL: "mail",
    paths.WAIT: "clock",
    paths.UNTIL: "calendar-due",
    paths.BRANCH: "selector",
    paths.OFFERING: "tag",
    paths.TASK: "list-check",
    paths.WEBHOOK: "bolt",
}
DEEDS: dict[str, str | Promise] = {
    paths.CLICKED: _lazy("they followed a link of ours"),
    paths.ACCEPTED: _lazy("they accepted an offer"),
    paths.ANSWERED: _lazy("they answered a survey"),
    paths.RETURNED: _lazy("they pay"),
    paths.USED: _lazy("they used a feature"),
}
MOMENTS: dict[str, str | Promise] = {
    paths.DATE: _lazy("a day has come"),
    paths.CONTRACT_END: _lazy("their contract ends in so many days"),
    paths.NOTICE_BY: _lazy("their last day of notice is in so many days"),
    paths.SILENCE: _lazy("nothing was heard of them for so many days"),
}
LONGEST = 60


def step_words(step: Step, offers: Mapping[int, str]) -> str:
    """One step in a few words; `offers` are names by number."""
    said = {
        paths.MAIL: _mail,
        paths.WAIT: lambda step: _days("%(days)s", step),
        paths.TASK: lambda step: step.what,
        paths.BRANCH: _asks,
        paths.UNTIL: asked_words,
    }
    if step.kind == paths.OFFERING:
        return offers.get(step.offer or 0) or _("no offer chosen yet")
    words = said[step.kind](step) if step.kind in said else ""
    return Truncator(words or _("nothing written yet")).chars(LONGEST)


def named(path: Path, key: str, offers: Mapping[int, str]) -> str:
    """A step by its number, kind and words, as a way leads to it; the end for none."""
    step = path.step(key)
    if step is None:
        return _("the end")
    number = path.steps.index(step) + 1
    facts = {"number": number, "kind": KINDS.get(step.kind, step.kind)}
    return _("step %(number)s, %(kind)s: %(words)s") % (facts | {"words": step_words(step, offers)})


def asked_words(step: Step) -> str:
    """What a branch asks, or what is waited for."""
    if step.asks == paths.USED:
        return _("they used “%(feature)s”") % {"feature": step.feature}
    if step.asks == paths.DATE:
        return _("it is %(day)s") % {"day": _day(step.on)}
    counted = {
        paths.CONTRACT_END: _("their contract ends in %(days)s"),
        paths.NOTICE_BY: _("their last day of notice is in %(days)s"),
        paths.SILENCE: _("nothing was heard of them for %(days)s"),
    }
    if step.asks in counted:
        return _days(counted[step.asks], step)
    return str(DEEDS.get(step.asks, ""))


def _asks(step: Step) -> str:
    asked = asked_words(step)
    return _("Is it so that %(deed)s?") % {"deed": asked} if asked else ""


def _mail(step: Step) -> str:
    """Its subject, in the reader's language where there is one."""
    readers = (get_language() or SOURCE_LANGUAGE).split("-")[0]
    for by_language in step.texts.values():
        first = [by_language[each] for each in (readers, SOURCE_LANGUAGE) if each in by_language]
        for words in (*first, *by_language.values()):
            if words.subject.strip():
                return words.subject
    return ""


def _days(words: str, step: Step) -> str:
    days = ngettext("%(count)d day", "%(count)d days", step.days) % {"count": step.days}
    return words % {"days": days}


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:
        return text
