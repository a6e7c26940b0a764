"""What another program is told, in the names of the API."""

import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from customers.models import Cancellation, Customer, ReasonKind
from feedback.models import Response, WebhookDelivery, WebhookEvent
from feedback.results import score_among

TEST = "test"
# What is told of them is written down when it happens.
OF_CAMPAIGNS = {
    WebhookEvent.ACCEPTED,
    WebhookEvent.DECLINED,
    WebhookEvent.CAMPAIGN,
    WebhookEvent.STEP,
}


def message_id(delivery: WebhookDelivery) -> str:
    """The same at each try, so that the other side can tell a repeated one."""
    return f"msg_{delivery.pk}"


def body_of(delivery: WebhookDelivery) -> bytes:
    """The JSON of a delivery as things stand now."""
    told: dict[str, Any] = {
        "id": message_id(delivery),
        "event": delivery.event,
        "at": delivery.created_at,
    }
    if delivery.event in OF_CAMPAIGNS:
        told |= delivery.facts | about_customer(delivery.customer)
    elif delivery.cancellation_id is not None:
        told["cancellation"] = about_departure(delivery.cancellation_id)
    else:
        told["answer"] = about(delivery.response) if delivery.response else None
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def about_customer(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {}
    return {"customer_id": customer.external_id, "customer_url": address_of(customer.pk)}


def about(response: Response) -> dict[str, Any]:
    answers = list(response.answers.all())
    customer, contact = response.customer, response.contact
    return {
        "id": response.pk,
        "survey": response.survey.name,
        "survey_kind": response.survey.kind,
        "customer_id": customer.external_id if customer else None,
        "customer_url": address_of(response.customer_id),
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


def about_departure(pk: int) -> dict[str, Any]:
    together = ("customer", "subscription", "reason")
    gone = Cancellation.objects.with_lost_arr().select_related(*together).get(pk=pk)
    reasons = gone.reasons_by_kind()
    stated, csms = reasons.get(ReasonKind.STATED), reasons.get(ReasonKind.CSM)
    return {
        "id": gone.pk,
        "external_id": gone.external_id,
        "customer_id": gone.customer.external_id,
        "customer_url": address_of(gone.customer_id),
        "subscription_id": gone.subscription.external_id if gone.subscription else None,
        "requested_at": gone.requested_at,
        "effective_on": gone.effective_on,
        "reason": gone.reason.key if gone.reason else None,
        "stated_reason": stated.key if stated else None,
        "csm_reason": csms.key if csms else None,
        "comment": gone.comment,
        "competitor": gone.competitor,
        "missing_feature": gone.missing_feature,
        "involuntary": gone.involuntary,
        "lost_arr_minor": gone.lost_arr_minor,  # type: ignore[attr-defined]  # annotated
        "recorded_at": gone.recorded_at,
        "withdrawn_at": gone.withdrawn_at,
    }


def address_of(customer: int | None) -> str | None:
    if customer is None:
        return None
    return settings.BASE_URL + reverse("customers:detail", args=[customer])
