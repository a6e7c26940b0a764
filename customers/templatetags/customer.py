"""How a customer's state, risk and money look, the same on every page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms, template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from churnapp.common.charts.scales import percent
from customers.models import (
    Cancellation,
    CancellationReason,
    MailPurpose,
    MailWishes,
    RiskFlag,
    Standing,
    Topic,
)

register = template.Library()

STATE_TONES = {
    Standing.State.ACTIVE: "pill-good",
    Standing.State.PAUSED: "pill-warn",
    Standing.State.TRIAL: "pill-accent",
    Standing.State.LOST: "pill-bad",
}
HIGH_RISK = 6  # more than one flag of the highest severity
MEDIUM_RISK = 3


@register.simple_tag
def state_pill(standing: Standing | None) -> SafeString | str:
    """The state in words, with a tone."""
    if standing is None:
        return ""
    tone = STATE_TONES.get(Standing.State(standing.state), "")
    return format_html('<span class="pill {}">{}</span>', tone, standing.get_state_display())


@register.filter
def purpose_names(purposes: Iterable[str]) -> str:
    """Purposes of mail in words, one after the other."""
    return ", ".join(str(MailPurpose(purpose).label) for purpose in purposes)


@register.filter
def topic_names(topics: Iterable[dict[str, dict[str, str]]]) -> str:
    """Topics of mail by their words in each language, one after the other."""
    return ", ".join(Topic(words=words).name for words in topics)


@register.filter
def how_often(days: int) -> str:
    """At most one mail a month: what `MailWishes.days_between` says."""
    return str(MailWishes.Often(days).label)


@register.simple_tag
def risk_pill(risk: int | None) -> SafeString | str:
    """The sum of the severities of open flags, with a word for it; nothing without flags."""
    if not risk:
        return ""
    tone, word = risk_words(risk)
    return format_html('<span class="pill {}"><b class="num">{}</b> {}</span>', tone, risk, word)


def risk_words(risk: int) -> tuple[str, str]:
    if risk >= HIGH_RISK:
        return "pill-bad", _("high")
    if risk >= MEDIUM_RISK:
        return "pill-warn", _("medium")
    return "", _("low")


@register.simple_tag
def severity_pill(flag: RiskFlag) -> SafeString:
    """A flag's severity of 5, with a tone."""
    tone = "pill-bad" if flag.severity >= 4 else "pill-warn" if flag.severity >= 3 else ""
    words = _("severity %(severity)s of 5") % {"severity": flag.severity}
    return format_html('<span class="pill {}">{}</span>', tone, words)


@register.simple_tag
def opens_dialog(name: str, *args: object, **query: str) -> SafeString:
    """Attributes of a link to a question: a dialog with script, a page of its own without.

    `query` begins the form; its `next` is the page to come back to.
    """
    address = reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
    return format_html(
        'href="{0}" hx-get="{0}" hx-target="#dialog-body" hx-swap="outerHTML"', address
    )


@register.filter
def reason_words(reason: CancellationReason) -> str:
    """How a reason is worded now, in the reader's language."""
    return str(reason.versions.first() or reason)


@register.filter
def rows_of(form: forms.Form) -> list[list[forms.BoundField]]:
    """The fields of a form in the rows it asks for; fields it no longer has are left out."""
    rows = [[form[name] for name in row if name in form.fields] for row in form.rows]
    return [row for row in rows if row]


@register.inclusion_tag("customers/_bar.html")
def share_bar(share: float, tone: str = "tone-1") -> dict[str, str]:
    """A bar as long as a share of 1; the figure beside it says the same."""
    return {"width": percent(max(0.0, min(1.0, share)) * 100), "tone": tone}


@register.filter
def apart(kinds: Mapping[int, list[Any]], gone: Cancellation) -> list[Any]:
    """The kinds of one departure that name another reason than its headline."""
    headline = str(gone.reason_version or "")
    return [kind for kind in kinds[gone.pk] if kind.words and kind.words != headline]


@register.filter
def some_ask(kinds: Iterable[Any], what: str) -> bool:
    """Whether one of these kinds names a reason that asks for `what`."""
    return any(kind.asks == what for kind in kinds)
