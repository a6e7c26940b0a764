"""How many were asked, in words."""

from django.utils.translation import ngettext

from churnapp.common import formats
from feedback.scores import ANSWERING_TIME, Asked


def lately_words(asked: Asked) -> str:
    """Who was asked so lately that a response rate leaves them out; empty for nobody."""
    if not asked.invited_lately:
        return ""
    said = ngettext(
        "%(shown)s asked in the last %(days)s days is not counted yet",
        "%(shown)s asked in the last %(days)s days are not counted yet",
        asked.invited_lately,
    )
    shown = formats.number(asked.invited_lately)
    return said % {"shown": shown, "days": ANSWERING_TIME.days}
