"""Call mail back, send it again, say what became of it, let it flow again."""

from collections.abc import Callable, Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.forms.mail import BecauseForm
from customers.models import OutgoingEmail
from customers.services.mail import (
    call_back,
    pause_everything,
    resend,
    resume_everything,
    settle,
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
from customers.views.mail import mail_or_404

MAY_SEND = "customers.send_outgoingemail"
MAY_PAUSE = "customers.change_mailbatch"
MOST = 100  # as many as a page shows


def address(pk: int) -> str:
    return reverse("customers:mail", args=[pk])


def again(mail: OutgoingEmail, *, by: User) -> None:
    """Send a failed mail again, or an uncertain one that did not go out."""
    if mail.state == OutgoingEmail.State.UNCERTAIN:
        settle(mail, sent=False, by=by)
    else:
        resend(mail, by=by)


DEEDS: dict[str, Callable[..., None]] = {"went_out": partial(settle, sent=True), "send": again}


@asks
@dialog_view
@allowed(MAY_SEND)
def call_back_mail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = mail_or_404(request, pk)

    def act() -> Done:
        call_back(mail, by=person(request))
        return Done(_("Called back: it does not go out."))

    intro = _("It has not gone out yet. Once it is called back it stays so.")
    title = _("Call back the mail to %(name)s?") % {"name": mail.recipient}
    dialog = Dialog(title, _("Call back"), address(pk), intro=intro, is_grave=True)
    return confirm(request, dialog, act)


@require_POST
@allowed(MAY_SEND)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person says of one mail: it went out, or it is to be sent again."""
    mail = mail_or_404(request, pk)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        messages.error(request, _("Choose what to do with it."))
        return redirect(address(pk))
    if is_to_be_asked(request, [mail]):
        here = reverse("customers:decide_mail", args=[pk])
        return ask_first(request, [mail], action=here, back=address(pk))
    text = _("Noted: it went out.") if request.POST["do"] == "went_out" else _("It is sent again.")
    done = Done(text, to=address(pk))
    return take_back(request, lambda: deed(mail, by=person(request)), done)


@require_POST
@allowed(MAY_SEND)
def decide_many(request: HttpRequest) -> HttpResponse:
    """The same for the mails that were ticked; what has moved on meanwhile is left and told."""
    deed = DEEDS.get(request.POST.get("do", ""))
    chosen = [int(pk) for pk in request.POST.getlist("mail") if fits_bigint(pk)][:MOST]
    back = asked_page(request) or reverse("customers:mails")
    if deed is None or not chosen:
        messages.error(request, _("Tick at least one mail."))
        return redirect(back)
    visible = OutgoingEmail.objects.visible_to(person(request)).filter(pk__in=chosen)
    if is_to_be_asked(request, visible):
        here = reverse("customers:decide_mails")
        return ask_first(request, list(visible), action=here, back=back)
    done = sum(_did(deed, mail, person(request)) for mail in visible)
    told = ngettext("%(count)d mail is done.", "%(count)d mails are done.", done)
    messages.success(request, told % {"count": done})
    if left := len(chosen) - done:
        late = ngettext(
            "%(count)d mail was no longer as it was shown and stays as it is.",
            "%(count)d mails were no longer as they were shown and stay as they are.",
            left,
        )
        messages.warning(request, late % {"count": left})
    return redirect(back)


def is_to_be_asked(request: HttpRequest, mails: Iterable[OutgoingEmail]) -> bool:
    """Whether somebody may get a mail twice by this, and nobody has said that it is meant."""
    if request.POST.get("do") != "send" or "sure" in request.POST:
        return False
    return any(mail.state == OutgoingEmail.State.UNCERTAIN for mail in mails)


def ask_first(
    request: HttpRequest, mails: list[OutgoingEmail], *, action: str, back: str
) -> HttpResponse:
    """Who would get the mail twice if it did go out, before anything is sent."""
    context = {"mails": mails, "action": action, "back": back}
    return render(request, "customers/mails_again.html", context)


def _did(deed: Callable[..., None], mail: OutgoingEmail, by: User) -> bool:
    try:
        deed(mail, by=by)
    except RuleError:
        return False
    return True


@asks
@dialog_view
@allowed(MAY_PAUSE)
def pause(request: HttpRequest) -> HttpResponse:
    """Hold back all mail, with the reason why."""
    form = BecauseForm(request.POST or None)

    def act() -> Done:
        pause_everything(because=form.cleaned_data["because"], by=person(request))
        undo = reverse("customers:resume_mail")
        return Done(_("Sending is paused. What is due waits."), undo=undo)

    intro = _("Nothing goes out until somebody resumes it. What is due waits and is not lost.")
    back = reverse("customers:mails")
    dialog = Dialog(_("Pause all mail"), _("Pause"), back, intro=intro)
    return converse(request, dialog, form, act)


@require_POST
@allowed(MAY_PAUSE)
def resume(request: HttpRequest) -> HttpResponse:
    done = Done(_("Mail goes out again."), to=reverse("customers:mails"))
    return take_back(request, lambda: resume_everything(by=person(request)), done)
