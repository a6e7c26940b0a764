"""What a survey asks and once asked: each question through its versions, the newest words first."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from feedback.content import CHOOSING, REASONS, Content, Question
from feedback.models import Survey

CHOICE = "choice"  # one family: a question may come to take several choices, or only one
Family = tuple[str, str]  # a question's key, and its kind of scale or `CHOICE`


@dataclass(frozen=True)
class Wording:
    """A question as one version asks it; `version` is that version's key."""

    version: int
    content: Content
    question: Question

    def title(self, language: str) -> str:
        return self.content.text(f"q.{self.question.key}", language)

    def choice(self, key: str, language: str) -> str:
        """A choice of its own in words; empty where it has none."""
        return self.content.text(f"c.{self.question.key}.{key}", language)


@dataclass(frozen=True)
class AskedEver:
    """One question, the newest version first; `is_asked` says whether the survey's newest does."""

    key: str
    wordings: list[Wording]
    is_asked: bool

    @property
    def newest(self) -> Question:
        return self.wordings[0].question

    @property
    def is_of_reasons(self) -> bool:
        """Whether its choices are, or once were, the organisation's reasons for leaving."""
        return any(each.question.source == REASONS for each in self.wordings)

    def titles(self, versions: Collection[int], language: str) -> list[str]:
        """Its words now, then other words that these versions ask it in."""
        told = [each for each in self.wordings[1:] if each.version in versions]
        titles = [each.title(language) for each in (self.wordings[0], *told)]
        return [title for title in unique(titles) if title] or [self.key]

    def choices(self, key: str, versions: Collection[int], language: str) -> list[str]:
        """A choice's newest words, then other words that these versions offer it in."""
        words = [(each.version, each.choice(key, language)) for each in self.wordings]
        there = [(version, said) for version, said in words if said]
        newest = [said for _version, said in there[:1]]
        return list(unique([*newest, *(said for version, said in there if version in versions)]))


def questions_ever(survey: Survey) -> dict[Family, AskedEver]:
    """What can be counted of all that the survey ever published: the newest version's come first.

    Asks the database for the versions unless they are at hand.
    """
    prefetch_related_objects([survey], "versions")  # the newest first
    published = [version for version in survey.versions.all() if version.published_at]
    found: dict[Family, list[Wording]] = {}
    for version in published:
        content = Content.read(version.content)
        for question in content.questions:
            wording = Wording(version.pk, content, question)
            found.setdefault((question.key, family_of(question.kind)), []).append(wording)
    return {
        family: AskedEver(family[0], wordings, wordings[0].version == published[0].pk)
        for family, wordings in found.items()
    }


def family_of(kind: str) -> str:
    return CHOICE if kind in CHOOSING else kind


def unique(words: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(words))
