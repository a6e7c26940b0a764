"""Texts that users write: plain placeholders from a closed list of names, and nothing else.

`{{ contact.first_name|default:"there" }}` is the whole language: a name, and what stands in its
place where there is nothing. `[[link:NAME]]` is a private link, filled in when the mail goes out.
"""

import re
from collections.abc import Mapping
from html import escape

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.models import Contact

NAMES = (
    "contact.first_name",
    "contact.name",
    "customer.name",
    "organisation.name",
    "owner.name",
)
PLACE = re.compile(r"\{\{\s*(?P<name>[^|}]+?)\s*(?:\|\s*default:\"(?P<default>[^\"]*)\"\s*)?\}\}")
BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")


def check(text: str, field: str) -> None:
    """Raise RuleError for a placeholder that we don't know, or one that is not written whole."""
    for found in PLACE.finditer(text):
        if found["name"] not in NAMES:
            raise RuleError(
                _("“%(name)s” is no placeholder. There are: %(known)s.")
                % {"name": found["name"], "known": ", ".join(NAMES)},
                field=field,
            )
    rest = BRACES.search(PLACE.sub("", text))
    if rest:
        raise RuleError(
            _("A placeholder is not written whole. Write it like this: %(example)s.")
            % {"example": '{{ contact.name|default:"you" }}'},
            field=field,
        )


def fill(text: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """`text` with its placeholders filled in; with `html`, what is filled in is escaped."""

    def found_value(found: re.Match[str]) -> str:
        value = values.get(found["name"], "").strip() or (found["default"] or "")
        return escape(value) if html else value

    return PLACE.sub(found_value, text)


def fill_subject(text: str, values: Mapping[str, str]) -> str:
    """A subject: one line, whatever stands in a name."""
    return " ".join(fill(text, values).split())


def values_for(contact: Contact, organisation: str) -> dict[str, str]:
    """What the placeholders stand for in a mail to `contact`."""
    owner = contact.customer.owner
    name = contact.name.strip()
    return {
        "contact.first_name": name.split()[0] if name else "",
        "contact.name": name,
        "customer.name": contact.customer.name,
        "organisation.name": organisation,
        "owner.name": str(owner) if owner else "",
    }
