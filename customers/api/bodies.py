"""Bodies of requests: JSON whose text a database can hold."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20


class CleanJSONParser(JSONParser):
    """JSON without NUL characters, halves of characters or endless nesting: a 400 for those."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        check(body)
        return body


def check(value: Any, depth: int = 0) -> None:
    """Raise ParseError for a value that can't be kept."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict | list):
        if depth == DEEPEST:
            raise ParseError(_("The JSON is nested too deeply."))
        parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for part in parts:
            check(part, depth + 1)


def check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError(_("Text can't hold NUL characters."))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ParseError(_("Text holds half of a character.")) from error
