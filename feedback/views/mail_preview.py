"""The mail of a survey as one contact would get it, before it is sent to anybody."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from churnapp.common.errors import RuleError
from churnapp.common.personal import is_erased_at
from churnapp.common.typed_numbers import fits_bigint
from customers.mail.links import PLACE
from customers.models import Contact
from customers.views.access import allowed, organisation, person, visible_customers
from customers.views.mail import without_links
from customers.views.mail_frame import POLICY
from feedback.inviting.letters import Letter, Writer, language_for
from feedback.models import SurveyVersion
from feedback.services.trial_mails import send_trial
from feedback.views.builder import MAY_CHANGE, newest, survey_or_404

MOST = 20
KINDS = ("mail", "reminder")


@require_GET
@allowed(MAY_CHANGE)
def mail_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to look as, the subject, the mail on a phone, and its text part."""
    survey = survey_or_404(pk)
    version = newest(survey)
    found = list(people(request)[:MOST])
    contact = asked_for(request) or next(iter(found), None)
    kind = kind_of(request)
    letter, refusal = None, None
    try:
        letter = written(request, version, contact, kind) if contact else None
    except RuleError as error:  # a draft may hold what no mail can
        refusal = error
    context = {
        "survey": survey,
        "refusal": refusal,
        "version": version,
        "people": found if contact in found or contact is None else [contact, *found],
        "contact": contact,
        "kind": kind,
        "sought": request.GET.get("q", ""),
        "letter": letter,
    }
    return render(request, "feedback/mail_preview.html", context)


@require_GET
@xframe_options_sameorigin
@allowed(MAY_CHANGE)
def mail_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part of that mail; its links lead nowhere."""
    contact = get_object_or_404(reachable(request), pk=number_of(request))
    version = newest(survey_or_404(pk))
    try:
        response = HttpResponse(written(request, version, contact, kind_of(request)).html)
    except RuleError:
        response = HttpResponse(status=422)
    response.headers["Content-Security-Policy"] = POLICY
    return response


@require_POST
@allowed(MAY_CHANGE)
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """That mail to the colleague who looks at it."""
    contact, kind = get_object_or_404(reachable(request), pk=number_of(request)), kind_of(request)
    try:
        send_trial(newest(survey_or_404(pk)), contact, kind, to=person(request))
    except RuleError as error:
        messages.error(request, str(error))
    else:
        said = _("A test is on its way to %(address)s.")
        messages.success(request, said % {"address": person(request).email})
    query = {"contact": contact.pk, "kind": kind}
    return redirect(reverse("survey_builder:mail_preview", args=[pk], query=query))


def written(request: HttpRequest, version: SurveyVersion, contact: Contact, kind: str) -> Letter:
    writer = Writer(organisation(request))
    language = language_for(contact, writer.content(version))
    letter = writer.letter(kind, version, contact, language)
    return Letter(letter.subject, without_links(letter.text), PLACE.sub("#", letter.html))


def kind_of(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else KINDS[0]


def reachable(request: HttpRequest) -> QuerySet[Contact]:
    """Those who work at a customer that one sees and were not erased."""
    there = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    mine = Contact.objects.filter(
        there, ~is_erased_at("email"), customer__in=visible_customers(request)
    )
    return mine.select_related("customer").order_by("-pk")


def people(request: HttpRequest) -> QuerySet[Contact]:
    """Those of that name, address or customer; without a search, the newest."""
    sought = request.GET.get("q", "").strip().replace("\x00", "")
    parts = ("name", "email", "customer__name")
    wanted = Q()
    for part in parts:
        wanted |= Q(**{f"{part}__icontains": sought})
    return reachable(request).filter(wanted) if sought else reachable(request)


def asked_for(request: HttpRequest) -> Contact | None:
    number = number_of(request)
    return reachable(request).filter(pk=number).first() if number else None


def number_of(request: HttpRequest) -> int:
    text = request.GET.get("contact", "")
    return int(text) if fits_bigint(text) else 0
