"""Set up what other programs are told: add, change, test, switch off and on, a new secret."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from churnapp.common.egress import EgressError, check_form
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.mail.links import new_nonce
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.models import Webhook, WebhookDelivery, WebhookEvent
from feedback.tasks import deliver_webhooks
from feedback.webhooks.bodies import TEST

MOST = 20


def ring_webhooks() -> None:
    """Wake a worker once the rows are committed; a broker that is away is no error."""
    wake: Callable[[], object] = deliver_webhooks.delay
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def add_webhook(address: str, events: Iterable[str], *, by: User | None) -> Webhook:
    """A webhook that is told from now on; who is told of changes of answers is told of new ones.

    Raises RuleError for an address that can't be called, and where it is to be told of nothing.
    """
    if Webhook.objects.count() >= MOST:
        raise RuleError(_("There are %(most)s webhooks, and no more fit.") % {"most": MOST})
    chosen = checked(address, events)
    webhook = Webhook.objects.create(**chosen, nonce=new_nonce(), created_by=by)
    note("webhook_added", webhook, by, {name: [None, value] for name, value in chosen.items()})
    return webhook


@transaction.atomic
def change_webhook(
    webhook: Webhook, address: str, events: Iterable[str], *, by: User | None
) -> None:
    """Another address, or other events. Raises RuleError as `add_webhook` does."""
    chosen, held = checked(address, events), held_again(webhook)
    changes = {
        name: [getattr(held, name), value]
        for name, value in chosen.items()
        if getattr(held, name) != value
    }
    if changes:
        Webhook.objects.filter(pk=held.pk).update(**chosen)
        note("webhook_changed", held, by, changes)


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: User | None) -> None:
    """Sign with another secret from now on: the one before is of no use any more."""
    Webhook.objects.filter(pk=webhook.pk).update(nonce=new_nonce())
    note("webhook_secret_renewed", webhook, by, {})


@transaction.atomic
def switch_webhook_off(webhook: Webhook, *, by: User | None) -> None:
    """Stop calling; what waits stays. Raises RuleError where it is off already."""
    now = database_clock()
    found = Webhook.objects.on().filter(pk=webhook.pk)
    if not found.update(off_since=now, off_because=Webhook.BY_HAND):
        raise RuleError(_("It is off already."))
    note("webhook_switched_off", webhook, by, {})


@transaction.atomic
def switch_webhook_on(webhook: Webhook, *, by: User | None) -> None:
    """Call again, first with what has waited. Raises RuleError where it is on already."""
    off = Webhook.objects.filter(pk=webhook.pk).exclude(off_since=None)
    fresh: dict[str, Any] = {"failures": 0, "failing_since": None}
    if not off.update(off_since=None, off_because="", **fresh):
        raise RuleError(_("It is on already."))
    waiting = webhook.deliveries.filter(state=WebhookDelivery.State.WAITING)
    waiting.update(due_at=database_clock())
    note("webhook_switched_on", webhook, by, {})
    ring_webhooks()


@transaction.atomic
def delete_webhook(webhook: Webhook, *, by: User | None) -> None:
    """Forget a webhook and its deliveries; the audit trail keeps that there was one."""
    note("webhook_deleted", webhook, by, {"address": [webhook.address, None]})
    webhook.delete()


@transaction.atomic
def send_test(webhook: Webhook, *, by: User | None) -> WebhookDelivery:
    """Call once with nothing but the word test. Raises RuleError where it is off."""
    if held_again(webhook).off_since is not None:
        raise RuleError(_("It is off. Switch it on first."))
    now = database_clock()
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        event=TEST,
        key=f"{TEST}:{get_random_string(20)}",
        created_at=now,
        due_at=now,
    )
    note("webhook_tested", webhook, by, {})
    ring_webhooks()
    return delivery


@transaction.atomic
def send_again(delivery: WebhookDelivery, *, by: User | None) -> None:
    """Try a failed delivery anew, under the same id. Raises RuleError where it has not failed."""
    failed = WebhookDelivery.objects.filter(pk=delivery.pk, state=WebhookDelivery.State.FAILED)
    again: dict[str, Any] = {"attempts": 0, "finished_at": None, "due_at": database_clock()}
    if not failed.update(state=WebhookDelivery.State.WAITING, **again):
        raise RuleError(_("Only what has failed can be sent again."))
    note("webhook_sent_again", delivery.webhook, by, {"delivery": [None, delivery.pk]})
    ring_webhooks()


def checked(address: str, events: Iterable[str]) -> dict[str, Any]:
    """Address and events as they are kept."""
    address = address.strip()
    try:
        check_form(address)
    except EgressError as refusal:
        raise RuleError(why_not(refusal.code), field="address") from refusal
    told = set(events)
    if told & {WebhookEvent.CHANGED, WebhookEvent.SET_ASIDE}:
        told.add(WebhookEvent.RECEIVED.value)
    wanted = [event for event in WebhookEvent.values if event in told]
    if not wanted:
        raise RuleError(_("Choose at least one thing to be told of."), field="events")
    return {"address": address, "events": wanted}


def why_not(code: str) -> str:
    """Why an address can't be called, in words."""
    said = {
        "not_https": _("The address has to begin with https://."),
        "has_password": _("Leave name and password out of the address: calls are signed."),
        "closed_port": _("Only port 443 and ports from 1024 on are called."),
    }
    return said.get(code) or _("This is no address of a page.")


def held_again(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)


def note(verb: str, webhook: Webhook, by: User | None, changes: dict[str, Any]) -> None:
    audit(Deed(verb, by, database_clock()), webhook, changes)
