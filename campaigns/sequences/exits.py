"""Who leaves a campaign before its end: at the goal, unsubscribed, back, or in a stronger one."""

from datetime import datetime

from django.db import transaction

from campaigns.models import Campaign, Goal, Recipient
from campaigns.paths import ACCEPTED, RETURNED, USED, Path
from campaigns.sequences import sql
from campaigns.sequences.conditions import MET
from churnapp.common.personal import ERASED
from churnapp.models import Organisation
from customers.mail.blocked import blocked
from customers.models import Contact, MailPurpose, OutgoingEmail, Suppression

LEAVE = sql.read("leave")
CALLED_BACK = "left_campaign"  # the code of mails that were called back with their recipient
# Goals that are seen the moment they are reached; the others show at the horizon.
SEEN_AT_ONCE = {Goal.RETURNED: RETURNED, Goal.USED: USED, Goal.ACCEPTED: ACCEPTED}


@transaction.atomic
def leave(campaign: Campaign, now: datetime) -> int:
    """Let those go who should; how many mails that called back. Safe to repeat."""
    seen = SEEN_AT_ONCE.get(Goal(campaign.goal))
    organisation = Organisation.current()
    values = {
        "campaign": campaign.pk,
        "kind": campaign.kind,
        "kind_of_mail": campaign.kind_of_mail,
        "strength": campaign.strength,
        "mails": bool(Path.read(campaign.path).mails()),
        "erased": ERASED[1],
        "blocked": sorted(_blocked(campaign)),
        "now": now,
        "zone": organisation.timezone,
        "feature": campaign.goal_feature.code if campaign.goal_feature else "",
    }
    rows = sql.run(LEAVE.format(goal=MET[seen] if seen else "false"), values)
    mails = OutgoingEmail.objects.filter(pk__in=[pk for (pk,) in rows])
    return mails.call_back(CALLED_BACK)


def _blocked(campaign: Campaign) -> dict[int, str]:
    """Contacts under way whose address takes no mail of campaigns any more.

    Asked only where an address was stopped since the campaign began: before that, nobody came in
    whose address was.
    """
    lately = Suppression.objects.filter(
        lifted_at=None, purpose__in=("", MailPurpose.CAMPAIGN), created_at__gte=campaign.launched_at
    )
    if not lately.exists():
        return {}
    under_way = Recipient.objects.filter(campaign=campaign, state=Recipient.State.UNDER_WAY)
    people = Contact.objects.filter(pk__in=under_way.values("contact"))
    return blocked(people, set(lately.values_list("address_hmac", flat=True)))
