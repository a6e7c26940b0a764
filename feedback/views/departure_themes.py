"""What those who left wrote about: the themes of the departures that an address chooses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import page_or_fragment
from customers.views.access import allowed
from customers.views.departures import DepartureList
from feedback.views.theme_scopes import DEPARTURES, of_departures, plain, theme_bars


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.view_theme")
def departure_themes(request: HttpRequest) -> HttpResponse:
    """A part of the page of insight, which asks for it with its own address."""
    rows = of_departures(DepartureList(request).found)
    context = {"themes": theme_bars(request, rows, DEPARTURES), "back": plain(request.GET)}
    template = page_or_fragment(
        request, "feedback/departure_themes.html", "feedback/_departure_themes.html"
    )
    return render(request, template, context)
