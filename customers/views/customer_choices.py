"""Customers that fit what is typed in a field, for its list of choices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from customers.filters import fitting
from customers.forms.choosing import offered
from customers.views.access import allowed, visible_customers

MOST = 12


@require_GET
@allowed("customers.view_customer")
def choices(request: HttpRequest) -> HttpResponse:
    """Options by the words of the name or the beginning of the id."""
    wanted = request.GET.get("other", "").strip()
    found = visible_customers(request).filter(fitting(wanted)).order_by("name", "pk")[:MOST]
    named = [offered(customer) for customer in found] if wanted else []
    return render(request, "customers/_customer_choices.html", {"choices": named})
