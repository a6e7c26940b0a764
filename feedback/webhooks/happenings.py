"""Rows of what webhooks are told of campaigns and offers: written with the deed, once each."""

from collections.abc import Mapping
from datetime import datetime

from customers.models import Customer
from feedback.models import Webhook, WebhookDelivery, WebhookEvent

Facts = Mapping[str, str | int | None]


def queue_happening(
    event: WebhookEvent, key: str, facts: Facts, *, customer: Customer | None, at: datetime
) -> int:
    """Let every webhook that wants `event` be told `facts`, once by `key`; how many are to be.

    Facts are numbers, codes and names of ours: nothing of a person.
    """
    wanting = Webhook.objects.listening().filter(events__contains=[event])
    rows = [
        WebhookDelivery(
            webhook=webhook,
            event=event,
            customer=customer,
            facts=dict(facts),
            key=f"{event}:{key}",
            created_at=at,
            due_at=at,
        )
        for webhook in wanting
    ]
    return len(WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)) if rows else 0
