"""Translations of what the English says no more: marked until somebody changes or confirms them."""

from collections.abc import Mapping
from typing import Any

from feedback.content import SOURCE_LANGUAGE, Content


def with_outdated(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The document `after` with marks for the translations of what its English words changed.

    A translation that was changed along with them, or has no words, is not marked.
    """
    was, now = Content.read(before), Content.read(after)
    english = changed(was, now, SOURCE_LANGUAGE)
    replaced = {name for name in english if was.texts[SOURCE_LANGUAGE].get(name, "").strip()}
    outdated: dict[str, list[str]] = {}
    for language in now.languages:
        if language == SOURCE_LANGUAGE:
            continue
        marked = {*now.outdated.get(language, ()), *replaced} - changed(was, now, language)
        words = now.texts.get(language, {})
        if names := sorted(name for name in marked if words.get(name, "").strip()):
            outdated[language] = names
    document = {part: value for part, value in after.items() if part != "outdated"}
    return document | ({"outdated": outdated} if outdated else {})


def changed(was: Content, now: Content, language: str) -> set[str]:
    """Names of the texts that say something else now in a language."""
    before, after = was.texts.get(language, {}), now.texts.get(language, {})
    return {name for name in after if after[name].strip() != before.get(name, "").strip()}


def without_mark(document: dict[str, Any], language: str, name: str) -> None:
    """Somebody has looked at a translation: it still fits."""
    marks = document.get("outdated", {})
    if name in marks.get(language, ()):
        marks[language] = [each for each in marks[language] if each != name]
