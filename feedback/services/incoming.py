"""Set up where other programs tell us of cancellations, and keep what they tell."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.mail.links import new_nonce
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.models import IncomingCall, IncomingWebhook

CODE_LENGTH = 32


@transaction.atomic
def add_incoming_webhook(name: str, acts_as: User, *, by: User | None) -> IncomingWebhook:
    """An address that takes calls from now on, signed with a secret of its own."""
    webhook = IncomingWebhook.objects.create(
        name=name, code=get_random_string(CODE_LENGTH), nonce=new_nonce(), acts_as=acts_as
    )
    told = {"name": [None, name], "acts_as": [None, acts_as.pk]}
    audit(Deed("incoming_webhook_added", by, database_clock()), webhook, told)
    return webhook


@transaction.atomic
def renew_incoming_secret(webhook: IncomingWebhook, *, by: User | None) -> None:
    """Another secret: what is signed with the one before is refused from now on."""
    IncomingWebhook.objects.filter(pk=webhook.pk).update(nonce=new_nonce())
    webhook.refresh_from_db(fields=["nonce"])
    audit(Deed("incoming_webhook_secret_renewed", by, database_clock()), webhook, {})


@transaction.atomic
def switch_incoming(webhook: IncomingWebhook, *, on: bool, by: User | None) -> None:
    """Take no calls any more, or take them again. Raises RuleError where it is so already."""
    now = database_clock()
    found = IncomingWebhook.objects.filter(pk=webhook.pk, off_since__isnull=not on)
    if not found.update(off_since=None if on else now):
        raise RuleError(_("It is on already.") if on else _("It is off already."))
    verb = "incoming_webhook_switched_on" if on else "incoming_webhook_switched_off"
    audit(Deed(verb, by, now), webhook, {})


@transaction.atomic
def keep_call(
    webhook: IncomingWebhook, event_id: str, body: bytes, *, now: datetime
) -> IncomingCall:
    """The row of an event, with the body as it came; what was taken before stays as it is."""
    text = body.decode("utf-8", "backslashreplace").replace("\0", "\\0")
    IncomingCall.objects.bulk_create(
        [IncomingCall(webhook=webhook, event_id=event_id, body=text, received_at=now)],
        ignore_conflicts=True,
    )
    calls = IncomingCall.objects.select_for_update(no_key=True)
    call = calls.get(webhook=webhook, event_id=event_id)
    call.webhook = webhook
    if call.state != IncomingCall.State.TAKEN and call.body != text:
        call.body, call.received_at = text, now
        call.save(update_fields=["body", "received_at"])
    return call
