"""The links in a campaign's mail: they lead on, to what is there when they are followed."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from campaigns.following import Visit, find_recipient, note_hit
from campaigns.links import path_of
from campaigns.models import Content, ContentSent, Grant, Recipient
from campaigns.paths import OFFER, Path
from campaigns.public_views.offers import nothing_here, too_often
from churnapp.common import public_limits as limits
from churnapp.common.public_pages import public_page


@require_safe
@public_page
def follow(request: HttpRequest, written: str, step: str) -> HttpResponse:
    """Lead on to the offer, or to the address that the mail's step names."""
    if limits.tries_too_often(request):
        return too_often(request)
    recipient = find_recipient(written)
    return led_on(request, recipient, step, goal_of(recipient, step) if recipient else "")


@require_safe
@public_page
def follow_content(request: HttpRequest, written: str, step: str, content: str) -> HttpResponse:
    """Lead on to what of the library the mail's step showed them, in their language."""
    if limits.tries_too_often(request):
        return too_often(request)
    recipient = find_recipient(written)
    shown = content_of(recipient, step, content) if recipient else None
    goal = shown.text("address", recipient.language) if recipient and shown else ""
    return led_on(request, recipient, step, goal, shown)


def led_on(
    request: HttpRequest,
    recipient: Recipient | None,
    step: str,
    goal: str,
    content: Content | None = None,
) -> HttpResponse:
    """Note that a link was followed, and lead on; without a goal there is nothing here."""
    if recipient is None or not goal:
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    program = request.headers.get("User-Agent", "")[:300]
    visit = Visit(request.method or "", program, network_of(request), content)
    note_hit(recipient, step, visit, now=timezone.now())
    with translation.override(recipient.language):
        return HttpResponseRedirect(goal)


def content_of(recipient: Recipient, step: str, key: str) -> Content | None:
    """The content of this key that a step's mail to them led to; archived ones are still there."""
    sent = ContentSent.objects.filter(recipient=recipient, step=step, content__key=key)
    found = sent.select_related("content").first()
    return found.content if found else None


def goal_of(recipient: Recipient, key: str) -> str:
    """Where a step's button leads now; "" where there is nothing any more."""
    step = Path.read(recipient.campaign.path).step(key)
    if step is None or not step.leads_to:
        return ""
    if step.leads_to != OFFER:
        return step.leads_to
    made = Grant.objects.filter(pk__in=recipient.steps.exclude(grant=None).values("grant"))
    grant = made.order_by("-made_at", "-pk").first()
    return path_of(grant) if grant else ""


def network_of(request: HttpRequest) -> str:
    """The address that asks, as far as it names a network; "" where a server on a socket asks."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
    return address.rpartition(".")[0] or address
