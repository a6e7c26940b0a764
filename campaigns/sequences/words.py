"""Why a customer was left out, left before the end, or had a step pass them by, in words."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.refusals import WHY as NO_OFFER_BECAUSE
from churnapp.common import formats

LEFT_OUT: dict[str, str | Promise] = {
    "never_automatic": _("The customer gets no automatic mail: a person writes to them."),
    "told_before": _("They were told of this fix before: nobody is told twice."),
    "stronger": _("They are in another campaign that is as strong or stronger."),
    "nobody": _("There is nobody to write to: no contact who may get mail of campaigns."),
    "unwanted_topic": _("The person does not want mail on this topic."),
}
WENT: dict[str, str | Promise] = {
    "goal": _("They reached the goal."),
    "back": _("They came back."),
    "lost": _("They left us meanwhile."),
    "unsubscribed": _("They take no mail of campaigns any more."),
    "erased": _("The person was erased."),
    "finished": _("The campaign was finished before its end."),
    "merged": _("The record became one with another customer's."),
}
NO_MAIL: dict[str, str | Promise] = {
    "left": _("The contact has left the customer."),
    "no_offer": _("It speaks of an offer, and none of theirs is open."),
    "paused": _("The person has paused mail from us."),
    "no_content": _("It recommends something of the library, and nothing fits them."),
}
PAUSED = "paused:"  # begins the codes of pauses; the day until when follows
WHY: dict[str, str | Promise] = {**NO_OFFER_BECAUSE, **LEFT_OUT, **WENT, **NO_MAIL}


def why_words(code: str) -> str:
    """A code as a sentence; one that is not known as it stands."""
    if code.startswith(PAUSED):
        until = formats.day(date.fromisoformat(code.removeprefix(PAUSED)))
        return gettext("The person has paused mail from us until %(day)s.") % {"day": until}
    return str(WHY.get(code, code))
