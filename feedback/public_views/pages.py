"""What every public page shares: language, headers, the answer to links that open nothing."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from customers.public_views.languages import language_asked, spoken_in, switches
from customers.public_views.pages import shown
from feedback.content import Content

KEPT_IN_ADDRESS = ("lang", "all", "change", "q", "score", "pick", "customer")


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A public page of surveys in the language that is active."""
    return shown(request, f"feedback/public/{name}.html", context, status)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to a link that is unknown, over, called back or closed."""
    return page(request, "gone", {}, status=404)


def too_often(request: HttpRequest) -> HttpResponse:
    response = page(request, "gone", {"wait": True}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def language_of(request: HttpRequest, content: Content, *wishes: str) -> str:
    """The language asked for, else the first wish that the survey speaks, else English."""
    return language_asked(request, spoken_languages(content), *wishes)


def spoken_languages(content: Content) -> dict[str, str]:
    """The survey's languages by code, in their own names."""
    return spoken_in(content.languages)


def languages_of(
    request: HttpRequest, content: Content, now: str, **changed: str
) -> list[dict[str, object]]:
    """The same page in each of the survey's languages; none where it speaks only one."""
    spoken = spoken_languages(content)
    return switches(spoken, now, lambda code: query(request, **changed, lang=code))


def query(request: HttpRequest, **changed: str) -> str:
    """The query of this page with these values changed; an empty one leaves the address."""
    kept = {name: request.GET[name] for name in KEPT_IN_ADDRESS if name in request.GET}
    return "?" + urlencode({name: value for name, value in (kept | changed).items() if value})
