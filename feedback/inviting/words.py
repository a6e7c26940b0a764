"""Why somebody is not asked, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.mail.reasons import BY_CODE
from customers.mail.wishes import PAUSED, UNWANTED
from feedback.inviting.addressees import ASKED_LATELY, NEVER_AUTOMATIC, NOBODY

# As a part of a line that counts them.
COUNTED: dict[str, Promise] = {
    NEVER_AUTOMATIC: _("a person writes to them"),
    ASKED_LATELY: _("asked lately by a survey of this kind"),
    NOBODY: _("no contact who takes mail"),
    UNWANTED: _("want no such mail"),
    PAUSED: _("have paused mail"),
}
# As a sentence about one of them; what keeps a mail from being sent says so in its own words.
SENTENCES: dict[str, str | Promise] = {
    **BY_CODE,
    ASKED_LATELY: _("A survey of this kind asked the customer lately."),
    NOBODY: _("The customer has nobody at work there whose address takes surveys."),
}


def why_not(code: str) -> str:
    """Why nobody was asked, in a sentence."""
    return str(SENTENCES.get(code, code))
