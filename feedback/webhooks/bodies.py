"""What another program is told of an answer, in the names of the API."""

import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from feedback.models import Response, WebhookDelivery
from feedback.results import score_among

TEST = "test"


def message_id(delivery: WebhookDelivery) -> str:
    """The same at each try, so that the other side can tell a repeated one."""
    return f"msg_{delivery.pk}"


def body_of(delivery: WebhookDelivery) -> bytes:
    """The JSON of a delivery as things stand now."""
    told: dict[str, Any] = {
        "id": message_id(delivery),
        "event": delivery.event,
        "at": delivery.created_at,
        "answer": about(delivery.response) if delivery.response else None,
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def about(response: Response) -> dict[str, Any]:
    answers = list(response.answers.all())
    customer, contact = response.customer, response.contact
    return {
        "id": response.pk,
        "survey": response.survey.name,
        "survey_kind": response.survey.kind,
        "customer_id": customer.external_id if customer else None,
        "customer_url": address_of(response),
        "contact_email": contact.email if contact else None,
        "channel": response.channel,
        "language": response.language,
        "answered_at": response.answered_at,
        "set_aside_at": response.quarantined_at,
        "score": score_among(answers, response.survey.kind, response.version.content),
        "answers": [
            {
                "question": answer.question,
                "kind": answer.kind,
                "number": answer.number,
                "choices": answer.choices,
                "text": answer.text,
            }
            for answer in answers
        ],
    }


def address_of(response: Response) -> str | None:
    if response.customer_id is None:
        return None
    return settings.BASE_URL + reverse("customers:detail", args=[response.customer_id])
