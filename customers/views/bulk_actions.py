"""Change the owner of many customers: a look at what it means first, then at once or as a job."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import Job
from customers.filters import CustomerFilter
from customers.forms.customers import HandOverForm
from customers.models import BulkHandover, Customer, Task
from customers.models.customer import CustomerQuerySet
from customers.services.bulk import Order, hand_over_many, stop
from customers.services.owners import hand_over
from customers.views.access import (
    allowed,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.dialogs import Done, asks, leave, show_rule, take_back

AT_ONCE = 1_000  # more customers than this are handed over by a job
OWNERS_SHOWN = 8


@asks
@allowed("customers.bulk_change_customer")
def hand_over_selected(request: HttpRequest) -> HttpResponse:
    """Hand over the rows that were ticked, or everyone whom the list's filters choose."""
    asked = request.POST or request.GET
    customers = selected(request, asked)
    form = HandOverForm(request.POST or None, initial={"on": today_here()})
    if request.method == "POST" and form.is_valid():
        try:
            return leave(request, carry_out(request, customers, form), list_address(asked))
        except RuleError as error:
            show_rule(form, error)
    context = preview(customers) | {
        "form": form,
        "asked": asked,
        "selected_ids": asked.getlist("selected"),
        "currency": reporting_currency(request),
        "back": list_address(asked),
        "at_once": AT_ONCE,
    }
    status = 422 if form.errors else 200
    return render(request, "customers/hand_over_many.html", context, status=status)


def selected(request: HttpRequest, asked: QueryDict) -> CustomerQuerySet:
    """The customers meant: all that the filters choose, or those ticked."""
    visible = visible_customers(request)
    if asked.get("everyone"):
        found = CustomerFilter(QueryDict(asked.get("filters", "")), visible, user=person(request))
        every: CustomerQuerySet = found.qs
        return every if found.is_valid() else every.none()
    ticked = [pk for pk in asked.getlist("selected") if fits_bigint(pk)]
    return visible.filter(pk__in=ticked[:AT_ONCE])


def list_address(asked: QueryDict) -> str:
    filters = asked.get("filters", "")
    return reverse("customers:list") + (f"?{filters}" if filters else "")


def preview(customers: CustomerQuerySet) -> dict[str, Any]:
    """How many customers of what value, from whom, with how much open work."""
    sums = customers.aggregate(count=Count("pk"), arr=Sum("standing__arr_minor"))
    owners = customers.order_by().values("owner", "owner__name", "owner__email")
    by_owner = owners.annotate(count=Count("pk")).order_by("-count")[:OWNERS_SHOWN]
    open_tasks = Task.objects.filter(done_at=None, assignee__isnull=False, customer__in=customers)
    return {
        "count": sums["count"],
        "arr_minor": sums["arr"] or 0,
        "owners": [(row["owner__name"] or row["owner__email"], row["count"]) for row in by_owner],
        "tasks": open_tasks.count(),
        "examples": Customer.objects.filter(pk__in=customers.order_by("name").values("pk")[:5]),
    }


def carry_out(request: HttpRequest, customers: CustomerQuerySet, form: HandOverForm) -> Done:
    given = form.cleaned_data
    count = customers.count()
    order = Order(given["to"], given["on"], given["note"])
    if count > AT_ONCE:
        filters = request.POST.get("filters", "")
        bulk = hand_over_many(filters, order, total=count, by=person(request))
        page = reverse("customers:bulk_hand_over", args=[bulk.pk])
        return Done(_("The handover has begun; it goes on when you leave the page."), to=page)
    planned = hand_over(customers, by=person(request), **vars(order))
    words = {"count": formats.number(planned), "name": given["to"]}
    return Done(
        ngettext(
            "%(name)s takes over %(count)s customer.",
            "%(name)s takes over %(count)s customers.",
            planned,
        )
        % words
    )


def bulk_or_404(request: HttpRequest, pk: int) -> BulkHandover:
    """One's own; who may change settings sees everyone's."""
    rows = BulkHandover.objects.select_related("job__created_by", "to")
    if not person(request).has_perm("churnapp.change_job"):
        rows = rows.filter(job__created_by=person(request))
    return get_object_or_404(rows, pk=pk)


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.bulk_change_customer")
def bulk_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a handover of many is; the page asks again until it is over."""
    bulk = bulk_or_404(request, pk)
    job = bulk.job
    share = min(1.0, job.done / job.total) if job.total else 0.0
    context = {
        "bulk": bulk,
        "job": job,
        "share": 1.0 if job.state == Job.State.DONE else share,
        "is_over": job.state not in {Job.State.QUEUED, Job.State.RUNNING},
    }
    template = page_or_fragment(
        request, "customers/bulk_hand_over.html", "customers/_bulk_hand_over.html"
    )
    return render(request, template, context)


@require_POST
@allowed("customers.bulk_change_customer")
def stop_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a handover of many; what is planned by then stays planned."""
    bulk = bulk_or_404(request, pk)
    done = Done(_("It stops."), to=reverse("customers:bulk_hand_over", args=[pk]))
    return take_back(request, lambda: stop(bulk), done)
