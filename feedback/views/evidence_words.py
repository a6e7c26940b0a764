"""What speaks for a person, or for a program, having answered: in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.answering import MOST_TOKENS, TOO_FAST, quickest
from feedback.models import Response


@dataclass(frozen=True)
class Sign:
    """One thing that is known of how it was answered; `doubtful` where a program does so."""

    words: str
    doubtful: bool = False


def because_words(because: str) -> str:
    """Why it was set aside: a doubt of ours in words, or what a person wrote."""
    known = {
        "trap_filled": _("a field that nobody sees was filled in"),
        "unmarked": _("it was sent without opening the page"),
        "too_fast": _("it was sent faster than anybody reads"),
        "many_links": _("one address answered many links within a minute"),
    }
    return known.get(because, because)


def signs_of(response: Response) -> list[Sign]:
    """Every sign that was noted; none for answers that came from a file or another program."""
    noted: dict[str, Any] = response.evidence
    if "last_form_at" not in noted:
        return []
    signs = [_taken(response, noted), _delivered(response)]
    if noted.get("trap_filled"):
        signs.append(Sign(_("A field that nobody sees was filled in."), doubtful=True))
    if noted.get("unmarked"):
        signs.append(Sign(_("A form came in that no page of ours had made."), doubtful=True))
    links = noted.get("links_lately", 1)
    if links > 1:
        words = ngettext(
            "%(count)d private link was answered from the same address within a minute.",
            "%(count)d private links were answered from the same address within a minute.",
            links,
        )
        signs.append(Sign(words % {"count": links}, doubtful=links > MOST_TOKENS))
    if noted.get("released"):
        signs.append(Sign(_("Somebody here looked at it and took it in.")))
    return [sign for sign in signs if sign]


def _taken(response: Response, noted: dict[str, Any]) -> Sign | None:
    """From the page's being shown to the answer's being sent in."""
    made_at = noted.get("form_made_at")
    if not made_at or response.answered_at is None:
        return None
    took = response.answered_at - datetime.fromisoformat(made_at)
    said = _("%(time)s from the first page shown until it was sent in.")
    return Sign(said % {"time": _span(took)}, doubtful=took < quickest(noted))


def _delivered(response: Response) -> Sign | None:
    mail = response.invitation.mail if response.invitation else None
    if mail is None or mail.sent_at is None or response.answered_at is None:
        return None
    took = response.answered_at - mail.sent_at
    said = _("%(time)s from the mail going out until it was sent in.")
    return Sign(said % {"time": _span(took)}, doubtful=took < TOO_FAST)


def _span(took: timedelta) -> str:
    seconds = max(int(took.total_seconds()), 0)
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    if seconds < 7_200:
        minutes = seconds // 60
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = seconds // 3_600
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
