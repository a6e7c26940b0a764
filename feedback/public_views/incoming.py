"""Where other programs tell of cancellations: signed calls, kept first, each event taken once."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from churnapp.common import public_limits as limits
from churnapp.common.signing import ID, SIGNATURE, TIMESTAMP, is_signed
from feedback.api.incoming import take
from feedback.models import IncomingCall, IncomingWebhook
from feedback.services.incoming import keep_call
from feedback.webhooks.signing import key_of

LONGEST_BODY = 64 * 1024
LONGEST_ID = 200


@csrf_exempt
@require_POST
def incoming(request: HttpRequest, code: str) -> JsonResponse:
    """Keep and take one event; 200 when its cancellation stands recorded, again and again.

    400 says what is wrong, by field; then the call is kept too, and can be sent again under its id.
    What is not signed is not kept.
    """
    if limits.tries_too_often(request):
        answer = said(429, _("Too many calls that are not signed. Try again in a minute."))
        answer.headers["Retry-After"] = str(limits.WINDOW)
        return answer
    webhook = IncomingWebhook.objects.on().select_related("acts_as").filter(code=code).first()
    if webhook is None:
        limits.is_a_miss_too_many(request)
        return said(404, _("There is no such address, or it is switched off."))
    if len(request.body) > LONGEST_BODY:
        return said(413, _("A call has at most 64 kB."))
    return if_signed(request, webhook)


def if_signed(request: HttpRequest, webhook: IncomingWebhook) -> JsonResponse:
    """Take the event, once its signature is found to be right."""
    now = timezone.now()
    if not is_signed(key_of(webhook), request.headers, request.body, now=now):
        limits.is_a_miss_too_many(request)
        return said(400, unsigned())
    event_id = request.headers[ID]
    if len(event_id) > LONGEST_ID or not event_id.isprintable():
        return said(400, _("Webhook-Id has at most 200 characters."))
    return told(take(keep_call(webhook, event_id, request.body, now=now)))


def told(call: IncomingCall) -> JsonResponse:
    if call.state == IncomingCall.State.REFUSED:
        return JsonResponse(call.problem, status=400)
    return JsonResponse({"event_id": call.event_id, "cancellation": call.cancellation_id})


def unsigned() -> str:
    return _(
        "The signature does not fit, or is older than five minutes. Send %(id)s, %(timestamp)s and"
        " %(signature)s, made with the secret of this address."
    ) % {"id": ID, "timestamp": TIMESTAMP, "signature": SIGNATURE}


def said(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)
