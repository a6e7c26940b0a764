"""What the kinds of mail are called, for the people who send them.

Higher apps name their kinds themselves; a test holds these names to theirs.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.models import MailPurpose

NAMES: dict[str, Promise] = {
    "survey.exit": _("why they leave"),
    "survey.nps": _("recommendation (NPS)"),
    "survey.csat": _("satisfaction (CSAT)"),
    "survey.ces": _("effort (CES)"),
    "survey.product": _("product feedback"),
    "campaign.win_back": _("win-back"),
    "campaign.retention": _("retention"),
    "campaign.renewal": _("renewal"),
    "campaign.onboarding": _("onboarding"),
    "campaign.news": _("product news"),
    "campaign.loyalty": _("loyalty"),
    "campaign.referral": _("referral"),
    "campaign.check_in": _("check-in"),
}


def kinds_in_words(kinds: Iterable[str]) -> str:
    """Such as “Campaign: win-back, renewal”; a kind that has no name goes by its code."""
    purposes = dict(MailPurpose.choices)
    named: dict[str, list[str]] = defaultdict(list)
    for kind in kinds:
        purpose = kind.partition(".")[0]
        named[str(purposes.get(purpose, purpose))].append(str(NAMES.get(kind, kind)))
    return "; ".join(f"{capfirst(what)}: {', '.join(names)}" for what, names in named.items())
