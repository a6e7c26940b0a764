"""Small parts of every page."""

from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.metrics.checks import latest_checks

register = template.Library()


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """An icon of static/icons.txt, hidden from screen readers: text beside it says the same."""
    return format_html(
        '<svg class="icon {}" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        extra_class,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: object) -> SafeString | str:
    """The page's own query string with some fields changed; None or empty takes a field away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def departures_asked(context: template.Context) -> str:
    """The part of the page's query string that every page about departures knows; may be empty."""
    query = context["request"].GET.copy()
    for name in ("page", "split", "attribute"):
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""


@register.inclusion_tag("_freshness.html")
def freshness(computed_at: datetime) -> dict[str, Any]:
    """When the figures of the page were computed, and whether the last checks held."""
    checks = latest_checks()
    return {
        "computed_at": computed_at,
        "checked_at": max((check.ran_at for check in checks), default=None),
        "broken": [check for check in checks if not check.ok],
    }
