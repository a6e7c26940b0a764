"""What surveys and webhooks make of deeds on facts; found by its name when Django starts."""

from django.db import models

from customers.models import Cancellation
from customers.reading.said import Source, sources
from customers.services.merges import movers
from customers.services.traces import Deed, listeners
from feedback.reading import answered_since, words_of
from feedback.services.merging import move_opinions
from feedback.services.webhooks import ring_webhooks
from feedback.webhooks.departures import queue_departure


def tell_of_departures(deed: Deed, target: models.Model) -> None:
    """Queue what webhooks are to be told of a departure, in the transaction of the deed."""
    if isinstance(target, Cancellation) and queue_departure(deed.verb, target.pk, at=deed.at):
        ring_webhooks()


listeners.append(tell_of_departures)
movers.append(move_opinions)
sources.append(Source(words_of, answered_since))
