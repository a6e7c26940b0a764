"""Write a mention down, match it, give it to somebody, and tick it off as answered."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms.mentions import ArrangeForm, MatchForm, MentionForm, ReplyForm
from customers.models import Mention
from customers.services.mentions import (
    add_mention,
    arrange_mention,
    mark_replied,
    match_mention,
    set_apart,
    take_back_reply,
    unmatch_mention,
)
from customers.views.access import (
    allowed,
    organisation,
    person,
    today_here,
    visible_customers,
)
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    converse,
    dialog_view,
    take_back,
    undo_at,
)

INTRO_LENGTH = 300


@asks
@dialog_view
@allowed("customers.add_mention")
def add(request: HttpRequest) -> HttpResponse:
    form = MentionForm(request.POST or None, initial={"occurred_on": today_here()})
    back = asked_page(request) or reverse("customers:mentions")

    def act() -> Done:
        values = values_of(form)
        mention = add_mention(values, website=values.pop("website"), by=person(request))
        if mention.customer is None:
            return Done(_("The mention is recorded; no single customer fits."))
        return Done(_("The mention of %(name)s is recorded.") % {"name": mention.customer})

    return converse(request, Dialog(_("Record a mention"), _("Record"), back), form, act)


def values_of(form: MentionForm) -> dict[str, Any]:
    """The fields of the model; a day counts from its first moment, today from now."""
    values = dict(form.cleaned_data)
    day = values.pop("occurred_on")
    start = timezone.make_aware(datetime.combine(day, time.min))
    return values | {"occurred_at": timezone.now() if day == today_here() else start}


def mention_or_404(request: HttpRequest, pk: int) -> Mention:
    visible = Mention.objects.visible_to(person(request), organisation(request))
    return get_object_or_404(visible.with_all(), pk=pk)


def way_back(request: HttpRequest) -> str:
    return asked_page(request) or reverse("customers:mentions")


def intro(mention: Mention) -> str:
    words = mention.text or mention.author or mention.site
    return words if len(words) <= INTRO_LENGTH else words[: INTRO_LENGTH - 1] + "…"


@asks
@dialog_view
@allowed("customers.change_mention")
def match(request: HttpRequest, pk: int) -> HttpResponse:
    mention = mention_or_404(request, pk)
    form = MatchForm(request.POST or None, mention=mention, visible=visible_customers(request))

    def act() -> Done:
        customer = form.cleaned_data["customer"]
        match_mention(mention, customer, by=person(request))
        text = _("Matched to %(name)s; it stands on the timeline.") % {"name": customer}
        return Done(text, undo_at("unmatch_mention", mention.pk, way_back(request)))

    title = _("Whose mention is this?")
    dialog = Dialog(title, _("Match"), way_back(request), intro(mention))
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_mention")
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    mention = mention_or_404(request, pk)
    form = ArrangeForm(request.POST or None, mention=mention)

    def act() -> Done:
        arrange_mention(mention, form.arrangement(), by=person(request))
        return Done(_("Saved."))

    title = _("Who answers, by when")
    dialog = Dialog(title, _("Save"), way_back(request), intro(mention))
    return converse(request, dialog, form, act)


@require_POST
@allowed("customers.change_mention")
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """None of our customers said it."""
    done = (_("Set apart: none of our customers said it."), "unmatch_mention")
    return do(request, pk, set_apart, done)


@require_POST
@allowed("customers.change_mention")
def unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, unmatch_mention, (_("Not matched any more."), ""))


@asks
@dialog_view
@allowed("customers.change_mention")
def replied(request: HttpRequest, pk: int) -> HttpResponse:
    """It is answered; what and where may be kept."""
    mention = mention_or_404(request, pk)
    form = ReplyForm(request.POST if request.method == "POST" else None)

    def act() -> Done:
        mark_replied(mention, by=person(request), **form.cleaned_data)
        return Done(_("Answered."), undo_at("take_back_reply", mention.pk, way_back(request)))

    title = _("Mark as answered")
    return converse(request, Dialog(title, title, way_back(request), intro(mention)), form, act)


@require_POST
@allowed("customers.change_mention")
def unreplied(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, take_back_reply, (_("Not answered yet."), ""))


def do(
    request: HttpRequest, pk: int, verb: Callable[..., object], said: tuple[str, str]
) -> HttpResponse:
    """Do it to a mention; `said` is the toast and the name of the address that takes it back."""
    mention = mention_or_404(request, pk)
    text, name = said
    done = Done(
        text, undo_at(name, mention.pk, way_back(request)) if name else "", way_back(request)
    )
    return take_back(request, lambda: verb(mention, by=person(request)), done)
