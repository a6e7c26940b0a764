"""The privacy notice: what we keep of people, for how long, and whom to ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from churnapp.models import Organisation
from customers.privacy.notice import kept_for, notice


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Linked from every public page and mail."""
    context = {
        "organisation": Organisation.current(),
        "parts": notice(),
        "for_ever": kept_for(None),
    }
    return render(request, "customers/public/privacy.html", context)
