"""A draft of each kind, with a path that is ready to be read and made one's own."""

import copy

from django.utils.translation import gettext as _

from campaigns.models import Campaign, CampaignKind, Fix, Goal
from campaigns.ready_paths import OF_A_FIX, READY
from campaigns.services.campaigns import make_campaign
from churnapp.models import User

GOALS = {
    CampaignKind.WIN_BACK: Goal.RETURNED,
    CampaignKind.RENEWAL: Goal.RENEWED,
}


def draft_of(kind: str, name: str, *, by: User | None) -> Campaign:
    """A draft with the ready path of a kind; nobody is in it before it is launched."""
    return make_campaign({"name": name, **_beginning(kind)}, by=by)


def draft_about(fix: Fix, kind: str, audience: str, *, by: User | None) -> Campaign:
    """A draft that tells of a fix those of an audience, in words that name it."""
    name = _("%(fix)s is fixed") % {"fix": fix.name}
    given = {"name": name[:200], "audience": audience, "fix": fix, **_beginning(kind)}
    given["path"] = copy.deepcopy(OF_A_FIX[kind])
    return make_campaign(given, by=by)


def _beginning(kind: str) -> dict[str, object]:
    path = copy.deepcopy(READY[kind])
    for step in path["steps"]:
        if "what" in step:
            step["what"] = _(step["what"])
    return {"kind": kind, "goal": GOALS.get(CampaignKind(kind), Goal.STAYED), "path": path}
