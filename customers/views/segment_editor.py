"""One segment: its conditions, what they choose while they are edited, and saving them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from churnapp.common.errors import RuleError
from churnapp.common.htmx import toast
from churnapp.common.typed_numbers import fits_bigint
from customers.filters import LIST_NAMES, with_points
from customers.forms.segments import PREFIX, SegmentForm
from customers.models import Segment
from customers.segments import uses
from customers.services.segments import SegmentDetails, change_segment, make_segment
from customers.views.access import allowed, person, reporting_currency
from customers.views.conditions import condition_groups
from customers.views.dialogs import REFUSED, show_rule
from customers.views.filter_words import filter_label, filter_words
from customers.views.segment_looks import Look, is_quick, look_at_conditions, look_at_members

COUNT = "segment-count"  # the button that counts, for who has no script
ITSELF = "segment-itself"
NAME = "segment-name"  # what a new one begins as, such as the name of a saved view
NO_CONDITIONS = LIST_NAMES | {"csrfmiddlewaretoken", "next"}


@dataclass
class Draft:
    """What a page edits: fields, conditions, and the segment if there is one yet."""

    form: SegmentForm
    conditions: QueryDict
    segment: Segment | None = None
    problem: str = ""

    @property
    def query(self) -> str:
        return self.conditions.urlencode()

    @property
    def is_frozen(self) -> bool:
        return bool(self.segment and self.segment.frozen_at)


def conditions_of(query: QueryDict) -> QueryDict:
    """The names that choose customers, with numbers as an address has them."""
    kept, given = QueryDict(mutable=True), with_points(query)
    for name in given:
        values = [value for value in given.getlist(name) if value]
        if values and name not in NO_CONDITIONS and not name.startswith(f"{PREFIX}-"):
            kept.setlist(name, values)
    return kept


@require_http_methods(["GET", "POST"])
@allowed("customers.add_segment")
def new_segment(request: HttpRequest) -> HttpResponse:
    """A new segment, begun with the conditions of the address: those of a list, say."""
    asked = request.POST if request.method == "POST" else request.GET
    form = SegmentForm(request.POST or None, name=request.GET.get(NAME, ""))
    draft = Draft(form, conditions_of(asked))

    def save(details: SegmentDetails) -> Segment:
        return make_segment(details, by=person(request))

    return edit(request, draft, save)


@require_http_methods(["GET", "POST"])
@allowed("customers.view_segment")
def segment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A segment with its conditions; who may, changes them here."""
    found = get_object_or_404(Segment, pk=pk)
    if request.method == "POST":
        return change(request, found)
    draft = Draft(SegmentForm(segment=found), QueryDict(found.query), found)
    counts = is_quick() or not person(request).has_perm("customers.change_segment")
    return show(request, draft, look_at(request, draft) if counts else None)


@allowed("customers.change_segment")
def change(request: HttpRequest, found: Segment) -> HttpResponse:
    conditions = QueryDict(found.query) if found.frozen_at else conditions_of(request.POST)
    draft = Draft(SegmentForm(request.POST), conditions, found)

    def save(details: SegmentDetails) -> Segment:
        seen = draft.form.seen_at
        return change_segment(found, details, by=person(request), seen=seen)

    return edit(request, draft, save)


def edit(
    request: HttpRequest, draft: Draft, save: Callable[[SegmentDetails], Segment]
) -> HttpResponse:
    """Show what is edited, count it, or keep it; refused, what was typed stays."""
    if request.method != "POST" or COUNT in request.POST:
        counts = COUNT in request.POST or is_quick()
        return show(request, draft, look_at(request, draft) if counts else None)
    if draft.form.is_valid():
        try:
            saved = save(draft.form.details(draft.query))
        except RuleError as error:
            if error.field == "query":
                draft.problem = str(error)
            else:
                show_rule(draft.form, error)
        else:
            toast(request, _("Saved as “%(name)s”.") % {"name": saved})
            return redirect("customers:segment", saved.pk)
    return show(request, draft, look_at(request, draft) if is_quick() else None, REFUSED)


def look_at(request: HttpRequest, draft: Draft) -> Look:
    if draft.segment and draft.is_frozen:
        return look_at_members(draft.segment, draft.form.contact_query, person(request))
    key = draft.segment.pk if draft.segment else None
    return look_at_conditions(draft.query, draft.form.contact_query, person(request), key)


def show(request: HttpRequest, draft: Draft, look: Look | None, status: int = 200) -> HttpResponse:
    found, needed = draft.segment, "change" if draft.segment else "add"
    context: dict[str, Any] = {
        "draft": draft,
        "form": draft.form,
        "segment": found,
        "look": look,
        "currency": reporting_currency(request),
        "computed_at": timezone.now(),
        "may_edit": person(request).has_perm(f"customers.{needed}_segment"),
        "may_export": person(request).has_perm("customers.export_customer"),
    }
    if found:
        context |= {"uses": uses([found.pk]).get(found.pk, []), "list_query": list_query(found)}
    if context["may_edit"] and not draft.is_frozen:
        context["groups"] = condition_groups(draft.conditions, without=["q"])
    context["said"] = said(draft.conditions)
    return render(request, "customers/segment.html", context, status=status)


def list_query(found: Segment) -> str:
    """How the customer list chooses the same customers."""
    return f"segment={found.pk}" if found.frozen_at else found.query


def said(conditions: QueryDict) -> list[tuple[Any, str]]:
    """The conditions in words: what is asked, and the values of which one must hold."""
    lines = []
    for name, values in conditions.lists():
        words = filter_words(name, values)
        lines.append((filter_label(name), ", ".join(str(words[value]) for value in values)))
    return lines


@require_GET
@allowed("customers.view_segment")
def preview(request: HttpRequest) -> HttpResponse:
    """What the conditions choose that somebody is editing: a part of the page."""
    key = request.GET.get(ITSELF, "")
    itself = Segment.objects.filter(pk=key).first() if fits_bigint(key) else None
    draft = Draft(SegmentForm(request.GET), conditions_of(request.GET), itself)
    context = {
        "look": look_at(request, draft),
        "currency": reporting_currency(request),
        "list_query": list_query(itself) if itself and itself.frozen_at else draft.query,
    }
    return render(request, "customers/_segment_look.html", context)


def page_of(found: Segment) -> str:
    return reverse("customers:segment", args=[found.pk])
