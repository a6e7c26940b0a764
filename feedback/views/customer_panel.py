"""What one customer answered, and what it was asked without an answer yet."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import wants_fragment
from churnapp.models import User
from customers.models import Customer, OutgoingEmail, ReasonVersion
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Done, take_back
from feedback.models import Answer, Invitation, Response
from feedback.services.invitations import call_back_invitation
from feedback.views.answer_rows import AnswerRow, Said, answer_row
from feedback.views.reply_rows import ReplyRow

MOST_BESIDE, MOST_ALONE = 5, 100
TONES = {
    OutgoingEmail.State.BOUNCED: "pill-bad",
    OutgoingEmail.State.COMPLAINED: "pill-bad",
    OutgoingEmail.State.FAILED: "pill-bad",
    OutgoingEmail.State.UNCERTAIN: "pill-warn",
    OutgoingEmail.State.SUPPRESSED: "pill-warn",
}


@require_GET
@vary_on_headers("HX-Request")
@allowed("feedback.view_response")
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the customer's page with the newest answers; a page of its own with all of them."""
    customer = get_object_or_404(visible_customers(request), pk=pk)
    is_part = wants_fragment(request)
    most = MOST_BESIDE if is_part else MOST_ALONE
    found = list(answers_of(customer)[: most + 1])
    context: dict[str, Any] = {
        "customer": customer,
        "answers": [
            (row_of(response, customer), replies_of(response)) for response in found[:most]
        ],
        "more": len(found) > most,
        "invitations": [
            (row, tone_of(row), is_waiting(row)) for row in open_invitations(customer)[:most]
        ],
        "is_part": is_part,
        "here": reverse("customers:detail", args=[pk]) if is_part else request.path,
    }
    template = "feedback/_customer_panel.html" if is_part else "feedback/customer_answers.html"
    return render(request, template, context)


def answers_of(customer: Customer) -> QuerySet[Response]:
    """What was sent in, the newest first; what is set aside is among it, and says so.

    Each comes with `given`, its answers, and `replied`, the replies to it: all in one question, as
    a part of a page has few.
    """
    found = Response.objects.finished().filter(customer=customer)
    together = found.select_related("survey", "contact", "version")
    told = together.annotate(given=ArraySubquery(given()), replied=ArraySubquery(replied()))
    return told.order_by("-answered_at", "-pk")


def given() -> QuerySet[Any, Any]:
    """A response's answers as objects, with the wording of a reason where one was chosen."""
    wordings = ReasonVersion.objects.filter(reason__key=OuterRef("choices__0"))
    labels = Subquery(wordings.order_by("-version").values("labels")[:1])
    answers = Answer.objects.filter(response=OuterRef("pk")).order_by("pk")
    fields = ("question", "kind", "number", "choices", "text")
    return answers.values(found=JSONObject(**{name: name for name in fields}, labels=labels))


def replied() -> QuerySet[Any, Any]:
    """The replies to a response as objects, in their order."""
    key = Concat(Value("reply:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    mails = OutgoingEmail.objects.filter(customer=OuterRef("customer"), dedupe_key__startswith=key)
    name = Coalesce(NullIf("written_by__name", Value("")), "written_by__email")
    told = JSONObject(state="state", sent_at="sent_at", created_at="created_at", name=name)
    return mails.order_by("pk").values(found=told)


def replies_of(response: Response) -> list[ReplyRow]:
    rows = []
    for found in response.replied:  # type: ignore[attr-defined]  # annotated
        name = found.pop("name") or ""
        moments = {at: parse_datetime(found.pop(at) or "") for at in ("sent_at", "created_at")}
        mail = OutgoingEmail(**found, **moments)
        mail.written_by = User(name=name) if name else None
        rows.append(ReplyRow(mail))
    return rows


def row_of(response: Response, customer: Customer) -> AnswerRow:
    """One response in words; a reason is called as the reader's language, or English, has it."""
    answers, reasons = [], {}
    for found in response.given:  # type: ignore[attr-defined]  # annotated
        labels = found.pop("labels") or {}
        answers.append(Answer(**found))
        if label := labels.get(get_language()) or labels.get("en"):
            reasons[found["choices"][0]] = label
    language = (get_language() or "en").split("-")[0]
    said = Said(response.survey.kind, response.version.content, reasons, language)
    return answer_row(response, customer, answers, said)


def open_invitations(customer: Customer) -> QuerySet[Invitation]:
    """Those that can still be answered, and were not."""
    asked = Invitation.objects.filter(
        customer=customer, called_back_at=None, expires_at__gt=timezone.now()
    ).exclude(response__answered_at__isnull=False)
    return asked.select_related("survey", "contact", "mail").order_by("-created_at", "-pk")


def tone_of(invitation: Invitation) -> str:
    """The colour of what became of the mail; none where all is well."""
    return TONES.get(OutgoingEmail.State(invitation.mail.state), "") if invitation.mail else ""


def is_waiting(invitation: Invitation) -> bool:
    """Whether its mail has not gone out, so that it can be called back."""
    return invitation.mail is not None and invitation.mail.state in OutgoingEmail.WAITING


@require_POST
@allowed("feedback.add_invitation")
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the mail of an invitation that waits."""
    visible = Invitation.objects.filter(customer__in=visible_customers(request))
    invitation = get_object_or_404(visible.select_related("survey"), pk=pk)
    back = reverse("customers:detail", args=[invitation.customer_id]) + "#answers"
    text = _("Called back: %(survey)s. Nobody is asked.") % {"survey": invitation.survey}
    return take_back(
        request,
        lambda: call_back_invitation(invitation, by=person(request)),
        Done(text, to=back),
    )
