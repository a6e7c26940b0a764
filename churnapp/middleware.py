"""What every request gets: the organisation's time zone, and no copies of personal pages."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from churnapp.models import Organisation

GetResponse = Callable[[HttpRequest], HttpResponse]


class OrganisationTimeMiddleware:
    """Dates on pages are the organisation's, wherever the reader sits."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(Organisation.current().timezone)):
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
