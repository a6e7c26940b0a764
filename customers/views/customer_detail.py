"""One customer: what they pay and paid, what was said, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from customers.views.access import allowed, customer_or_404


@require_GET
@allowed("customers.view_customer")
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole story of a customer on one page."""
    customer = customer_or_404(request, pk)
    return render(request, "customers/detail.html", {"customer": customer})
