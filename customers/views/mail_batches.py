"""A batch of mails as one: how far it is, held back, called back, sent again to those that failed.

What is done to a batch reaches mails to everybody's customers, so managers do it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from customers.forms.mail import BecauseForm
from customers.models import MailBatch, OutgoingEmail
from customers.services.mail import (
    call_back_batch,
    failed_of,
    pause_batch,
    resend_failed,
    resume_batch,
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
)

MAY_PAUSE = "customers.change_mailbatch"


def address_of(batch: MailBatch) -> str:
    """Where the mails of a batch stand."""
    return f"{reverse('customers:mails')}?batch={batch.pk}"


@asks
@dialog_view
@allowed(MAY_PAUSE)
def pause_one_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold back what waits of a batch, with the reason why."""
    batch = get_object_or_404(MailBatch, pk=pk)
    form = BecauseForm(request.POST or None)

    def act() -> Done:
        pause_batch(batch, because=form.cleaned_data["because"], by=person(request))
        undo = reverse("customers:resume_batch", args=[pk])
        return Done(_("%(name)s is paused. What is due of it waits.") % {"name": batch}, undo=undo)

    intro = _("Nothing of it goes out until somebody resumes it; other mail does.")
    title = _("Pause %(name)s") % {"name": batch}
    return converse(request, Dialog(title, _("Pause"), address_of(batch), intro=intro), form, act)


@require_POST
@allowed(MAY_PAUSE)
def resume_one_batch(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(MailBatch, pk=pk)
    text = _("%(name)s goes out again.") % {"name": batch}
    done = Done(text, to=asked_page(request) or reverse("customers:mails"))
    return take_back(request, lambda: resume_batch(batch, by=person(request)), done)


@asks
@dialog_view
@allowed(MAY_PAUSE)
def call_back_one_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what has not gone out of a batch, once it is said how many mails that are."""
    batch = get_object_or_404(MailBatch, pk=pk)
    waiting = batch.mails.filter(state__in=OutgoingEmail.WAITING).count()

    def act() -> Done:
        count = call_back_batch(batch, by=person(request))
        told = ngettext("%(count)d mail is called back.", "%(count)d mails are called back.", count)
        return Done(told % {"count": count})

    title = ngettext(
        "Call back %(count)d mail of %(name)s?", "Call back %(count)d mails of %(name)s?", waiting
    )
    dialog = Dialog(
        title % {"count": waiting, "name": batch},
        _("Call back"),
        address_of(batch),
        intro=_("What has gone out stays as it is. What is called back never goes out."),
        is_grave=True,
    )
    return confirm(request, dialog, act)


@asks
@dialog_view
@allowed(MAY_PAUSE)
def resend_one_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the failed mails of a batch again, once it is said how many these are."""
    batch = get_object_or_404(MailBatch, pk=pk)
    failed = len(failed_of(batch))

    def act() -> Done:
        count = resend_failed(batch, by=person(request))
        told = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        return Done(told % {"count": count})

    title = ngettext(
        "Send %(count)d failed mail of %(name)s again?",
        "Send %(count)d failed mails of %(name)s again?",
        failed,
    )
    dialog = Dialog(
        title % {"count": failed, "name": batch},
        _("Send them again"),
        address_of(batch),
        intro=_(
            "Only those that failed are sent again, and none to addresses that get no mail any"
            " more. See first that their cause is mended."
        ),
    )
    return confirm(request, dialog, act)
