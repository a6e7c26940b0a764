"""Filter menus of the customer list."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import QueryDict

from churnapp.common import formats

register = template.Library()
Choices = Iterable[tuple[Any, Any]]

register.filter("typed", formats.typed)


@register.inclusion_tag("customers/_choice_menu.html")
def choice_menu(query: QueryDict, name: str, label: str, choices: Choices) -> dict[str, Any]:
    """A button that opens the values of one filter; it says how many are on."""
    return choice_group(query, name, label, choices)


@register.inclusion_tag("customers/_choice_group.html")
def choice_group(query: QueryDict, name: str, label: str, choices: Choices) -> dict[str, Any]:
    """The values of one filter as boxes to tick; a value in the address is always among them."""
    chosen = [value for value in query.getlist(name) if value]
    offered = {str(value): text for value, text in choices}
    lines = [(value, text, value in chosen) for value, text in offered.items()]
    lines += [(value, value, True) for value in chosen if value not in offered]
    return {"name": name, "label": label, "lines": lines, "chosen": len(chosen)}
