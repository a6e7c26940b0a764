"""Write contents of the library, archive them, bring them back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.contents import ContentForm, beginning
from campaigns.models import Content
from campaigns.services import contents as services
from campaigns.views.library_page import content_or_404
from campaigns.views.saving import is_changed, made
from customers.views.access import allowed, person, today_here
from customers.views.dialogs import REFUSED, Done, take_back

CHANGE = "campaigns.change_content"


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.add_content")
def new(request: HttpRequest) -> HttpResponse:
    begun = {"owner": person(request), "published_on": today_here()}
    form = ContentForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        row = made(form, lambda: services.make_content(form.values, by=person(request)))
        if row is not None:
            return redirect("library:content", row.pk)
    return shown(request, form, {"title": _("New content"), "back": reverse("library:list")})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(CHANGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise; refused, what was typed stays."""
    found = content_or_404(pk)
    form = ContentForm(request.POST or None, initial=beginning(found))
    if request.method == "POST" and form.is_valid():
        save = partial(services.change_content, found, form.values, by=person(request))
        if is_changed(form, found, save, lambda: beginning(found)):
            messages.success(request, _("Saved."))
            return redirect("library:content", pk)
    title = _("Edit %(name)s") % {"name": found}
    back = reverse("library:content", args=[pk])
    return shown(request, form, {"title": title, "back": back, "content": found})


def shown(request: HttpRequest, form: ContentForm, context: dict[str, Any]) -> HttpResponse:
    status = REFUSED if form.errors else 200
    return render(request, "campaigns/content_form.html", context | {"form": form}, status=status)


@require_POST
@allowed(CHANGE)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Content, pk=pk)
    undo, back = reverse("library:bring_back", args=[pk]), reverse("library:list")
    done = Done(_("Archived: %(name)s.") % {"name": found}, undo, back)
    return take_back(request, lambda: services.archive_content(found, by=person(request)), done)


@require_POST
@allowed(CHANGE)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Content, pk=pk)
    goal = reverse("library:content", args=[pk])
    done = Done(_("Brought back: %(name)s.") % {"name": found}, to=goal)
    return take_back(request, lambda: services.bring_back_content(found, by=person(request)), done)
