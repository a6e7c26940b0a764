"""The cards of the path editor: each step with its fields, its ways and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns import paths
from campaigns.forms.paths import ADDRESS
from campaigns.letters import NAMES
from campaigns.models import Content, Offer
from campaigns.path_checks import Problem, problems
from campaigns.path_words import DEEDS, ICONS, KINDS, MOMENTS, named, step_words
from campaigns.paths import Path, Step, Variant, Words
from campaigns.sequences.doing import DO
from customers.filters import offered
from customers.mail.rendering import NAMES as USUAL
from customers.models import Feature
from feedback.models import Webhook

Choice = tuple[str, str | Promise]
# The kinds of steps that the engine takes, in the order they are offered.
OFFERED = tuple(kind for kind in paths.KINDS if kind in DO)
MOST_CONTENTS = 10  # of the library that the editor lists


@dataclass(frozen=True)
class Wording:
    """What one mail says to one variant; `is_own` is False where it says what the first one is."""

    variant: Variant
    is_first: bool
    is_own: bool
    rows: list[tuple[str, str, Words]] = field(default_factory=list)


@dataclass(frozen=True)
class LetterTo:
    """What a mail says to those who left for a reason, by language; `aside` are languages off."""

    reason: str
    label: str
    rows: list[tuple[str, str, Words]]
    aside: list[tuple[str, Words]]


@dataclass(frozen=True)
class Card:
    """A step as the editor shows it."""

    number: int
    step: Step
    kind: str | Promise
    icon: str
    words: str
    problems: list[str]
    wordings: list[Wording]
    letters: list[LetterTo]
    without_letter: list[tuple[str, str]]
    ways: list[tuple[str, str, str]]
    goals: list[Choice]
    leads: str
    asks: list[Choice]


@dataclass(frozen=True)
class Lists:
    """What can be chosen in steps."""

    offers: list[tuple[int, str]]
    features: list[tuple[str, str]]
    webhooks: list[tuple[int, str]]

    @classmethod
    def read(cls, path: Path) -> "Lists":
        """Only of kinds that the path has, or all but for webhooks, which are few."""
        kinds = {step.kind for step in path.steps}
        asked = {paths.BRANCH, paths.UNTIL} & kinds
        offers = Offer.objects.on().values_list("pk", "name") if paths.OFFERING in kinds else []
        features = Feature.objects.values_list("code", "name") if asked else []
        told = Webhook.objects.values_list("pk", "address") if paths.WEBHOOK in kinds else []
        return cls(list(offers), list(features), list(told))


@dataclass(frozen=True)
class Reasons:
    """Reasons for leaving as they are worded, and those of them that are in use."""

    words: dict[str, str]
    in_use: list[tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> "Reasons":
        if not path.mails():
            return cls({}, [])
        return cls(dict(offered.reasons()), list(offered.reasons_in_use()))


def cards(path: Path, names: dict[int, str]) -> list[Card]:
    found = problems_by_step(problems(path))
    reasons = Reasons.read(path)
    return [card(path, step, names, found[step.key], reasons) for step in path.steps]


def problems_by_step(found: list[Problem]) -> defaultdict[str, list[str]]:
    by_step: defaultdict[str, list[str]] = defaultdict(list)
    for problem in found:
        by_step[problem.step].append(problem.what)
    return by_step


def card(path: Path, step: Step, names: dict[int, str], wrong: list[str], reasons: Reasons) -> Card:
    place = path.steps.index(step)
    later = [(each.key, named(path, each.key, names)) for each in path.steps[place + 1 :]]
    known = {key for key, _words in later} | {"", paths.END}
    lost = {step.then, step.yes, step.no} - known
    astray = [(key, _("%(key)s, which is no later step") % {"key": key}) for key in sorted(lost)]
    is_address = step.leads_to not in {paths.OFFER, paths.WITHOUT_BUTTON}
    return Card(
        number=place + 1,
        step=step,
        kind=KINDS.get(step.kind, step.kind),
        icon=ICONS.get(step.kind, "alert-circle"),
        words=step_words(step, names),
        problems=wrong,
        wordings=list(wordings(path, step)) if step.kind == paths.MAIL else [],
        letters=list(letters(path, step, reasons)),
        without_letter=[one for one in reasons.in_use if one[0] not in step.by_reason],
        ways=list(ways(step)),
        goals=[("", _("the next step")), *later, (paths.END, _("the end")), *astray],
        leads=ADDRESS if is_address else step.leads_to,
        asks=asks_of(step),
    )


def asks_of(step: Step) -> list[Choice]:
    known: dict[str, Any] = {
        paths.BRANCH: DEEDS,
        paths.UNTIL: {**MOMENTS, **DEEDS},
    }
    return list(known.get(step.kind, {}).items())


def ways(step: Step) -> Iterator[tuple[str, str, str]]:
    """Each way on: the field, its label, where it leads now."""
    if step.kind == paths.BRANCH:
        yield "yes", _("If so, go on to"), step.yes
        yield "no", _("If not, go on to"), step.no
    elif step.kind == paths.UNTIL:
        yield "then", _("Then go on to"), step.then
        yield "no", _("If it does not come to pass, go on to"), step.no
    else:
        yield "then", _("Then go on to"), step.then


def wordings(path: Path, step: Step) -> Iterator[Wording]:
    languages = dict(settings.LANGUAGES)
    for variant in path.variants:
        by_language = step.texts.get(variant.key)
        is_first = variant == path.variants[0]
        rows = [
            (code, languages.get(code, code), (by_language or {}).get(code, Words()))
            for code in path.languages
        ]
        is_own = is_first or by_language is not None
        yield Wording(variant, is_first, is_own, rows if is_own else [])


def letters(path: Path, step: Step, reasons: Reasons) -> Iterator[LetterTo]:
    languages = dict(settings.LANGUAGES)
    for reason, by_language in step.by_reason.items():
        rows = [
            (code, languages.get(code, code), by_language.get(code, Words()))
            for code in path.languages
        ]
        aside = [(code, words) for code, words in by_language.items() if code not in path.languages]
        yield LetterTo(reason, reasons.words.get(reason, reason), rows, aside)


def kept_aside(path: Path, step: Step) -> list[tuple[str, str, Words]]:
    """Words in languages that are not spoken now: they stay, hidden, for when they are again."""
    return [
        (variant, language, words)
        for variant, by_language in step.texts.items()
        for language, words in by_language.items()
        if language not in path.languages
    ]


def placeholders(today: date) -> list[str]:
    """All that mails may hold; of the library the newest contents, by their titles and links."""
    shelf = Content.objects.published(today).order_by("-published_on", "key")
    keys = list(shelf.values_list("key", flat=True)[:MOST_CONTENTS])
    named = [f"content.{key}.{part}" for key in keys for part in ("title", "link")]
    return [f"{{{{ {name} }}}}" for name in (*USUAL, *NAMES, *named)]
