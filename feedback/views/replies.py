"""Reply to an answer, and what became of the replies."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from churnapp.common.errors import RuleError
from churnapp.common.htmx import wants_fragment
from customers.models import SendingRate
from customers.views.access import allowed, person, today_here
from customers.views.dialogs import Dialog, Done, asked_page, asks, converse, dialog_view
from feedback.forms.replies import ReplyForm
from feedback.models import Response
from feedback.services.replies import Reply, replies_to, send_reply, why_no_reply
from feedback.services.reply_words import begun, language_of
from feedback.views.one_answer import address, response_or_404
from feedback.views.reply_rows import MAY_REPLY, rows_of


@asks
@dialog_view
@allowed(MAY_REPLY)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """A mail to the person who answered, begun for the colleague who goes on writing it."""
    response = response_or_404(request, pk)
    back = asked_page(request) or address(response)
    if request.method != "POST" and (why := why_no_reply(response, today=today_here())):
        messages.error(request, why)
        return HttpResponseClientRedirect(back) if wants_fragment(request) else redirect(back)
    form = ReplyForm(request.POST or None, initial=beginning(request, response))

    def act() -> Done:
        given = form.cleaned_data
        written = Reply(given["subject"], given["text"], given["number"])
        try:
            mail = send_reply(response, written, by=person(request))
        except RuleError:
            renew(form, response)
            raise
        undo = reverse("customers:call_back_mail", args=[mail.pk])
        return Done(_("The reply is on its way."), undo=undo)

    dialog = Dialog(title(response), _("Send the reply"), back, intro=intro(request, response))
    return converse(request, dialog, form, act)


def beginning(request: HttpRequest, response: Response) -> dict[str, object]:
    subject, text = begun(response, by=person(request))
    return {"subject": subject, "text": text, "number": replies_to(response).count()}


def renew(form: ReplyForm, response: Response) -> None:
    """Let the form, shown again with what was typed, know of the replies that came meanwhile."""
    form.data = {**form.data.dict(), "number": str(replies_to(response).count())}


def title(response: Response) -> str:
    return _("Reply to %(name)s") % {"name": response.contact or _("somebody unknown")}


def intro(request: HttpRequest, response: Response) -> str:
    """Whom it goes to in which language, where their reply goes, when it goes, who replied."""
    contact = response.contact
    facts = {
        "address": contact.email if contact else "",
        "language": dict(settings.LANGUAGES)[language_of(response)],
        "mine": person(request).email,
    }
    told = _(
        "To %(address)s, who answered in this language: %(language)s. What they write back comes "
        "to %(mine)s."
    )
    replied = [row.words for row in rows_of(replies_to(response))]
    return " ".join([told % facts, when_it_goes(), *replied])


def when_it_goes() -> str:
    minutes = SendingRate.objects.values_list("hold_minutes", flat=True).get(pk=1)
    if not minutes:
        return _("It goes out at once.")
    return ngettext(
        "It goes out in %(minutes)s minute; until then it can be called back.",
        "It goes out in %(minutes)s minutes; until then it can be called back.",
        minutes,
    ) % {"minutes": minutes}
