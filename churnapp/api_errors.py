"""How the API says no: one shape for every error, always JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions, views
from rest_framework.response import Response

from churnapp.common.errors import RuleError

API = "/api/"


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer, with the domain's RuleError as a 400 that names the field."""
    if isinstance(error, RuleError):
        field = error.field or "non_field_errors"
        error = exceptions.ValidationError({field: [str(error)]})
    response = views.exception_handler(error, context)
    if response is not None and isinstance(response.data, list):
        response.data = {"non_field_errors": response.data}
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 of the whole installation: JSON for programs, a page for people."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("There is no such address.")}, status=404)
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """The 500 of the whole installation."""
    if request.path.startswith(API):
        return JsonResponse({"detail": _("Something failed here. It has been noted.")}, status=500)
    return defaults.server_error(request)
