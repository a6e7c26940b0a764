"""The addresses of a survey for anybody: copy, embed, change, close and open again."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back
from feedback.forms.open_links import OpenLinkForm
from feedback.models import OpenLink, Survey
from feedback.services.open_links import (
    add_open_link,
    change_open_link,
    close_open_link,
    reopen_open_link,
)


@dataclass(frozen=True)
class Row:
    """An open link as a person reads it: where it is answered, and the frame to paste."""

    link: OpenLink

    @property
    def address(self) -> str:
        return settings.BASE_URL + reverse("feedback:open_answer", args=[self.link.code])

    @property
    def frame(self) -> str:
        """HTML for a page; empty where no site may show it."""
        if not self.link.framed_by:
            return ""
        address = settings.BASE_URL + reverse("feedback:embedded_answer", args=[self.link.code])
        title = _("Survey")
        return (
            f'<iframe src="{address}" title="{title}" width="100%" height="640" '
            'style="border:0" loading="lazy"></iframe>'
        )


def counted() -> QuerySet[OpenLink]:
    """Each with `answered`, how many sent it in."""
    sent_in = Count("responses", filter=~Q(responses__answered_at=None))
    return OpenLink.objects.annotate(answered=sent_in).order_by("-pk")


@require_GET
@allowed("feedback.view_openlink")
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """The open links of a survey, those in use first."""
    survey = get_object_or_404(Survey, pk=pk)
    rows = [Row(link) for link in counted().filter(survey=survey)]
    rows.sort(key=lambda row: row.link.closed_at is not None)
    return render(request, "feedback/open_links.html", {"survey": survey, "rows": rows})


def page_of(survey_id: int) -> str:
    return reverse("surveys:links", args=[survey_id])


@asks
@dialog_view
@allowed("feedback.add_openlink")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=pk)
    form = OpenLinkForm(request.POST or None)

    def act() -> Done:
        add_open_link(survey, **form.cleaned_data, by=person(request))
        return Done(_("The link takes answers now."))

    dialog = Dialog(_("New open link"), _("Make the link"), page_of(pk), intro(survey))
    return converse(request, dialog, form, act)


def intro(survey: Survey) -> str:
    words = _("Anybody who has it can answer %(survey)s. Such answers are kept apart.")
    return words % {"survey": survey.name}


@asks
@dialog_view
@allowed("feedback.change_openlink")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(OpenLink, pk=pk)
    form = OpenLinkForm(
        request.POST or None, initial={"name": link.name, "framed_by": link.framed_by}
    )

    def act() -> Done:
        change_open_link(link, **form.cleaned_data, by=person(request))
        return Done(_("Saved."))

    dialog = Dialog(_("Change the link"), _("Save"), page_of(link.survey_id))
    return converse(request, dialog, form, act)


@require_POST
@allowed("feedback.change_openlink")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers; the toast opens it again."""
    link = get_object_or_404(OpenLink, pk=pk)
    undo = reverse("surveys:open_link", args=[pk])
    words = _("The link is closed: it takes no answers any more.")
    said = Done(words, undo, page_of(link.survey_id))
    return take_back(request, lambda: close_open_link(link, by=person(request)), said)


@require_POST
@allowed("feedback.change_openlink")
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take answers again at the same address."""
    link = get_object_or_404(OpenLink, pk=pk)
    said = Done(_("The link takes answers again."), "", page_of(link.survey_id))
    return take_back(request, lambda: reopen_open_link(link, by=person(request)), said)
