"""Archive a survey, told first what that stops and what stays; bring it back."""

from django.contrib import messages
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from churnapp.common.errors import RuleError
from customers.models import OutgoingEmail
from customers.views.access import allowed, person
from customers.views.dialogs import (
    Dialog,
    Done,
    asked_page,
    asks,
    confirm,
    dialog_view,
    leave,
)
from feedback.inviting.invitations import waiting
from feedback.models import Invitation, OpenLink, SendingRule, Survey
from feedback.services.archiving import archive_survey, bring_back_survey

MAY_CHANGE = "feedback.change_survey"


def counted() -> QuerySet[Survey]:
    """Surveys with what archiving touches: rules that are on, mails that wait, links."""
    now = timezone.now()
    answerable = Invitation.objects.filter(
        expires_at__gt=now, called_back_at=None, mail__state__in=OutgoingEmail.GONE_OUT
    ).exclude(response__answered_at__isnull=False)
    last = answerable.filter(survey=OuterRef("pk")).order_by().values("survey")
    return Survey.objects.annotate(
        rules_on=number_of(SendingRule.objects.exclude(on_since=None)),
        mails_waiting=number_of(waiting()),
        links_open=number_of(OpenLink.objects.filter(closed_at=None)),
        links_private=number_of(answerable),
        last_day=Subquery(last.annotate(last=Max("expires_at")).values("last")),
    )


def number_of(rows: QuerySet) -> Coalesce:
    """How many of these rows a survey has."""
    own = rows.filter(survey=OuterRef("pk")).order_by().values("survey")
    return Coalesce(
        Subquery(own.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
    )


def back_of(request: HttpRequest, pk: int) -> str:
    return asked_page(request) or reverse("surveys:results", args=[pk])


@asks
@dialog_view
@allowed(MAY_CHANGE)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask nobody any more, once that is sure."""
    found = get_object_or_404(counted(), pk=pk)
    back = back_of(request, pk)
    undo = f"{reverse('surveys:bring_back', args=[pk])}?{urlencode({'next': back})}"

    def act() -> Done:
        archive_survey(found, by=person(request))
        return Done(_("Archived: %(survey)s.") % {"survey": found}, undo, back)

    dialog = Dialog(
        _("Archive %(survey)s?") % {"survey": found},
        _("Archive"),
        back,
        body="feedback/_archive_consequences.html",
        more={"survey": found},
    )
    return confirm(request, dialog, act)


@require_POST
@allowed(MAY_CHANGE)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again as before."""
    found = get_object_or_404(Survey, pk=pk)
    back = back_of(request, pk)
    try:
        freed = bring_back_survey(found, by=person(request))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(back)
    said = [_("Brought back: %(survey)s.") % {"survey": found}]
    if freed:
        words = ngettext(
            "%(count)s mail that was stopped goes out after all.",
            "%(count)s mails that were stopped go out after all.",
            freed,
        )
        said.append(words % {"count": freed})
    return leave(request, Done(" ".join(said)), back)
