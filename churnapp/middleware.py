"""What every request gets: the organisation's time zone, no copies of personal pages, whole
answers to htmx.
"""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from churnapp.models import Organisation

GetResponse = Callable[[HttpRequest], HttpResponse]


class OrganisationTimeMiddleware:
    """Dates on pages are the organisation's, wherever the reader sits.

    `request.organisation` is it, so that a page asks for it once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.organisation = organisation = Organisation.current()
        with timezone.override(zoneinfo.ZoneInfo(organisation.timezone)):
            return self.get_response(request)


class PrivatePagesMiddleware:
    """Pages of signed-in people hold personal data: no cache keeps them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class FragmentMiddleware:
    """Fragments bring pending messages along; a session that ended leads the page to sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true":
            return response
        if response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL)):
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        if self.takes_messages(response) and len(get_messages(request)):
            response.write(render_to_string("_toasts.html", {"out_of_band": True}, request))
        return response

    @staticmethod
    def takes_messages(response: HttpResponse) -> bool:
        """Whether htmx puts the answer into the page."""
        is_html = response.headers.get("Content-Type", "").startswith("text/html")
        leaves = response.has_header("HX-Redirect") or response.has_header("HX-Refresh")
        stays = not leaves and not response.streaming
        return is_html and stays and response.status_code in {200, 400, 409, 422}
