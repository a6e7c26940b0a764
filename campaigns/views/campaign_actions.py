"""What is done to a whole campaign: hold it, let it go on, end it, put it away, copy it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.models import Campaign, Recipient
from campaigns.services import campaigns as services
from campaigns.views.finding import CHANGE, LAUNCH, campaign_or_404
from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.forms.mail import BecauseForm
from customers.views.access import allowed, person
from customers.views.dialogs import (
    Dialog,
    Done,
    asks,
    confirm,
    converse,
    dialog_view,
    take_back,
)


def page_of(campaign: Campaign) -> str:
    return reverse("campaigns:overview", args=[campaign.pk])


def undo_by(name: str, campaign: Campaign) -> str:
    return reverse(f"campaigns:{name}", args=[campaign.pk])


@asks
@dialog_view
@allowed(LAUNCH)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold everything, with the reason why."""
    campaign = campaign_or_404(pk)
    form = BecauseForm(request.POST or None)

    def act() -> Done:
        services.pause(campaign, because=form.cleaned_data["because"], by=person(request))
        text = _("%(name)s is paused: nobody goes on, and no mail of it goes out.")
        return Done(text % {"name": campaign}, undo=undo_by("resume", campaign))

    title = _("Pause %(name)s") % {"name": campaign}
    intro = _("Within seconds nobody goes on, and mail of it that waits is held back.")
    return converse(request, Dialog(title, _("Pause"), page_of(campaign), intro=intro), form, act)


@asks
@dialog_view
@allowed(LAUNCH)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """End it for good, once it is said for how many."""
    campaign = campaign_or_404(pk)
    under_way = campaign.recipients.filter(state=Recipient.State.UNDER_WAY).count()

    def act() -> Done:
        services.finish(campaign, by=person(request))
        return Done(_("%(name)s is finished.") % {"name": campaign})

    told = ngettext(
        "%(count)s customer is under way and gets no more; mail of it that waits is called back."
        " This can't be taken back.",
        "%(count)s customers are under way and get no more; mail of it that waits is called back."
        " This can't be taken back.",
        under_way,
    )
    intro = told % {"count": formats.number(under_way)}
    title = _("Finish %(name)s?") % {"name": campaign}
    dialog = Dialog(title, _("Finish"), page_of(campaign), intro=intro, is_grave=True)
    return confirm(request, dialog, act)


def deed(request: HttpRequest, pk: int, act: Callable[[Campaign, User], Done]) -> HttpResponse:
    """Do what a button of the page asks; where a rule says no, the page says why."""
    campaign = campaign_or_404(pk)
    try:
        done = act(campaign, person(request))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(page_of(campaign))
    told = Done(done.text, done.undo, done.to or page_of(campaign))
    return take_back(request, lambda: None, told)


@require_POST
@allowed(LAUNCH)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    def act(campaign: Campaign, by: User) -> Done:
        services.resume(campaign, by=by)
        return Done(_("%(name)s goes on.") % {"name": campaign})

    return deed(request, pk, act)


@require_POST
@allowed(LAUNCH)
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    def act(campaign: Campaign, by: User) -> Done:
        services.unschedule(campaign, by=by)
        return Done(_("%(name)s is a draft again.") % {"name": campaign})

    return deed(request, pk, act)


@require_POST
@allowed(CHANGE)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    def act(campaign: Campaign, by: User) -> Done:
        services.archive(campaign, by=by)
        text = _("Archived: %(name)s.") % {"name": campaign}
        return Done(text, undo_by("bring_back", campaign))

    return deed(request, pk, act)


@require_POST
@allowed(CHANGE)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    def act(campaign: Campaign, by: User) -> Done:
        services.bring_back(campaign, by=by)
        return Done(_("Brought back: %(name)s.") % {"name": campaign})

    return deed(request, pk, act)


@require_POST
@allowed("campaigns.add_campaign")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    def act(campaign: Campaign, by: User) -> Done:
        made = services.copy_campaign(campaign, by=by)
        text = _("This is the copy: a draft, with a draw of its own and nobody in it.")
        return Done(text, to=page_of(made))

    return deed(request, pk, act)
