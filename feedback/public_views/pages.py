"""What every public page shares: language, headers, the answer to links that open nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from churnapp.models import Organisation
from feedback.content import SOURCE_LANGUAGE, Content

View = Callable[..., HttpResponse]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}"
)
KEPT_IN_ADDRESS = ("lang", "all", "change", "q", "score", "pick", "customer")


def public_page(view: View) -> View:
    """Nobody keeps, indexes, frames or passes on the address of what this view answers."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(framed_by="'none'"))
        return response

    return wrapped


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A public page in the language that is active."""
    notice = reverse("customers:privacy_notice")
    ours = getattr(request, "organisation", None) or Organisation.current()
    context = {"organisation": ours, "privacy_url": notice} | context
    response = render(request, f"feedback/public/{name}.html", context, status=status)
    response.headers["Content-Language"] = translation.get_language()
    return response


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to a link that is unknown, over, called back or closed."""
    return page(request, "gone", {}, status=404)


def too_often(request: HttpRequest) -> HttpResponse:
    response = page(request, "gone", {"wait": True}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def language_of(request: HttpRequest, content: Content, *wishes: str) -> str:
    """The language asked for, else the first wish that the survey speaks, else English."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    spoken = spoken_languages(content)
    return next((each for each in (asked, *wishes) if each in spoken), SOURCE_LANGUAGE)


def spoken_languages(content: Content) -> dict[str, str]:
    """The survey's languages by code, in their own names."""
    return {code: name for code, name in settings.LANGUAGES if code in content.languages}


def switches(
    request: HttpRequest, content: Content, now: str, **changed: str
) -> list[dict[str, Any]]:
    """The same page in each of the survey's languages; none where it speaks only one."""
    languages = spoken_languages(content)
    if len(languages) < 2:
        return []
    return [
        {
            "code": code,
            "name": name,
            "href": query(request, **changed, lang=code),
            "is_current": code == now,
        }
        for code, name in languages.items()
    ]


def query(request: HttpRequest, **changed: str) -> str:
    """The query of this page with these values changed; an empty one leaves the address."""
    kept = {name: request.GET[name] for name in KEPT_IN_ADDRESS if name in request.GET}
    return "?" + urlencode({name: value for name, value in (kept | changed).items() if value})
