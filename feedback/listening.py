"""What surveys and webhooks make of deeds on facts; found by its name when Django starts."""

from collections.abc import Iterator

from django.db import models
from django.urls import reverse

from customers.models import Cancellation, OutgoingEmail
from customers.reading.said import Source, sources
from customers.segments import Use, places, segments_in
from customers.services.announcing import Leaving, tellers
from customers.services.merges import movers
from customers.services.traces import Deed, listeners
from feedback.inviting.announcing import exit_surveys
from feedback.inviting.personally import need_not_ask
from feedback.models import SendingRule
from feedback.reading import answered_since, words_of
from feedback.services.merging import move_opinions
from feedback.services.replies import take_back_reply
from feedback.services.webhooks import ring_webhooks
from feedback.webhooks.departures import queue_departure


def tell_of_departures(deed: Deed, target: models.Model) -> None:
    """Queue what webhooks are to be told of a departure, in the transaction of the deed."""
    if isinstance(target, Cancellation) and queue_departure(deed.verb, target.pk, at=deed.at):
        ring_webhooks()


def open_tasks_again(deed: Deed, target: models.Model) -> None:
    """A reply that was called back has done no task."""
    if isinstance(target, OutgoingEmail) and deed.verb == "mail_called_back":
        take_back_reply(target, by=deed.by)


def ask_no_more(deed: Deed, target: models.Model) -> None:
    """Who stays is not asked why they leave."""
    if isinstance(target, Cancellation) and deed.verb == "cancellation_withdrawn":
        need_not_ask(target.pk, by=deed.by)


def tell_of_surveys(leaving: Leaving) -> Iterator[str]:
    """Which survey goes to whom, once the departure is recorded."""
    return exit_surveys(leaving.customer, involuntary=leaving.involuntary, now=leaving.now)


def rules_by_segments(keys: set[int]) -> Iterator[Use]:
    """The sending rules that ask the customers of these segments."""
    rules = SendingRule.objects.filter(segment__contains="segment=", survey__archived_at=None)
    for rule in rules.select_related("survey"):
        for key in segments_in(rule.segment) & keys:
            yield Use(key, rule.survey.name, reverse("surveys:rule", args=[rule.pk]))


movers.append(move_opinions)
places.append(rules_by_segments)
listeners.extend([tell_of_departures, open_tasks_again, ask_no_more])
sources.append(Source(words_of, answered_since))
tellers.append(tell_of_surveys)
