"""How every public page is shown: under the organisation's name, in the language that is active."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from churnapp.models import Organisation


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A public page, with the way to the privacy notice."""
    notice = reverse("customers:privacy_notice")
    ours = getattr(request, "organisation", None) or Organisation.current()
    context = {"organisation": ours, "privacy_url": notice} | context
    response = render(request, template, context, status=status)
    response.headers["Content-Language"] = translation.get_language()
    return response
