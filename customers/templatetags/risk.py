"""Flags and reasons on pages."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from customers.forms.risk import token_of
from customers.models import Customer, RiskFlag
from customers.risk.reasons import Reason
from customers.risk.rules import Theme

register = template.Library()
ICONS = {
    Theme.USE.value: "trending-down",
    Theme.CONTRACT.value: "calendar-due",
    Theme.PAYMENT.value: "credit-card",
    Theme.SERVICE.value: "message-circle",
    Theme.PEOPLE.value: "users",
}


@register.filter
def theme_icon(reason: Reason) -> str:
    return ICONS.get(reason.theme, "flag")


@register.simple_tag
def severity_dots(flag: RiskFlag) -> SafeString:
    """Five dots, as many filled as the flag is severe; in words for those who don't see them."""
    words = _("severity %(severity)s of 5") % {"severity": flag.severity}
    dots = format_html_join(
        "", "<i{}></i>", ((" class=on" if n < flag.severity else "",) for n in range(5))
    )
    return format_html(
        '<span class="dots dots-{}" title="{}"><span class="visually-hidden">{}</span>{}</span>',
        flag.severity,
        words,
        words,
        dots,
    )


@register.inclusion_tag("customers/_flag_actions.html", takes_context=True)
def flag_actions(
    context: template.Context, customer: Customer, flags: Sequence[RiskFlag], back: str
) -> dict[str, Any]:
    """What one may do about these flags of a customer; `back` is the page to come back to."""
    states = RiskFlag.State
    query = urlencode({"flags": tokens(flags), "next": back})
    return {
        "customer": customer,
        "untouched": tokens([flag for flag in flags if flag.state != states.ACKNOWLEDGED]),
        "back": back,
        "snooze": f"{reverse('customers:snooze_flags', args=[customer.pk])}?{query}",
        "resolve": f"{reverse('customers:resolve_flags', args=[customer.pk])}?{query}",
        "csrf_token": context["csrf_token"],
    }


def tokens(flags: Sequence[RiskFlag]) -> str:
    return ",".join(token_of(flag) for flag in flags)
