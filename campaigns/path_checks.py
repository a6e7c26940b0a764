"""What is wrong with a path, in words that say where and what to do about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campaigns.content_names import has_link
from campaigns.letters import names_of
from campaigns.paths import (
    BRANCH,
    CONTRACT_END,
    DATE,
    DEEDS,
    END,
    KINDS,
    MAIL,
    MOMENTS,
    NOTICE_BY,
    OFFER,
    OFFERING,
    SILENCE,
    TASK,
    UNTIL,
    USED,
    WAIT,
    WEBHOOK,
    Path,
    Step,
    Words,
)
from churnapp.common import formats
from churnapp.common.errors import RuleError
from customers.filters import offered
from customers.mail.rendering import check_placeholders

MOST_STEPS, LONGEST_WAIT = 40, 730
# The parts of a mail as a sentence names them.
PARTS = {
    "subject": pgettext_lazy("of a mail", "the subject"),
    "body": pgettext_lazy("of a mail", "the text"),
    "button": pgettext_lazy("of a mail", "the words of the button"),
}


@dataclass(frozen=True)
class Problem:
    """`step` is the key of the step that it belongs to; "" of the path as a whole."""

    step: str
    what: str

    def __str__(self) -> str:
        return f"{self.step}: {self.what}" if self.step else self.what


def problems(path: Path) -> list[Problem]:
    """All that keeps a path from being launched; none for one that is right."""
    found = [Problem("", what) for what in of_whole(path)]
    for place, step in enumerate(path.steps):
        later = {each.key for each in path.steps[place + 1 :]} | {END}
        found += [Problem(step.key, what) for what in of_step(path, step, later)]
    return found


def check(path: Path) -> None:
    """Raise RuleError for the first thing that is wrong."""
    for problem in problems(path):
        raise RuleError(str(problem), field="path")


def of_whole(path: Path) -> Iterator[str]:
    if not path.steps:
        yield _("There are no steps yet. Begin with a mail.")
    if len(path.steps) > MOST_STEPS:
        yield _("A path has at most %(limit)s steps.") % {"limit": MOST_STEPS}
    for key, count in Counter(step.key for step in path.steps).items():
        if count > 1:
            yield _("Two steps are called “%(key)s”. Give one another key.") % {"key": key}
    keys = [variant.key for variant in path.variants]
    if len(set(keys)) < len(keys):
        yield _("Two variants have the same key.")
    if any(variant.weight < 0 for variant in path.variants) or not any(
        variant.weight for variant in path.variants
    ):
        yield _("The weights of variants are whole numbers, and one is above zero.")


def of_step(path: Path, step: Step, later: set[str]) -> Iterator[str]:
    """What is wrong with one step; `later` are the keys that it may lead to."""
    if step.kind not in KINDS:
        yield _("“%(kind)s” is no kind of step.") % {"kind": step.kind}
        return
    for goal in filter(None, (step.then, step.yes, step.no)):
        if goal not in later:
            yield _("It leads to “%(goal)s”, which is no later step.") % {"goal": goal}
    yield from OF_KIND[step.kind](path, step)


def of_mail(path: Path, step: Step) -> Iterator[str]:
    for language in path.languages:
        yield from of_words(path, step, language)
        yield from of_letters(step, language)
    if step.leads_to == OFFER:
        before = path.steps[: path.steps.index(step)]
        if not any(each.kind == OFFERING for each in before):
            yield _("Its button leads to an offer, and no step before it makes one.")
    elif step.leads_to and not step.leads_to.startswith("https://"):
        yield _("Its button leads to “%(address)s”. Write an address with https://.") % {
            "address": step.leads_to
        }


def of_words(path: Path, step: Step, language: str) -> Iterator[str]:
    """What a mail lacks in a language, in any of its variants."""
    names = {variant.key: variant.name for variant in path.variants}
    own = [key for key in names if key in step.texts]
    for key in own or [path.variants[0].key]:
        words = step.texts.get(key, {}).get(language, Words())
        if lacking := lacks(step, words):
            yield _("In %(language)s, variant %(variant)s lacks: %(lacking)s.") % {
                "language": formats.locale().languages.get(language, language),
                "variant": names.get(key) or key,
                "lacking": lacking,
            }
        yield from of_placeholders(words)


def of_letters(step: Step, language: str) -> Iterator[str]:
    """What the letters by reason lack in a language."""
    for reason, by_language in step.by_reason.items():
        words = by_language.get(language, Words())
        if lacking := lacks(step, words):
            said = _("In %(language)s, the letter for the reason “%(reason)s” lacks: %(lacking)s.")
            yield said % {
                "language": formats.locale().languages.get(language, language),
                "reason": dict(offered.reasons()).get(reason, reason),
                "lacking": lacking,
            }
        yield from of_placeholders(words)


def lacks(step: Step, words: Words) -> str:
    """The parts of a mail that are not written, in a list; empty for a whole one."""
    lacking = [name for name in ("subject", "body") if not getattr(words, name).strip()]
    if step.leads_to and not words.button.strip():
        lacking.append("button")
    return ", ".join(str(PARTS[name]) for name in lacking)


def of_placeholders(words: Words) -> Iterator[str]:
    """What there is no placeholder for, and links where none can stand."""
    for text in (words.subject, words.body, words.button):
        try:
            check_placeholders(text, names_of(words))
        except RuleError as error:
            yield str(error)
    if has_link(words.subject) or has_link(words.button):
        yield _("A link of the library stands in the text, not in the subject or on the button.")


def of_wait(_path: Path, step: Step) -> Iterator[str]:
    if not 1 <= step.days <= LONGEST_WAIT:
        yield _("It waits %(days)s days. Choose 1 to %(most)s.") % {
            "days": step.days, "most": LONGEST_WAIT,
        }  # fmt: skip


def of_condition(_path: Path, step: Step) -> Iterator[str]:
    known = DEEDS if step.kind == BRANCH else (*DEEDS, *MOMENTS)
    if step.asks not in known:
        yield _("It does not say what it asks.")
    if step.asks == USED and not step.feature:
        yield _("It does not say which feature.")
    if step.asks == DATE and not is_day(step.on):
        yield _("“%(day)s” is no day. Write it as 2026-12-31.") % {"day": step.on}
    if step.asks in {CONTRACT_END, NOTICE_BY, SILENCE} and not 1 <= step.days <= LONGEST_WAIT:
        yield _("It does not say how many days.")
    if step.kind == UNTIL and step.asks != DATE and not 1 <= step.at_most_days <= LONGEST_WAIT:
        yield _("It may wait for ever. Say after how many days it goes on anyway.")


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def of_offer(_path: Path, step: Step) -> Iterator[str]:
    if not step.offer:
        yield _("It does not say which offer.")


def of_task(_path: Path, step: Step) -> Iterator[str]:
    if not step.what.strip():
        yield _("It does not say what is to be done.")


def of_webhook(_path: Path, step: Step) -> Iterator[str]:
    if not step.webhook:
        yield _("It does not say which program is told.")


OF_KIND = {
    MAIL: of_mail,
    WAIT: of_wait,
    UNTIL: of_condition,
    BRANCH: of_condition,
    OFFERING: of_offer,
    TASK: of_task,
    WEBHOOK: of_webhook,
}
