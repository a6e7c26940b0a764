"""Whether the figures agree with each other, and whose do not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from customers.metrics.checks import latest_checks
from customers.models import CheckRun
from customers.views.access import allowed, visible_customers

WORDS: dict[str, Promise] = {
    "identity_total": _("Start and movements make the end: in total, each month"),
    "identity_customers": _("Start and movements make the end: for each customer, each month"),
    "identity_plan": _("Start and movements make the end: for each plan, each month"),
    "identity_country": _("Start and movements make the end: for each country, each month"),
    "full_equals_recent": _("The last year alone gives what the whole history gives"),
    "two_ways_agree": _("Two ways of counting agree"),
}


@dataclass(frozen=True)
class CheckLine:
    """One check: what it says, and each place where it does not hold in a few words."""

    run: CheckRun
    words: str | Promise
    broken: list[str]


@require_GET
@allowed("customers.view_customer")
def checks(request: HttpRequest) -> HttpResponse:
    """The last run of each check, and the customers for whom one did not hold."""
    runs = latest_checks()
    context = {
        "checks": [
            CheckLine(run, WORDS.get(run.name, run.name), broken_places(run)) for run in runs
        ],
        "offenders": visible_customers(request).filter(pk__in=offenders(runs)).order_by("name"),
    }
    return render(request, "customers/checks.html", context)


def broken_places(run: CheckRun) -> list[str]:
    """Each place where a check broke, its fields side by side."""
    return [
        ", ".join(f"{name}: {value}" for name, value in place.items())
        for place in run.details.get("broken", [])
    ]


def offenders(runs: Iterable[CheckRun]) -> set[int]:
    """Customers that a failed check names."""
    return {
        place["customer_id"]
        for run in runs
        if not run.ok
        for place in run.details.get("broken", [])
        if place.get("customer_id")
    }
