"""Call webhooks with what is due. A row is leased, called outside of any transaction, then closed.

At least once: a worker that dies between the call and the row calls again, under the same id.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.egress import EgressError, post
from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button
from customers.services.staff import language_of
from feedback.models import Webhook, WebhookDelivery
from feedback.notices.letters import Letter, draft, page
from feedback.webhooks.bodies import body_of, message_id
from feedback.webhooks.signing import headers_for

log = structlog.get_logger(__name__)
State = WebhookDelivery.State
AT_ONCE = 20
LEASE = timedelta(minutes=10)  # longer than a run of AT_ONCE slow calls
MOST_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
# Off after so many failed tries in a row over so long: a short outage switches nothing off.
MOST_FAILURES, FAILING_FOR = 20, timedelta(hours=24)
GONE = 410


def deliver_due(now: datetime) -> int:
    """Call with what is due now; how many calls. Two at once share the work."""
    leased = lease(now)
    for delivery in leased:
        deliver(delivery, now=timezone.now())
    return len(leased)


@transaction.atomic
def lease(now: datetime, most: int = AT_ONCE) -> list[WebhookDelivery]:
    """Take due rows that nobody else has; they are due again should we never come back."""
    due = WebhookDelivery.objects.due(now).select_related(
        "webhook", "response__survey", "response__version", "response__customer",
        "response__contact", "customer",
    )  # fmt: skip
    found = list(due.select_for_update(of=("self",), skip_locked=True)[:most])
    for delivery in found:
        delivery.attempts, delivery.due_at = delivery.attempts + 1, now + LEASE
    WebhookDelivery.objects.bulk_update(found, ["attempts", "due_at"])
    return found


def deliver(delivery: WebhookDelivery, *, now: datetime) -> bool:
    """One call and what became of it; True where the other side took it."""
    body, webhook = body_of(delivery), delivery.webhook
    headers = headers_for(webhook, message_id(delivery), int(now.timestamp()), body)
    status, error = None, ""
    try:
        status = post(webhook.address, body, headers).status
    except EgressError as refusal:
        error = refusal.code
    is_taken = status is not None and 200 <= status < 300
    log.info("webhook_called", webhook=webhook.pk, delivery=delivery.pk, status=status, error=error)
    close(delivery, is_taken, status, error, now=now)
    return is_taken


@transaction.atomic
def close(
    delivery: WebhookDelivery, is_taken: bool, status: int | None, error: str, *, now: datetime
) -> None:
    """Note the fate of a call, while the row is still ours, and how the webhook fares."""
    ours = WebhookDelivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=State.WAITING
    )
    if is_taken:
        ours.update(state=State.DELIVERED, status=status, error="", finished_at=now)
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0, failing_since=None)
        return
    if delivery.attempts >= MOST_TRIES:
        ours.update(state=State.FAILED, status=status, error=error, finished_at=now)
    else:
        due_at = now + wait_after(delivery.attempts, random.random)
        ours.update(status=status, error=error, due_at=due_at)
    note_failure(delivery.webhook, now, is_gone=status == GONE)


def wait_after(tries: int, chance: Callable[[], float]) -> timedelta:
    """Half a minute, then twice as long each time, up to six hours; of that at random the half to
    the whole, since what failed together must not come back together.
    """
    ceiling = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    return ceiling * (1 + chance()) / 2


def note_failure(called: Webhook, now: datetime, *, is_gone: bool) -> None:
    """Count it, and switch off what has failed for long or says that it is gone."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=called.pk)
    since = webhook.failing_since or now
    Webhook.objects.filter(pk=webhook.pk).update(failures=F("failures") + 1, failing_since=since)
    is_lasting = webhook.failures + 1 >= MOST_FAILURES and now - since >= FAILING_FOR
    because = Webhook.GONE if is_gone else Webhook.FAILING if is_lasting else ""
    if because and Webhook.objects.on().filter(pk=webhook.pk).update(
        off_since=now, off_because=because
    ):
        log.warning("webhook_switched_off", webhook=webhook.pk, because=because)
        queue([notice(webhook, reader, now) for reader in readers(webhook)], now=now)


def readers(webhook: Webhook) -> list[User]:
    """Who set it up, or everybody who could mend it."""
    able = User.objects.who_may("feedback.change_webhook")
    return [each for each in able if each == webhook.created_by] or list(able[:10])


def notice(webhook: Webhook, reader: User, now: datetime) -> Draft:
    """That it was switched off, by mail."""
    zone = Organisation.current().zone
    with translation.override(language_of(reader)), timezone.override(zone):
        letter = Letter()
        letter.say(
            _("Churnapp no longer calls %(address)s. Its calls failed until %(moment)s.")
            % {"address": webhook.address, "moment": formats.moment(now)}
        )
        letter.say(_("Mend the other side, then switch it on again: what has waited is sent."))
        button = Button(_("Open the webhook"), page("webhooks:webhook", webhook.pk))
        key = f"webhook_off:{webhook.pk}:{int(now.timestamp())}:{reader.pk}"
        return draft(key, reader, _("A webhook was switched off"), letter, button)
