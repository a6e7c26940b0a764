"""Pages that htmx may ask for in part."""

from django.contrib import messages
from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page, and not for all of it after the back button."""
    headers = request.headers
    asked = headers.get("HX-Request") == "true"
    return asked and headers.get("HX-History-Restore-Request") != "true"


def page_or_fragment(request: HttpRequest, page: str, fragment: str) -> str:
    """The template that answers this request. The view says `Vary: HX-Request`."""
    return fragment if wants_fragment(request) else page


def toast(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Show `text` with the next page or fragment; `undo_url` takes a POST that takes it back."""
    messages.success(request, text, extra_tags=undo_url)
