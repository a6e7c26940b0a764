"""What became of a call, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from churnapp.common.egress import LONGEST
from feedback.models import Webhook, WebhookDelivery
from feedback.webhooks.bodies import TEST

ERRORS: dict[str, Promise] = {
    "unknown_host": _lazy("no such host"),
    "closed_network": _lazy("the address lies in a closed network"),
    "bad_certificate": _lazy("the certificate is not valid"),
    "too_slow": _lazy("no answer within %(seconds)s seconds"),
    "no_answer": _lazy("no connection"),
}
EVENTS: dict[str, Promise] = {
    "answer.received": _lazy("new answer"),
    "answer.changed": _lazy("changed answer"),
    "answer.set_aside": _lazy("answer set aside"),
    "cancellation.recorded": _lazy("new cancellation"),
    "cancellation.changed": _lazy("changed cancellation"),
    "cancellation.withdrawn": _lazy("withdrawn cancellation"),
    "offer.accepted": _lazy("accepted offer"),
    "offer.declined": _lazy("declined offer"),
    "campaign.changed": _lazy("campaign"),
    "campaign.step": _lazy("step of a campaign"),
    TEST: _lazy("test"),
}


def event_words(delivery: WebhookDelivery) -> str:
    return str(EVENTS.get(delivery.event, delivery.event))


def result_words(delivery: WebhookDelivery) -> str:
    """The status that came back, or why none did; empty before the first try."""
    if delivery.status is not None:
        return _("status %(status)s") % {"status": delivery.status}
    if delivery.error not in ERRORS:
        return delivery.error
    return str(ERRORS[delivery.error]) % {"seconds": formats.number(LONGEST)}


def off_words(webhook: Webhook) -> str:
    """Why a webhook is off; empty where a person switched it off, or where it is on."""
    said = {
        Webhook.FAILING: _("It failed for more than a day, so Churnapp stopped calling."),
        Webhook.GONE: _(
            "The other side said that it is gone (status 410), so Churnapp stopped calling."
        ),
    }
    return said.get(webhook.off_because, "")
