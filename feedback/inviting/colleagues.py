"""Where a mail did not reach whom it was meant for, a colleague of theirs is asked, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import MailBatch, OutgoingEmail, Suppression
from feedback.inviting.addressees import Asking
from feedback.inviting.invitations import Round, invite
from feedback.inviting.occasions import Occasion
from feedback.inviting.reminders import STILL_ASKED, STILL_LEAVES
from feedback.models import Invitation, SendingRule

log = structlog.get_logger(__name__)
State = OutgoingEmail.State
LOOK_BACK = timedelta(days=7)
INSTEAD = "instead"  # begins the keys of those who are asked instead


def ask_colleagues(now: datetime) -> int:
    """Ask the next person, in the order of the rule's roles, of each customer whose mail was lost
    lately; how many. Safe to repeat, and to run twice at once.
    """
    lost = not_reached(now).select_related("rule__survey", "batch")
    ordered = lost.order_by("rule_id", "batch_id", "pk")
    groups = groupby(ordered, key=lambda found: (found.rule, found.batch))
    return sum(ask_others(rule, batch, list(found), now) for (rule, batch), found in groups if rule)


def not_reached(now: datetime) -> QuerySet[Invitation]:
    """Invitations of rules whose mail came back or was not sent, and which nobody has answered.

    What failed otherwise may be sent again by a person.
    """
    gone = Suppression.objects.filter(
        mail=OuterRef("mail"), reason=Suppression.Reason.HARD_BOUNCE, lifted_at=None
    )
    lost = Q(mail__state__in=(State.SUPPRESSED, State.BOUNCED)) | Q(
        Exists(gone), mail__state=State.FAILED
    )
    return Invitation.objects.filter(
        lost,
        STILL_ASKED,
        STILL_LEAVES,
        mail__changed_at__gte=now - LOOK_BACK,
        expires_at__gt=now,
        called_back_at=None,
        rule__isnull=False,
        contact__isnull=False,
        survey__archived_at=None,
        response__answered_at=None,
    ).exclude(dedupe_key__startswith=f"{INSTEAD}:")


def ask_others(
    rule: SendingRule, batch: MailBatch | None, lost: Sequence[Invitation], now: datetime
) -> int:
    """Ask about the occasions of lost invitations again, but none of whom they were to."""
    asking = Asking.by_rule(rule, tried=(found.contact_id for found in lost if found.contact_id))
    again = (
        Occasion(found.customer_id, str(found.pk), now, found.cancellation_id) for found in lost
    )
    made = invite(again, Round(asking, INSTEAD, now, rule=rule, batch=batch)).made
    if made:
        log.info("colleagues_asked", rule=rule.pk, made=made)
    return made
