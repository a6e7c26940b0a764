"""Letters by reason in a path: which reasons can have one, and how a new one begins."""

from dataclasses import replace

from campaigns.paths import SOURCE_LANGUAGE, ByLanguage, Path, Step, Words
from campaigns.ready_paths.by_reason import BY_CATEGORY
from customers.filters import offered
from customers.models import ReasonVersion


def reasons_without(step: Step) -> list[tuple[str, str]]:
    """The reasons in use that a mail has no letter for, as they are worded now."""
    return [(key, label) for key, label in offered.reasons_in_use() if key not in step.by_reason]


def begun(path: Path, step: Step, reasons: list[str]) -> Step:
    """The step with a letter for each of these reasons: a ready one, which says what fits it.

    A reason that nobody has sorted begins with what the mail says to everybody.
    """
    general = step.texts.get(path.variants[0].key, {})
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    chosen = newest.filter(reason__key__in=reasons).values_list("reason__key", "category")
    letters = {key: _letter(category, general) for key, category in chosen}
    return replace(step, by_reason={**letters, **step.by_reason})


def _letter(category: str, general: ByLanguage) -> ByLanguage:
    """The ready letter with the button of the mail; else the mail itself."""
    if category not in BY_CATEGORY:
        return general
    ready = {language: Words.read(words) for language, words in BY_CATEGORY[category].items()}
    source = general.get(SOURCE_LANGUAGE, Words())
    return {
        language: replace(words, button=general.get(language, source).button)
        for language, words in ready.items()
    }
