"""Webhooks: which programs are told of answers and departures, and whether the calls arrive."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from churnapp.common.errors import RuleError
from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, confirm, dialog_view
from feedback.forms.webhooks import WebhookForm
from feedback.models import Webhook, WebhookDelivery
from feedback.services import webhooks as services
from feedback.views.sending import tried
from feedback.webhooks.sentences import event_words, off_words, result_words
from feedback.webhooks.signing import secret_of

LAST = 50
State = WebhookDelivery.State
SHOW_SECRET = "webhook_secret"  # noqa: S105  of which webhook the next page shows the secret
change = allowed("feedback.change_webhook")


@require_http_methods(["GET", "POST"])
@allowed("feedback.add_webhook")
def webhooks(request: HttpRequest) -> HttpResponse:
    """All webhooks, and a form for another."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        made = tried(form, lambda: services.add_webhook(**chosen, by=person(request)))
        if made is not None:
            request.session[SHOW_SECRET] = made.pk
            return redirect("webhooks:webhook", made.pk)
    context = {"form": form, "webhooks": Webhook.objects.order_by("pk")}
    status = 422 if form.errors else 200
    return render(request, "feedback/webhooks.html", context, status=status)


@require_http_methods(["GET", "POST"])
@change
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: its state, its last calls, and a form to change it."""
    found = get_object_or_404(Webhook.objects.select_related("created_by"), pk=pk)
    asked = {"address": found.address, "events": found.events}
    form = WebhookForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid() and changed(form, found, request):
        messages.success(request, _("Saved."))
        return redirect("webhooks:webhook", pk)
    context = {"webhook": found, "form": form, **standing(found), "secret": secret(request, found)}
    status = 422 if form.errors else 200
    return render(request, "feedback/webhook.html", context, status=status)


def changed(form: forms.Form, found: Webhook, request: HttpRequest) -> bool:
    def deed() -> bool:
        services.change_webhook(found, **form.cleaned_data, by=person(request))
        return True

    return bool(tried(form, deed))


def secret(request: HttpRequest, found: Webhook) -> str:
    """The secret, on the one page after it was made; the session keeps only whose it is."""
    if request.method != "GET" or request.session.get(SHOW_SECRET) != found.pk:
        return ""
    del request.session[SHOW_SECRET]
    return secret_of(found)


def standing(found: Webhook) -> dict[str, Any]:
    """How a webhook fares."""
    together = ("response__survey", "cancellation__customer")
    last = found.deliveries.select_related(*together).order_by("-pk")[:LAST]
    return {
        "why_off": off_words(found),
        "is_calling": any(each.state == State.WAITING and not each.attempts for each in last),
        "deliveries": [(each, event_words(each), result_words(each)) for each in last],
    }


@require_POST
@change
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it once, to see whether it works."""
    found = get_object_or_404(Webhook, pk=pk)
    by = person(request)
    said = _("A test is on its way: in a moment it stands under “Last calls”.")
    return done(request, pk, lambda: services.send_test(found, by=by), said)


@require_POST
@change
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch it off, or on."""
    found = get_object_or_404(Webhook, pk=pk)
    deed = services.switch_webhook_off if "off" in request.POST else services.switch_webhook_on
    return done(request, pk, lambda: deed(found, by=person(request)), _("Saved."))


@require_POST
@change
def new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret, shown once."""
    found = get_object_or_404(Webhook, pk=pk)
    services.renew_secret(found, by=person(request))
    request.session[SHOW_SECRET] = found.pk
    return redirect("webhooks:webhook", pk)


@asks
@dialog_view
@allowed("feedback.delete_webhook")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget it, once that is sure."""
    found = get_object_or_404(Webhook, pk=pk)

    def act() -> Done:
        services.delete_webhook(found, by=person(request))
        said = _("Deleted. Nothing is sent there any more.")
        return Done(said, to=reverse("webhooks:list"))

    dialog = Dialog(
        _("Delete the webhook?"),
        _("Delete webhook"),
        reverse("webhooks:webhook", args=[pk]),
        intro=_("%(address)s is forgotten with its calls. It can't be undone.")
        % {"address": found.address},
        is_grave=True,
    )
    return confirm(request, dialog, act)


@require_POST
@change
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed one again."""
    found = get_object_or_404(WebhookDelivery.objects.select_related("webhook"), pk=pk)
    by, said = person(request), _("It is on its way again.")
    return done(request, found.webhook_id, lambda: services.send_again(found, by=by), said)


def done(request: HttpRequest, pk: int, deed: Callable[[], object], said: str) -> HttpResponse:
    """Back to the page with what was done, or why not."""
    try:
        deed()
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("webhooks:webhook", pk)
