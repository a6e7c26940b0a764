"""Questions that a page asks in a dialog, and without script on a page of their own.

A rule that says no becomes an error of the form; what was typed stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment, toast, wants_fragment

REFUSED = 422
asks = require_http_methods(["GET", "HEAD", "POST"])
dialog_view = vary_on_headers("HX-Request")


@dataclass(frozen=True)
class Dialog:
    """What a dialog says around its form; `back` is where the page without script leads back."""

    title: str
    submit: str
    back: str
    intro: str = ""
    is_grave: bool = False
    body: str = "customers/_dialog_fields.html"
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What was done, for the person who did it; `undo` is an address that takes it back."""

    text: str
    undo: str = ""
    to: str = ""


def converse(
    request: HttpRequest, dialog: Dialog, form: forms.Form, act: Callable[[], Done]
) -> HttpResponse:
    """Show the form, or do what it asks; refused, it is shown again with what was typed."""
    if request.method != "POST":
        return show(request, dialog, form)
    if form.is_valid():
        try:
            done = act()
        except RuleError as error:
            show_rule(form, error)
        else:
            return leave(request, done, dialog.back)
    return show(request, dialog, form, REFUSED)


def confirm(request: HttpRequest, dialog: Dialog, act: Callable[[], Done]) -> HttpResponse:
    """Ask nothing but whether it is meant."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    return converse(request, dialog, form, act)


def undo_at(name: str, pk: int, back: str) -> str:
    """Where something is taken back; from there one comes to the page `back` again."""
    return f"{reverse(f'customers:{name}', args=[pk])}?{urlencode({'next': back})}"


def show(request: HttpRequest, dialog: Dialog, form: forms.Form, status: int = 200) -> HttpResponse:
    template = page_or_fragment(request, "customers/dialog.html", "customers/_dialog.html")
    context = {"dialog": dialog, "form": form, "is_fragment": wants_fragment(request)}
    return render(request, template, context | dict(dialog.more), status=status)


def show_rule(form: forms.BaseForm, error: RuleError) -> None:
    """Put the rule's message at its field, or over the form where it has none of that name.

    A form may have a field under another name: `asked_as` says which.
    """
    name = getattr(form, "asked_as", {}).get(error.field, error.field)
    name = name if name in form.fields else None
    form.add_error(name, str(error))


def leave(request: HttpRequest, done: Done, back: str) -> HttpResponse:
    """Go on to the page, where a toast says what was done."""
    toast(request, done.text, done.undo)
    goal = done.to or back
    if not wants_fragment(request):
        return redirect(goal)
    return (
        HttpResponseClientRefresh() if is_here(request, goal) else HttpResponseClientRedirect(goal)
    )


def asked_page(request: HttpRequest) -> str:
    """The page of ours that the request names to go back to, if any."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if ours else ""


def is_here(request: HttpRequest, goal: str) -> bool:
    """Whether the dialog stands on the page it leads to: a browser would only scroll there."""
    here, there = urlsplit(request.headers.get("HX-Current-URL", "")), urlsplit(goal)
    return (here.path, here.query) == (there.path, there.query)


def take_back(request: HttpRequest, act: Callable[[], object], done: Done) -> HttpResponse:
    """Do what an undo asks; where a rule says no, the page says why."""
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(done.to)
    return leave(request, done, done.to)
