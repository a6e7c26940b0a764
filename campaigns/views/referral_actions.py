"""What a colleague decides about somebody who came: who they are, or that it brings nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms.referrals import MatchForm, RefuseForm
from campaigns.models import Referral
from campaigns.services import referring
from churnapp.common.errors import RuleError
from customers.views.access import allowed, person, visible_customers
from customers.views.dialogs import Dialog, Done, asks, converse, dialog_view, take_back

change = allowed("campaigns.change_referral")


def referral_or_404(request: HttpRequest, pk: int) -> Referral:
    visible = Referral.objects.visible_to(person(request))
    together = ("link__program", "link__customer", "suggested", "customer")
    return get_object_or_404(visible.select_related(*together), pk=pk)


def page_of(referral: Referral) -> str:
    return reverse("referrals:program", args=[referral.link.program_id])


@require_POST
@change
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer that was suggested is them."""
    referral = referral_or_404(request, pk)
    goal = Done(_("Confirmed."), reverse("referrals:not_them", args=[pk]), page_of(referral))

    def act() -> None:
        suggested = referral.suggested
        if suggested is None or not visible_customers(request).filter(pk=suggested.pk).exists():
            raise RuleError(_("Nobody is suggested any more. Choose the customer yourself."))
        referring.confirm(referral, suggested, now=timezone.now(), by=person(request))

    return take_back(request, act, goal)


@asks
@dialog_view
@change
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the customer that somebody became."""
    referral = referral_or_404(request, pk)
    form = MatchForm(request.POST or None, visible=visible_customers(request))

    def act() -> Done:
        customer = form.cleaned_data["customer"]
        referring.confirm(referral, customer, now=timezone.now(), by=person(request))
        undo = reverse("referrals:not_them", args=[pk])
        return Done(_("Matched with %(customer)s.") % {"customer": customer}, undo)

    title = _("Who is %(name)s?") % {"name": referral}
    intro = _("Choose the customer that they became. The reward follows once it has paid.")
    return converse(request, Dialog(title, _("Match"), page_of(referral), intro), form, act)


@require_POST
@change
def not_them(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer suggested or matched is somebody else."""
    referral = referral_or_404(request, pk)
    goal = Done(_("It is open again, and that customer is not suggested any more."), "",
                page_of(referral))  # fmt: skip
    return take_back(request, lambda: referring.not_them(referral, by=person(request)), goal)


@asks
@dialog_view
@change
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """It brings nothing, for a reason."""
    referral = referral_or_404(request, pk)
    form = RefuseForm(request.POST or None)

    def act() -> Done:
        why = form.cleaned_data["why"]
        referring.refuse(referral, now=timezone.now(), by=person(request), why=why)
        return Done(_("Refused."), reverse("referrals:reopen", args=[pk]))

    title = _("Refuse %(name)s?") % {"name": referral}
    intro = _("No reward is given for it. You can take this back.")
    return converse(request, Dialog(title, _("Refuse"), page_of(referral), intro), form, act)


@require_POST
@change
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a refusal back."""
    referral = referral_or_404(request, pk)
    goal = Done(_("It is open again."), "", page_of(referral))
    return take_back(request, lambda: referring.reopen(referral, by=person(request)), goal)
