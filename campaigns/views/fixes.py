"""What is fixed, whom it concerns and was not told yet, and one click to write to them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.fixes import FixForm
from campaigns.models import Fix
from campaigns.services.fixes import (
    HEARD,
    LEFT,
    WHOM,
    archive_fix,
    bring_back_fix,
    change_fix,
    record_fix,
    write_about,
)
from campaigns.views.saving import made
from churnapp.common.errors import RuleError
from customers.filters import segment
from customers.segments import Size, TookTooLongError, patiently
from customers.views.access import allowed, person, reporting_currency, visible_customers
from customers.views.dialogs import REFUSED, Done, show_rule, take_back


@dataclass(frozen=True)
class Audience:
    """Whom a fix concerns: how many, what they pay, and the list of them; None where unknown."""

    whom: str
    size: Size | None
    href: str


@require_GET
@allowed("campaigns.view_fix")
def fixes(request: HttpRequest) -> HttpResponse:
    is_archived = request.GET.get("show") == "archived"
    found = Fix.objects.filter(archived_at__isnull=not is_archived)
    counted = found.select_related("feature").annotate(
        number_told=Count("told", distinct=True),
        number_of_campaigns=Count(
            "campaigns", filter=~Q(campaigns__state="archived"), distinct=True
        ),
    )
    context = {
        "fixes": counted.prefetch_related("themes").order_by("-fixed_on", "-pk"),
        "is_archived": is_archived,
        "has_archived": Fix.objects.exclude(archived_at=None).exists,
    }
    return render(request, "campaigns/fixes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.add_fix")
def new_fix(request: HttpRequest) -> HttpResponse:
    form = FixForm(request.POST or None, initial={"fixed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        row = made(form, lambda: record_fix(form.given(), by=person(request)))
        if row is not None:
            return redirect("campaigns:fix", row.pk)
    return shown(request, form, {"fix": None})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("campaigns.change_fix")
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it concerns, and what it is tied to."""
    found = get_object_or_404(Fix.objects.select_related("feature"), pk=pk)
    form = FixForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_fix(found, form.given(), by=person(request))
        except RuleError as error:
            show_rule(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:fix", pk)
    return shown(request, form, {"fix": found, "campaigns": found.campaigns.order_by("-pk")})


def shown(request: HttpRequest, form: FixForm, context: dict[str, Any]) -> HttpResponse:
    status = REFUSED if form.errors else 200
    return render(request, "campaigns/fix.html", {"form": form, **context}, status=status)


@require_GET
@allowed("campaigns.view_fix")
def fix_audience(request: HttpRequest, pk: int) -> HttpResponse:
    """How many it concerns: a part of its page, which asks for it, since it may take long."""
    found = get_object_or_404(Fix, pk=pk)
    context = {
        "fix": found,
        "audiences": [audience(request, found, whom) for whom in (LEFT, HEARD)],
        "currency": reporting_currency(request),
    }
    return render(request, "campaigns/_fix_audience.html", context)


def audience(request: HttpRequest, found: Fix, whom: str) -> Audience:
    query = f"{WHOM[whom][0]}={found.pk}"
    href = f"{reverse('customers:list')}?{query}"
    try:
        with patiently():
            size = Size.of(segment(query, visible_customers(request)))
    except TookTooLongError:
        size = None
    return Audience(whom, size, href)


@require_POST
@allowed("campaigns.add_campaign")
def write_to(request: HttpRequest, pk: int, whom: str) -> HttpResponse:
    """A draft that tells them, with the audience and the fix set."""
    if whom not in WHOM:
        raise Http404
    made = write_about(get_object_or_404(Fix, pk=pk), whom, by=person(request))
    messages.success(
        request, _("A draft: put the words of the fix into its mails, then launch it.")
    )
    return redirect("campaigns:path", made.pk)


@require_POST
@allowed("campaigns.change_fix")
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Fix, pk=pk)
    back, undo = reverse("campaigns:fixes"), reverse("campaigns:bring_back_fix", args=[pk])
    done = Done(_("Archived: %(name)s.") % {"name": found}, undo, back)
    return take_back(request, lambda: archive_fix(found, by=person(request)), done)


@require_POST
@allowed("campaigns.change_fix")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Fix, pk=pk)
    done = Done(_("Brought back: %(name)s.") % {"name": found}, to=reverse("campaigns:fixes"))
    return take_back(request, lambda: bring_back_fix(found, by=person(request)), done)
