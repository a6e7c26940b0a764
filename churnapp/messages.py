"""Collect every translatable string into `locale/`: `python -m churnapp.messages`.

Babel does the work, so a machine needs no gettext tools; templates are turned into Python by
Django's own `templatize`, just as `makemessages` does.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("churnapp", "customers", "feedback", "campaigns")
LANGUAGES = ("nb", "da", "sv")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "_lazy": None,  # where both are needed, one of them goes by another name
    "_t": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Message = tuple[str | tuple[str, ...], str | None, str]


def sources() -> list[Path]:
    """Every file of ours that may hold text for people, in a stable order."""
    python = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py")]
    pages = [p for folder in ("templates", *PACKAGES) for p in (ROOT / folder).rglob("*.html")]
    mails = list((ROOT / "templates").rglob("*.txt"))
    return sorted(p for p in (*python, *pages, *mails) if "migrations" not in p.parts)


def messages() -> Iterator[Message]:
    """Each string with its context and the file it stands in."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Between brackets Python's tokenizer does not mind how a line is indented.
            text = f"({templatize(text, origin=str(path))}\n)"
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            if message and message != "":
                yield message, context, str(path.relative_to(ROOT))


def template() -> Catalog:
    """All strings, untranslated; a place names the file only, so that diffs stay small."""
    catalogue = Catalog(project="churnapp", charset="utf-8", fuzzy=False)
    for message, context, place in messages():
        flags = ["python-format"] if "%(" in str(message) else []
        places: Any = [(place, None)]  # Babel then writes no line
        catalogue.add(message, locations=places, flags=flags, context=context)
    return catalogue


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands, empty where there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="churnapp", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def missing(language: str) -> list[str]:
    """Strings that `language` does not say yet, or says for certain."""
    known = read(language)
    found = []
    for message in template():
        said = known.get(message.id, context=message.context) if message.id else None
        done = said and not said.fuzzy and all(_forms(said.string or ""))
        if message.id and not done:
            found.append(str(message.id))
    return found


def _forms(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (string,)


def update(language: str) -> None:
    """Add new strings to a language's catalogue and drop those that are gone."""
    catalogue = read(language)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.revision_date = catalogue.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = f"# Churnapp in {catalogue.locale.english_name}."
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False, sort_output=True)


def main() -> None:
    settings.configure(USE_I18N=True)
    for language in LANGUAGES:
        update(language)
        print(f"{language}: {len(missing(language))} to translate")


if __name__ == "__main__":
    main()
