"""Write contents of the library, archive them, bring them back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.contents import ContentForm, beginning
from campaigns.models import Content
from campaigns.services import contents as services
from campaigns.views.library_page import content_or_404
from churnapp.common.errors import RuleError
from customers.views.access import allowed, person, today_here
from customers.views.dialogs import REFUSED, Done, show_rule, take_back

CHANGE = "campaigns.change_content"


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.add_content")
def new(request: HttpRequest) -> HttpResponse:
    begun = {"owner": person(request), "published_on": today_here()}
    form = ContentForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_content(form.values, by=person(request))
        except RuleError as refusal:
            show_rule(form, refusal)
        else:
            return redirect("library:content", made.pk)
    return shown(request, form, {"title": _("New content"), "back": reverse("library:list")})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(CHANGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise; refused, what was typed stays."""
    found = content_or_404(pk)
    form = ContentForm(request.POST or None, initial=beginning(found))
    if request.method == "POST" and form.is_valid():
        seen_at = form.cleaned_data["seen"] or found.created_at
        try:
            services.change_content(found, form.values, seen_at=seen_at, by=person(request))
        except RuleError as refusal:
            show_rule(form, refusal)
            if found.changed_at != seen_at:
                show_theirs(form, found)
        else:
            messages.success(request, _("Saved."))
            return redirect("library:content", pk)
    title = _("Edit %(name)s") % {"name": found}
    back = reverse("library:content", args=[pk])
    return shown(request, form, {"title": title, "back": back, "content": found})


def show_theirs(form: ContentForm, found: Content) -> None:
    """Say at each field what it says now; who saves again after that means it."""
    for name, value in beginning(found).items():
        if name not in form.fields or name == "seen":
            continue
        typed, theirs = said(form.cleaned_data.get(name)), said(value)
        if typed != theirs:
            form.add_error(name, _("It says now: %(value)s") % {"value": theirs or "–"})
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["seen"] = found.changed_at.isoformat()
    form.data = data


def said(value: Any) -> str:
    """A value as the form's reader knows it."""
    if value is None:
        return ""
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return ", ".join(sorted(map(str, value)))
    return str(value)


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
