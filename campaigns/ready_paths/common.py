"""How a ready path is put together: mails in four languages, each greeted and signed alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from feedback.ready_surveys.common import HELLO, LANGUAGES, SIGNED

Said = tuple[str, str]  # a subject and a body


def worded(texts: Mapping[str, Said]) -> dict[str, dict[str, str]]:
    """A letter by language, without a button: `texts` between greeting and signature."""
    return {
        language: {
            "subject": subject,
            "body": "\n\n".join([HELLO[language], body, SIGNED[language]]),
            "button": "",
        }
        for language, (subject, body) in texts.items()
    }


def mail(key: str, texts: Mapping[str, Said]) -> dict[str, Any]:
    """A step that mails `texts` to everybody."""
    return {"key": key, "kind": "mail", "texts": {"a": worded(texts)}}


def wait(key: str, days: int) -> dict[str, Any]:
    return {"key": key, "kind": "wait", "days": days}


def task(key: str, what: str, days: int = 3) -> dict[str, Any]:
    """A task for the owner, due so many days later."""
    return {"key": key, "kind": "task", "what": what, "days": days}


def path(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The document of a path in all our languages, with one variant."""
    return {
        "languages": list(LANGUAGES),
        "variants": [{"key": "a", "name": "A", "weight": 1}],
        "steps": [dict(step) for step in steps],
    }
