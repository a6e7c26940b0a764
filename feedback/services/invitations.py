"""What a person does about an invitation."""

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.inviting.invitations import call_back
from feedback.models import Invitation


@transaction.atomic
def call_back_invitation(invitation: Invitation, *, by: User | None) -> None:
    """Stop the mail of an invitation. RuleError if it does not wait any more."""
    now = database_clock()
    if not call_back([invitation.pk], now):
        raise RuleError(_("That mail does not wait any more, so it can't be called back."))
    audit(Deed("invitation_called_back", by, now), invitation, {})
