"""Where a mail provider's webhook tells what became of mails."""

import json
from typing import Any

from anymail import urls as provider_urls
from anymail.signals import AnymailTrackingEvent, RejectReason
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from customers.mail import events

# django-anymail verifies and reads what each provider sends; its signals are left alone.
READERS = {
    str(pattern.name).removesuffix("_tracking_webhook"): pattern.callback
    for pattern in provider_urls.urlpatterns
    if str(pattern.name).endswith("_tracking_webhook")
}
HARD = {RejectReason.INVALID, RejectReason.BOUNCED}


@csrf_exempt
@require_POST
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep and apply what the provider in use tells. 400 for what its secret does not vouch for."""
    reader = READERS.get(provider)
    if reader is None or provider != settings.MAIL_PROVIDER or not has_secret():
        raise Http404
    webhook = reader.view_class(**reader.view_initkwargs)
    webhook.run_validators(request)  # raises SuspiciousOperation: a 400
    try:
        told = webhook.parse_events(request)
    except (ValueError, KeyError, TypeError):
        return HttpResponseBadRequest()
    for event in told:
        if isinstance(event, AnymailTrackingEvent):
            events.take(event_of(provider, event), now=timezone.now())
    return HttpResponse()


def has_secret() -> bool:
    return bool(settings.ANYMAIL.get("WEBHOOK_SECRET"))


def event_of(provider: str, event: AnymailTrackingEvent) -> events.Event:
    metadata = event.metadata or {}
    return events.Event(
        provider=provider,
        kind=str(event.event_type),
        ids=tuple(str(name) for name in (event.message_id, metadata.get("mail")) if name),
        event_id=str(event.event_id or ""),
        occurred_at=event.timestamp,
        is_hard=event.reject_reason in HARD,
        told=str(event.mta_response or event.description or ""),
        payload=plain(event.esp_event),
    )


def plain(payload: Any) -> dict[str, Any]:
    """As it came, but for NUL, which PostgreSQL does not keep."""
    text = json.dumps(payload, default=str).replace("\\u0000", "")
    loaded = json.loads(text)
    return loaded if isinstance(loaded, dict) else {"event": loaded}
