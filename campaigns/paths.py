"""The path of a campaign: its steps, variants and languages, read from a document and written.

The document is `{"languages": [...], "variants": [...], "steps": [...]}`. A step leads to the next
one of the list, unless `then` names a later one; a branch leads to `yes` or `no`. Ways lead ahead
only, so that every path ends. `campaigns.path_checks` says what is wrong with one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

SOURCE_LANGUAGE = "en"
END = "end"
OFFER, WITHOUT_BUTTON = "offer", ""  # where a mail's button leads, beside an address

MAIL, WAIT, UNTIL, BRANCH = "mail", "wait", "until", "branch"
OFFERING, TASK, WEBHOOK = "offer", "task", "webhook"
KINDS = (MAIL, WAIT, UNTIL, BRANCH, OFFERING, TASK, WEBHOOK)

# What customers do: what branches ask, and what can be waited for.
CLICKED, ACCEPTED, ANSWERED, RETURNED, USED = "clicked", "accepted", "answered", "returned", "used"
DEEDS = (CLICKED, ACCEPTED, ANSWERED, RETURNED, USED)
# What else can be waited for: a day, some days before a contract's end or the last day of notice,
# and days in which nothing is heard of them.
DATE, CONTRACT_END, NOTICE_BY, SILENCE = "date", "contract_end", "notice_by", "silence"
MOMENTS = (DATE, CONTRACT_END, NOTICE_BY, SILENCE)

WORDED = ("texts", "by_reason")  # what of a step is words by something and by language

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One mail in one language; the body is plain text with placeholders."""

    subject: str = ""
    body: str = ""
    button: str = ""

    @classmethod
    def read(cls, document: Document) -> Self:
        return cls(**{name.name: str(document.get(name.name, "")) for name in fields(cls)})


ByLanguage = Mapping[str, Words]


@dataclass(frozen=True)
class Variant:
    """One of several wordings; customers are drawn to them by weight."""

    key: str
    name: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Step:
    """One step. Only what its kind needs is given; the rest stands as it is by default.

    `asks` is a deed or a moment: what a branch asks, or what is waited for; `feature` is the one
    that is used. `at_most_days` ends a wait that nothing else ends. `texts` are words by variant,
    `by_reason` those for whom left for a reason, by its key: the same in every variant.
    """

    key: str
    kind: str
    then: str = ""
    texts: Mapping[str, ByLanguage] = field(default_factory=dict)
    by_reason: Mapping[str, ByLanguage] = field(default_factory=dict)
    leads_to: str = WITHOUT_BUTTON
    days: int = 0
    asks: str = ""
    feature: str = ""
    on: str = ""
    at_most_days: int = 0
    yes: str = ""
    no: str = ""
    offer: int | None = None
    what: str = ""
    webhook: int | None = None

    @classmethod
    def read(cls, document: Document) -> Self:
        given = {name.name: document[name.name] for name in fields(cls) if name.name in document}
        for name in WORDED:
            given[name] = {
                key: {language: Words.read(words) for language, words in by_language.items()}
                for key, by_language in document.get(name, {}).items()
            }
        return cls(**given)

    def written(self) -> dict[str, Any]:
        """What differs from a step of its kind with nothing given."""
        empty = Step(self.key, self.kind)
        given = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != getattr(empty, one.name)
        }
        given |= {"key": self.key, "kind": self.kind}
        for name in WORDED:
            if name in given:
                given[name] = {
                    key: {language: vars(words) for language, words in by_language.items()}
                    for key, by_language in given[name].items()
                }
        return given

    def all_words(self) -> tuple[Words, ...]:
        """Everything that its mail says to anybody, in any language."""
        letters = (*self.texts.values(), *self.by_reason.values())
        return tuple(words for by_language in letters for words in by_language.values())


@dataclass(frozen=True)
class Path:
    """All that a campaign does, and says."""

    languages: tuple[str, ...] = (SOURCE_LANGUAGE,)
    variants: tuple[Variant, ...] = (Variant("a"),)
    steps: tuple[Step, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self:
        """The path of a document as it stands, complete or not."""
        variants = tuple(Variant(**each) for each in document.get("variants", ()))
        return cls(
            languages=tuple(document.get("languages", ())) or (SOURCE_LANGUAGE,),
            variants=variants or (Variant("a"),),
            steps=tuple(Step.read(each) for each in document.get("steps", ())),
        )

    def written(self) -> dict[str, Any]:
        return {
            "languages": list(self.languages),
            "variants": [vars(variant) for variant in self.variants],
            "steps": [step.written() for step in self.steps],
        }

    @property
    def first(self) -> str:
        """The key of the first step; "" where there is none."""
        return self.steps[0].key if self.steps else ""

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def after(self, step: Step, *, yes: bool | None = None) -> str:
        """The key of what comes after a step; "" at the end. `yes` is what a branch was told."""
        goal = step.then if yes is None else step.yes if yes else step.no
        if goal:
            return "" if goal == END else goal
        place = [each.key for each in self.steps].index(step.key)
        return self.steps[place + 1].key if place + 1 < len(self.steps) else ""

    def words(self, step: Step, variant: str, language: str, reason: str = "") -> Words:
        """What a mail says to one of a variant: the first variant's words where it has none.

        Who left for a reason that has a letter in their language gets that, whatever their variant.
        """
        letter = step.by_reason.get(reason, {}).get(language)
        if letter is not None:
            return letter
        by_language = step.texts.get(variant) or step.texts.get(self.variants[0].key, {})
        return by_language.get(language) or by_language.get(SOURCE_LANGUAGE) or Words()

    def to_leavers(self, reason: str) -> Self:
        """The path as it is to those who left for a reason."""
        steps = (
            replace(step, texts={self.variants[0].key: step.by_reason[reason]}, by_reason={})
            if reason in step.by_reason
            else step
            for step in self.steps
        )
        return replace(self, steps=tuple(steps))

    def mails(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.kind == MAIL)

    def offers(self) -> tuple[int, ...]:
        """The offers that the path makes."""
        return tuple(step.offer for step in self.steps if step.kind == OFFERING and step.offer)
