"""What a reader chooses for themselves: theme, single keys, language, and mails they want."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from churnapp.models import User

ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep a theme or the switch of single keys, then back to the page that asked.

    A cookie carries the theme to pages seen before signing in.
    """
    theme, single_keys = request.POST.get("theme"), request.POST.get("single_keys")
    if theme not in (None, *User.Theme.values) or single_keys not in (None, "on", "off"):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        keep(request.user, theme, single_keys)
    response = HttpResponseRedirect(way_back(request))
    if theme:
        response.set_cookie(
            "theme", theme, max_age=ONE_YEAR, secure=request.is_secure(), samesite="Lax"
        )
    return response


def keep(user: User, theme: str | None, single_keys: str | None) -> None:
    """Write what was chosen, and only that."""
    if theme:
        user.theme = theme
        user.save(update_fields=["theme"])
    if single_keys:
        user.single_keys = single_keys == "on"
        user.save(update_fields=["single_keys"])


def way_back(request: HttpRequest) -> str:
    """The page that asked, if it is one of ours; else the first page."""
    goal = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return goal if ours else "/"


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Django's own choice of a language; mails to the reader are in it from then on."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language(request)


class MailsForm(forms.ModelForm):
    """Which mails a member of staff wants, and in which language."""

    class Meta:
        model = User
        fields = ("mail_unhappy", "mail_digest", "language")
        widgets = {"mail_digest": forms.RadioSelect}


@require_http_methods(["GET", "POST"])
@login_required
def mails(request: HttpRequest) -> HttpResponse:
    """The mails that the reader gets from here; nobody else's are changed."""
    user = cast("User", request.user)
    user.language = user.language or get_language() or settings.LANGUAGE_CODE
    form = MailsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=MailsForm.Meta.fields)
        messages.success(request, _("Saved."))
        return redirect("mail_preferences")
    status = 422 if form.errors else 200
    return render(request, "account/mails.html", {"form": form}, status=status)
