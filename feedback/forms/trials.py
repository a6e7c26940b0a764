"""Trying a survey out: what a visitor of the preview answered so far, and where that leads."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from feedback.content import SOURCE_LANGUAGE, Content, Question
from feedback.forms.answers import read_given
from feedback.logic import Answers, Given, path


@dataclass(frozen=True)
class Trial:
    """Somebody at the questions of a preview, one at a time; their form alone knows the answers.

    The form says at which question it was sent (`step`), and which way (`go`: next or back).
    """

    content: Content
    data: QueryDict

    @cached_property
    def answers(self) -> Answers:
        """What was answered so far, by question; what is no answer is left out."""
        given: dict[str, Given] = {}
        for question in self.content.questions:
            try:
                found = read_given(question, self.data)
            except RuleError:
                continue
            if not found.is_empty:
                given[question.key] = found
        return given

    @cached_property
    def way(self) -> list[Question]:
        return path(self.content, self.answers)

    @cached_property
    def sent_at(self) -> int | None:
        """The place on the way of the question whose form was sent."""
        keys = [question.key for question in self.way]
        step = self.data.get("step", "")
        return keys.index(step) if step in keys else None

    @cached_property
    def place(self) -> int:
        """The place on the way that is shown now; past the last one, the thanks."""
        if self.sent_at is None or self.errors:
            return self.sent_at or 0
        by = {"next": 1, "back": -1}.get(self.data.get("go", ""), 0)
        return max(self.sent_at + by, 0)

    @cached_property
    def errors(self) -> dict[str, str]:
        """By question, that one which needs an answer was to be passed over."""
        if self.sent_at is None or self.data.get("go") != "next":
            return {}
        asked = self.way[self.sent_at]
        lacks = asked.required and asked.key not in self.answers
        return {asked.key: _("This one needs an answer.")} if lacks else {}

    @property
    def shown(self) -> Question | None:
        """The question to show; None for the thanks."""
        return self.way[self.place] if self.place < len(self.way) else None

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The fields of questions that the form doesn't show, for it to bring along."""
        own = f"q-{self.shown.key}" if self.shown else ""
        return [
            (name, value)
            for name in self.data
            if name.startswith("q-") and name != own and not name.startswith(f"{own}-more-")
            for value in self.data.getlist(name)
        ]


def filled(content: Content, words: str) -> Content:
    """The content with `words` where a text is needed and missing, so that it can be shown."""
    english = content.texts.get(SOURCE_LANGUAGE, {})
    lacking = {name: words for name in content.needed_texts if not english.get(name, "").strip()}
    texts = {**content.texts, SOURCE_LANGUAGE: {**english, **lacking}}
    return replace(content, texts=texts)
