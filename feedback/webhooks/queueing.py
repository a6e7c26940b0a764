"""Rows of what webhooks are to be told: written with the deed, once for each thing."""

from datetime import datetime

from feedback.models import Response, Webhook, WebhookDelivery, WebhookEvent


def queue_answer(response: Response, *, now: datetime) -> int:
    """Let every webhook that wants it be told how an answer stands; how many are to be.

    The first time it came in, then it was changed; set aside only where it was told before.
    """
    if response.answered_at is None:
        return 0
    webhooks = list(Webhook.objects.listening())
    if not webhooks:
        return 0
    told = set(
        WebhookDelivery.objects.filter(webhook__in=webhooks, key=key_of(response)).values_list(
            "webhook", flat=True
        )
    )
    rows = [row_for(webhook, response, now, knows=webhook.pk in told) for webhook in webhooks]
    wanted = [row for row in rows if row is not None]
    return len(WebhookDelivery.objects.bulk_create(wanted, ignore_conflicts=True))


def key_of(response: Response) -> str:
    return f"{WebhookEvent.RECEIVED}:{response.pk}"


def row_for(
    webhook: Webhook, response: Response, now: datetime, *, knows: bool
) -> WebhookDelivery | None:
    """The row for one webhook; None where it does not want this."""
    event = event_of(response, knows=knows)
    if event is None or event not in webhook.events:
        return None
    is_first = event == WebhookEvent.RECEIVED
    later = f"{event}:{response.pk}:{response.changed_at.isoformat()}"
    key = key_of(response) if is_first else later
    return WebhookDelivery(
        webhook=webhook, event=event, response=response, key=key, created_at=now, due_at=now
    )


def event_of(response: Response, *, knows: bool) -> WebhookEvent | None:
    if response.quarantined_at is not None:
        return WebhookEvent.SET_ASIDE if knows else None
    return WebhookEvent.CHANGED if knows else WebhookEvent.RECEIVED
