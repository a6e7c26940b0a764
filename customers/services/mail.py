"""What people do about mails: call them back, send them again, say what became of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.mail import brakes, suppression
from customers.mail.links import has_expired
from customers.models import Interaction, MailBatch, OutgoingEmail, SendingRate, Suppression
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from customers.tasks import deliver_due_mail

State = OutgoingEmail.State
# What failed for good is another mail when it is sent again; one in doubt must stay the same.
ANOTHER: dict[str, Any] = {"message_id": "", "resends": F("resends") + 1}


TOLD = "outgoing-mail:"  # begins the ids of their entries on the timeline


def ring() -> None:
    """Wake a worker once the rows are committed; a broker that is away is no error."""
    wake: Callable[[], object] = deliver_due_mail.delay
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def call_back(mail: OutgoingEmail, *, by: User | None) -> None:
    """Stop a mail that waits. Raises RuleError where it is on its way already.

    One of which a try may have gone out is uncertain then: somebody has to say.
    """
    before = mail.state
    if not OutgoingEmail.objects.filter(pk=mail.pk).call_back():
        raise RuleError(_("It is too late: the mail is no longer as it was shown."))
    _tell(mail, before, "mail_called_back", by)
    if mail.state == State.CANCELLED:  # nobody was written to after all
        Interaction.objects.filter(external_id=told_as(mail)).delete()


@transaction.atomic
def call_back_batch(batch: MailBatch, *, by: User | None) -> int:
    """Stop what still waits of a batch; how many mails that were. Raises RuleError for none."""
    count = OutgoingEmail.objects.filter(batch=batch).call_back()
    if not count:
        raise RuleError(_("Nothing of it waits any more."))
    audit(_deed("batch_called_back", by), batch, {"mails": [None, count]})
    return count


@transaction.atomic
def resend(mail: OutgoingEmail, *, by: User | None) -> None:
    """Send a failed mail again. RuleError where it has not failed, or its link has expired."""
    if has_expired(mail.links, database_clock()):
        raise RuleError(_("The link in it has expired, so it is not sent again."))
    if suppression.stopped([mail]):
        raise RuleError(_("Mail to this address is stopped. Correct the address first."))
    failed = OutgoingEmail.objects.filter(pk=mail.pk, state=State.FAILED)
    _change(failed, mail, State.QUEUED, "mail_sent_again", by)
    ring()


def failed_of(batch: MailBatch) -> list[OutgoingEmail]:
    """What failed of a batch and can be sent again: mail still goes to its address."""
    failed = list(batch.mails.filter(state=State.FAILED).only("pk", "batch", "to_email", "purpose"))
    stopped = suppression.stopped(failed)
    return [mail for mail in failed if mail.pk not in stopped]


@transaction.atomic
def resend_failed(batch: MailBatch, *, by: User | None) -> int:
    """Send the failed mails of a batch again, and no others; how many. RuleError for none.

    Those whose links have expired, and those to addresses that get no mail, stay as they are.
    """
    failed = batch.mails.filter(pk__in=[mail.pk for mail in failed_of(batch)], state=State.FAILED)
    now, links = database_clock(), failed.values_list("pk", "links")
    old = [pk for pk, kept in links.iterator() if has_expired(kept, now)]
    count = failed.exclude(pk__in=old).update(state=State.QUEUED, **_anew(), **ANOTHER)
    if not count and old:
        raise RuleError(_("The links in them have expired, so none is sent again."))
    if not count:
        raise RuleError(_("None of it has failed."))
    audit(_deed("failed_sent_again", by), batch, {"mails": [None, count]})
    ring()
    return count


@transaction.atomic
def settle(mail: OutgoingEmail, *, sent: bool, by: User | None) -> None:
    """Say whether an uncertain mail has gone out; one that has not is sent again.

    Raises RuleError where it is no longer uncertain.
    """
    uncertain = OutgoingEmail.objects.filter(pk=mail.pk, state=State.UNCERTAIN)
    if sent:
        _change(uncertain, mail, State.ACCEPTED, "mail_settled_sent", by)
    else:
        _change(uncertain, mail, State.QUEUED, "mail_settled_not_sent", by)
        ring()


@transaction.atomic
def pause_batch(batch: MailBatch, *, because: str, by: User | None) -> None:
    """Hold back what waits of a batch. Raises RuleError where it is paused already."""
    running = MailBatch.objects.filter(pk=batch.pk, paused_at=None)
    if not running.update(paused_at=Now(), paused_because=because, paused_by=by):
        raise RuleError(_("It is paused already."))
    audit(_deed("batch_paused", by), batch, {"paused_because": ["", because]})


@transaction.atomic
def resume_batch(batch: MailBatch, *, by: User | None) -> None:
    """Send a paused batch again. Raises RuleError where it is not paused."""
    if not brakes.resume(batch):
        raise RuleError(_("It is not paused."))
    audit(_deed("batch_resumed", by), batch, {"paused_because": [batch.paused_because, ""]})
    ring()


@transaction.atomic
def pause_everything(*, because: str, by: User | None) -> None:
    """Hold back all mail. Raises RuleError where it is held back already."""
    rules = SendingRate.objects.get(pk=1)
    running = SendingRate.objects.filter(pk=1, paused_at=None)
    if not running.update(paused_at=Now(), paused_because=because, paused_by=by):
        raise RuleError(_("It is paused already."))
    audit(_deed("sending_paused", by), rules, {"paused_because": ["", because]})


@transaction.atomic
def resume_everything(*, by: User | None) -> None:
    """Send mail again. Raises RuleError where nothing is paused."""
    rules = SendingRate.objects.get(pk=1)
    if not brakes.resume_everything():
        raise RuleError(_("It is not paused."))
    audit(_deed("sending_resumed", by), rules, {"paused_because": [rules.paused_because, ""]})
    ring()


@transaction.atomic
def unsubscribe(address_hmac: str, purpose: str) -> None:
    """The recipient wants no mail of `purpose` any more; asked twice, once is done."""
    reason = Suppression.Reason.UNSUBSCRIBE
    if suppression.suppress_hmac(address_hmac, reason, purpose=purpose):
        row = _standing(address_hmac, purpose)
        audit(_deed("unsubscribed", None), row, {"purpose": [None, purpose]})


@transaction.atomic
def subscribe_again(address_hmac: str, purpose: str) -> None:
    """The recipient has changed their mind; what stands for another reason stays."""
    reason = Suppression.Reason.UNSUBSCRIBE
    row = Suppression.objects.filter(
        address_hmac=address_hmac, purpose=purpose, lifted_at=None, reason=reason
    ).first()
    if row and suppression.lift_hmac(address_hmac, purpose=purpose, reason=reason):
        audit(_deed("subscribed_again", None), row, {"purpose": [purpose, None]})


@transaction.atomic
def suppress_by_hand(address: str, *, purpose: str, because: str, by: User | None) -> None:
    """No mail of `purpose`, or none at all, to an address. RuleError where that stands already."""
    if not suppression.suppress(address, Suppression.Reason.BY_HAND, purpose=purpose):
        raise RuleError(_("This address gets no such mail already."), field="address")
    row = _standing(suppression.address_hmac(address), purpose)
    audit(_deed("address_suppressed", by), row, {"because": [None, because]})


@transaction.atomic
def lift_suppression(row: Suppression, *, because: str, by: User | None) -> None:
    """Let mail go to an address again. RuleError for a person who was erased, and for twice."""
    is_erased = row.reason == Suppression.Reason.ERASED
    if is_erased or suppression.was_erased(row.address_hmac):
        raise RuleError(_("This person was erased on request and stays out of mail for ever."))
    standing = Suppression.objects.filter(pk=row.pk, reason=row.reason, lifted_at=None)
    if not standing.update(lifted_at=Now()):
        raise RuleError(_("Mail goes to this address already."))
    audit(_deed("suppression_lifted", by), row, {"because": [row.reason, because]})


def _standing(address_hmac: str, purpose: str) -> Suppression:
    found = Suppression.objects.filter(address_hmac=address_hmac, purpose=purpose, lifted_at=None)
    return found[0]


def _change(
    found: QuerySet[OutgoingEmail], mail: OutgoingEmail, state: str, verb: str, by: User | None
) -> None:
    """From the state it was found in, or not at all."""
    before = mail.state
    fields: dict[str, Any] = {"changed_at": Now()}
    if state == State.QUEUED:
        fields = _anew() | (ANOTHER if before == State.FAILED else {})
    if state == State.ACCEPTED:
        # It went out when it was handed over: the contact budget counts from then.
        fields |= {"error_code": "", "error": "", "sent_at": Coalesce("begun_at", Now())}
    if not found.update(state=state, **fields):
        raise RuleError(_("It is too late: the mail is no longer as it was shown."))
    _tell(mail, before, verb, by)


def _tell(mail: OutgoingEmail, before: str, verb: str, by: User | None) -> None:
    mail.refresh_from_db()
    audit(_deed(verb, by), mail, {"state": [before, mail.state]})


def told_as(mail: OutgoingEmail) -> str:
    """The id of a mail's entry on the timeline, where it has one."""
    return f"{TOLD}{mail.pk}"


def not_delivered(told: Iterable[str]) -> set[str]:
    """Of ids of entries, those that tell of a mail which did not reach anybody."""
    numbers = [key.removeprefix(TOLD) for key in told if key.startswith(TOLD)]
    known = [int(number) for number in numbers if fits_bigint(number)]
    if not known:
        return set()
    lost = OutgoingEmail.objects.filter(pk__in=known, state__in=OutgoingEmail.NOT_DELIVERED)
    return {told_as(mail) for mail in lost.only("pk")}


def _anew() -> dict[str, Any]:
    return {
        "attempts": 0, "error_code": "", "error": "", "due_at": Now(), "changed_at": Now(),
        "begun_at": None, "claimed_at": None, "first_tried_at": None,
    }  # fmt: skip


def _deed(verb: str, by: User | None) -> Deed:
    return Deed(verb, by, database_clock())
