"""Who may open a page about customers, and what they see there."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from churnapp.models import Organisation, User
from customers.models import Customer
from customers.models.customer import CustomerQuerySet

View = Callable[..., HttpResponseBase]


def allowed(permission: str) -> Callable[[View], View]:
    """Anonymous people go to the sign-in page, people without `permission` get a 403."""

    def decorate(view: View) -> View:
        return login_required(permission_required(permission, raise_exception=True)(view))

    return decorate


def person(request: HttpRequest) -> User:
    """Who asks; only in views behind `allowed`."""
    return cast("User", request.user)


def organisation(request: HttpRequest) -> Organisation:
    """The organisation, as the middleware asked for it."""
    return getattr(request, "organisation", None) or Organisation.current()


def visible_customers(request: HttpRequest) -> CustomerQuerySet:
    return Customer.objects.visible_to(person(request), organisation(request))


def customer_or_404(request: HttpRequest, pk: int) -> Customer:
    """The customer with its standing, plan, owner and parent; a 404 if not visible."""
    together = ("standing__plan", "owner", "parent")
    return get_object_or_404(visible_customers(request).select_related(*together), pk=pk)


def reporting_currency(request: HttpRequest) -> str:
    """Every amount of a page is in it; asked once a request."""
    return organisation(request).currency


def today_here() -> date:
    """Today in the organisation's time zone, which a middleware activates."""
    return timezone.localdate()
