"""Rows of what webhooks are to be told of departures: written with the deed, once for each."""

from datetime import datetime

from feedback.models import Webhook, WebhookDelivery, WebhookEvent

State = WebhookDelivery.State
# The deeds of the audit trail that are told, and as what.
EVENTS: dict[str, WebhookEvent] = {
    "cancellation_recorded": WebhookEvent.RECORDED,
    "cancellation_withdrawn": WebhookEvent.WITHDRAWN,
    **dict.fromkeys(
        (
            "cancellation_amended",
            "reason_stated",
            "reason_confirmed",
            "reason_confirmation_taken_back",
        ),
        WebhookEvent.AMENDED,
    ),
}


def queue_departure(verb: str, cancellation: int, *, at: datetime) -> int:
    """Let every webhook that wants it be told of a deed; how many are to be.

    What is told is read when it goes out. So a call that waits and was not tried yet tells a
    change along, and the change makes no call of its own.
    """
    event = EVENTS.get(verb)
    if event is None:
        return 0
    wanting = Webhook.objects.listening().filter(events__contains=[event])
    webhooks = list(wanting.values_list("pk", flat=True))
    if webhooks and event == WebhookEvent.AMENDED:
        webhooks = sorted(set(webhooks) - set(telling_anyway(webhooks, cancellation)))
    rows = [
        WebhookDelivery(
            webhook_id=webhook,
            event=event,
            cancellation_id=cancellation,
            key=f"{event}:{cancellation}:{at.isoformat()}",
            created_at=at,
            due_at=at,
        )
        for webhook in webhooks
    ]
    return len(WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)) if rows else 0


def telling_anyway(webhooks: list[int], cancellation: int) -> list[int]:
    """Webhooks with a call ahead that will tell how the departure stands.

    The calls are held, so that no worker takes one before this change is committed.
    """
    ahead = WebhookDelivery.objects.filter(
        webhook__in=webhooks,
        cancellation=cancellation,
        event__in=(WebhookEvent.RECORDED, WebhookEvent.AMENDED),
        state=State.WAITING,
        attempts=0,
    )
    return list(ahead.select_for_update(no_key=True).values_list("webhook", flat=True))
