"""Words that all ready surveys share, and how one is put together."""

from collections.abc import Mapping, Sequence
from typing import Any

LANGUAGES = ("en", "nb", "da", "sv")
Texts = Mapping[str, Mapping[str, str]]

HELLO = {
    "en": 'Hello {{ contact.first_name|default:"there" }},',
    "nb": 'Hei {{ contact.first_name|default:"du" }}!',
    "da": 'Hej {{ contact.first_name|default:"med dig" }}',
    "sv": 'Hej {{ contact.first_name|default:"du" }}!',
}
SIGNED = {
    "en": "Kind regards,\n{{ organisation.name }}",
    "nb": "Vennlig hilsen\n{{ organisation.name }}",
    "da": "Venlig hilsen\n{{ organisation.name }}",
    "sv": "Vänliga hälsningar\n{{ organisation.name }}",
}


def mail(language: str, *paragraphs: str) -> str:
    """A mail with its greeting, the first question and the signature; the link stands below it."""
    return "\n\n".join([HELLO[language], *paragraphs, "{{ first_question }}", SIGNED[language]])


def survey(questions: Sequence[Mapping[str, Any]], texts: Texts) -> dict[str, Any]:
    """The document of a survey in all our languages."""
    return {
        "languages": list(LANGUAGES),
        "questions": [asked(**question) for question in questions],
        "texts": {language: dict(words) for language, words in texts.items()},
    }


def asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    """A question's document; `choices` are given as plain keys."""
    choices = [{"key": choice} for choice in more.pop("choices", ())]
    fields = {"required": False, "source": "", "goes": []} | more
    return {"key": key, "kind": kind, "choices": choices} | fields
