"""Add competitors, say what they go by, write down their offers, merge and retire them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms.competitors import (
    CompetitorForm,
    MergeCompetitorForm,
    NameForm,
    PlaceForm,
)
from customers.models import Competitor, CompetitorName
from customers.services.competitors import (
    add_competitor,
    add_name,
    bring_back_competitor,
    edit_competitor,
    merge_competitors,
    remove_competitor,
    retire_competitor,
    separate_competitor,
    take_name_away,
)
from customers.views.access import allowed, person
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    confirm,
    converse,
    dialog_view,
    take_back,
    undo_at,
)

REGISTER = "customers:competitors"


def page_of(competitor: Competitor) -> str:
    return reverse("customers:competitor", args=[competitor.pk])


@asks
@dialog_view
@allowed("customers.add_competitor")
def add(request: HttpRequest) -> HttpResponse:
    form = CompetitorForm(request.POST or None, initial={"name": request.GET.get("said", "")})
    back = asked_page(request) or reverse(REGISTER)

    def act() -> Done:
        made = add_competitor(form.details(), by=person(request))
        text = _("%(name)s is in the register.") % {"name": made}
        return Done(text, undo_at("remove_competitor", made.pk, back))

    return converse(request, Dialog(_("Add a competitor"), _("Add"), back), form, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def place(request: HttpRequest) -> HttpResponse:
    """Say which competitor is meant by a name that was said."""
    form = PlaceForm(request.POST or None, initial={"name": request.GET.get("said", "")})
    back = asked_page(request) or reverse(REGISTER)

    def act() -> Done:
        given = form.cleaned_data
        made = add_name(given["competitor"], given["name"], by=person(request))
        words = {"name": made.text, "competitor": given["competitor"]}
        text = _("%(name)s counts as %(competitor)s, in the past too.") % words
        return Done(text, undo_at("remove_competitor_name", made.pk, back))

    return converse(request, Dialog(_("Another name of…"), _("Save"), back), form, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    competitor = get_object_or_404(Competitor, pk=pk)
    names = ("name", "website", "notes")
    beginning = {name: getattr(competitor, name) for name in names}
    form = CompetitorForm(request.POST or None, initial=beginning)

    def act() -> Done:
        edit_competitor(competitor, form.details(), by=person(request))
        return Done(_("Saved."))

    dialog = Dialog(
        _("Edit %(name)s") % {"name": competitor},
        _("Save"),
        page_of(competitor),
        _("A name that is changed stays one that it goes by."),
    )
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def name(request: HttpRequest, pk: int) -> HttpResponse:
    competitor = get_object_or_404(Competitor, pk=pk)
    form, back = NameForm(request.POST or None), page_of(competitor)

    def act() -> Done:
        made = add_name(competitor, form.cleaned_data["name"], by=person(request))
        words = {"name": made.text, "competitor": competitor}
        text = _("%(name)s counts as %(competitor)s, in the past too.") % words
        return Done(text, undo_at("remove_competitor_name", made.pk, back))

    title = _("Another name of %(name)s") % {"name": competitor}
    return converse(request, Dialog(title, _("Save"), back), form, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def forget_name(request: HttpRequest, pk: int) -> HttpResponse:
    gone = get_object_or_404(CompetitorName.objects.select_related("competitor"), pk=pk)
    back = asked_page(request) or page_of(gone.competitor)

    def act() -> Done:
        take_name_away(gone, by=person(request))
        return Done(_("The name %(name)s is taken away.") % {"name": gone})

    words = {"name": gone, "competitor": gone.competitor}
    dialog = Dialog(
        _("Take the name %(name)s away") % words,
        _("Take away"),
        back,
        _("Departures that name it no longer count as lost to %(competitor)s.") % words,
        is_grave=True,
    )
    return confirm(request, dialog, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Competitor, pk=pk)
    form = MergeCompetitorForm(request.POST or None, competitor=merged)

    def act() -> Done:
        kept = merge_competitors(form.cleaned_data["into"], merged, by=person(request))
        text = _("%(name)s counts as %(competitor)s.") % {"name": merged, "competitor": kept}
        undo = undo_at("separate_competitor", merged.pk, page_of(merged))
        return Done(text, undo, page_of(kept))

    dialog = Dialog(
        _("Merge %(name)s into another") % {"name": merged},
        _("Merge"),
        page_of(merged),
        _("Its names, its offers and what was lost to it count there. You can separate them."),
    )
    return converse(request, dialog, form, act)


@asks
@dialog_view
@allowed("customers.change_competitor")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    gone = get_object_or_404(Competitor, pk=pk)
    back = asked_page(request) or reverse(REGISTER)

    def act() -> Done:
        name = str(gone)
        remove_competitor(gone, by=person(request))
        return Done(_("%(name)s is out of the register.") % {"name": name})

    dialog = Dialog(
        _("Remove %(name)s") % {"name": gone},
        _("Remove"),
        back,
        _("What customers said stays. The name then is one that is not in the register."),
        is_grave=True,
    )
    return confirm(request, dialog, act)


@require_POST
@allowed("customers.change_competitor")
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    return do(request, pk, separate_competitor, (_("It stands by itself again."), ""))


@require_POST
@allowed("customers.change_competitor")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    said = (_("Retired: it is no longer suggested."), "bring_back_competitor")
    return do(request, pk, retire_competitor, said)


@require_POST
@allowed("customers.change_competitor")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    said = (_("It is suggested again."), "retire_competitor")
    return do(request, pk, bring_back_competitor, said)


def do(
    request: HttpRequest, pk: int, verb: Callable[..., object], said: tuple[str, str]
) -> HttpResponse:
    """Do it to a competitor; `said` is the toast and the name of the address that undoes it."""
    competitor = get_object_or_404(Competitor, pk=pk)
    back = asked_page(request) or page_of(competitor)
    text, name = said
    done = Done(text, undo_at(name, pk, back) if name else "", back)
    return take_back(request, lambda: verb(competitor, by=person(request)), done)
