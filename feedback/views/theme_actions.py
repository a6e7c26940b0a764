"""Confirm and reject what was suggested; take up, name, merge and retire themes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.views.access import allowed, person
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    converse,
    dialog_view,
    take_back,
)
from feedback.forms.themes import MergeForm, ThemeForm
from feedback.models import CommentTheme, Theme
from feedback.services import themes as services


def back_of(request: HttpRequest) -> str:
    return asked_page(request) or reverse("surveys:themes")


def judged(
    request: HttpRequest, pk: int, deed: Callable[..., CommentTheme], text: str, undo: str = ""
) -> HttpResponse:
    """Judge one comment that the reader may see, and go back to where it was asked."""
    seen = CommentTheme.objects.visible_to(person(request)).select_related("theme__merged_into")
    row = get_object_or_404(seen, pk=pk)
    done = Done(
        text % {"theme": row.theme.counts_as}, undo and reverse(undo, args=[pk]), back_of(request)
    )
    return take_back(request, lambda: deed(row, by=person(request)), done)


@require_POST
@allowed("feedback.change_commenttheme")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The comment is about the theme."""
    text = _("Confirmed: %(theme)s.")
    return judged(request, pk, services.confirm, text, "surveys:reopen_comment")


@require_POST
@allowed("feedback.change_commenttheme")
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """The comment is not about the theme."""
    text = _("Rejected: not about %(theme)s.")
    return judged(request, pk, services.reject, text, "surveys:reopen_comment")


@require_POST
@allowed("feedback.change_commenttheme")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It waits again."""
    return judged(request, pk, services.reopen, _("Taken back: it waits again."))


@require_POST
@allowed("feedback.change_theme")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal up."""
    found = get_object_or_404(Theme, pk=pk)
    text = _("Taken up: %(theme)s. Its comments wait to be judged.") % {"theme": found}
    undo = reverse("surveys:hand_back_theme", args=[pk])
    done = Done(text, undo, back_of(request))
    return take_back(request, lambda: services.accept_theme(found, by=person(request)), done)


@require_POST
@allowed("feedback.change_theme")
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It is a proposal again."""
    found = get_object_or_404(Theme, pk=pk)
    done = Done(_("Taken back: %(theme)s.") % {"theme": found}, to=back_of(request))
    return take_back(request, lambda: services.hand_back_theme(found, by=person(request)), done)


@require_POST
@allowed("feedback.change_theme")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for it no more, or turn a proposal down."""
    found = get_object_or_404(Theme, pk=pk)
    text = _("No longer looked for: %(theme)s.") % {"theme": found}
    done = Done(text, reverse("surveys:restore_theme", args=[pk]), reverse("surveys:themes"))
    return take_back(request, lambda: services.retire_theme(found, by=person(request)), done)


@require_POST
@allowed("feedback.change_theme")
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for it again."""
    found = get_object_or_404(Theme, pk=pk)
    done = Done(_("Taken back: %(theme)s.") % {"theme": found}, to=back_of(request))
    return take_back(request, lambda: services.restore_theme(found, by=person(request)), done)


@asks
@dialog_view
@allowed("feedback.change_theme")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a theme and say which words suggest it."""
    found = get_object_or_404(Theme, pk=pk)
    form = ThemeForm(request.POST or None, initial=ThemeForm.said_of(found))

    def act() -> Done:
        named = services.change_theme(found, form.labels(), form.words(), by=person(request))
        return Done(_("Saved: %(theme)s.") % {"theme": named})

    dialog = Dialog(
        _("Name and words"),
        _("Save"),
        reverse("surveys:theme", args=[pk]),
        intro=_(
            "One line is enough: each of its words must stand in the comment, in any form. A slash "
            "parts words of which one is enough: app/mobile slow."
        ),
    )
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("feedback.change_theme")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a theme part of another."""
    found = get_object_or_404(Theme, pk=pk)
    form = MergeForm(request.POST or None, theme=found)

    def act() -> Done:
        into = services.merge_theme(found, form.cleaned_data["into"], by=person(request))
        text = _("Merged into %(theme)s.") % {"theme": into}
        undo = reverse("surveys:separate_theme", args=[pk])
        return Done(text, undo, reverse("surveys:theme", args=[into.pk]))

    dialog = Dialog(
        _("Merge %(theme)s") % {"theme": found},
        _("Merge"),
        reverse("surveys:theme", args=[pk]),
        intro=_("Its comments and its words count there. You can separate them."),
    )
    return converse(request, dialog, form, act)


@require_POST
@allowed("feedback.change_theme")
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    """A merged theme stands by itself again."""
    found = get_object_or_404(Theme, pk=pk)
    text = _("%(theme)s stands by itself again.") % {"theme": found}
    done = Done(text, to=asked_page(request) or reverse("surveys:theme", args=[pk]))
    return take_back(request, lambda: services.separate_theme(found, by=person(request)), done)
