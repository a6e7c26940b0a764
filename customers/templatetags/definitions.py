"""What a figure means, one hover or focus away."""

from typing import Any

from django import template

from customers.metrics.definitions import DEFINITIONS

register = template.Library()


@register.inclusion_tag("customers/_definition.html")
def definition(key: str, place: str) -> dict[str, Any]:
    """A button that shows the words and the formula of a figure; `place` tells two on one page
    apart.
    """
    return {"definition": DEFINITIONS[key], "panel": f"definition-{place}-{key}"}
