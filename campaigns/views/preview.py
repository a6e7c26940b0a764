"""Any mail of a path as one customer's contact would get it, and a test of it to oneself."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from campaigns.forms.previewing import PreviewForm
from campaigns.models import Campaign
from campaigns.paths import Path
from campaigns.sequences.entering import audience_of
from campaigns.sequences.rehearsing import Shown, mail_as
from campaigns.sequences.words import why_words
from campaigns.services.trial_mails import send_trial
from campaigns.views.finding import CHANGE, campaign_or_404, tabs
from churnapp.common.errors import RuleError
from churnapp.common.typed_numbers import fits_bigint
from customers.forms.choosing import offered
from customers.mail.links import PLACE
from customers.segments import TookTooLongError, patiently
from customers.views.access import allowed, person, visible_customers
from customers.views.mail import without_links
from customers.views.mail_frame import POLICY, inert

KEPT = ("step", "variant", "language", "reason")  # what stays where another customer is chosen
MOST = 8  # customers of the audience that are offered to look as


@require_GET
@allowed(CHANGE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As whom to look, the subject, the mail on a phone, and its text part."""
    campaign = campaign_or_404(pk)
    path = Path.read(campaign.path)
    asked = asked_of(request, path)
    form = form_of(request, path, asked)
    shown, refusal = None, None
    if form.is_bound and form.is_valid():
        shown, refusal = written(campaign, form)
    context = tabs(request, campaign, "preview") | {
        "form": form,
        "path": path,
        "shown": shown,
        "refusal": refusal,
        "why": why_words(shown.why) if shown and not shown.mail else "",
        "text": without_links(shown.mail.text) if shown and shown.mail else "",
        "query": asked.urlencode(),
        "kept": urlencode({name: asked.get(name, "") for name in KEPT}),
        "first": path.mails()[0].key if path.mails() else "",
        "people": [] if shown else people(request, campaign),
    }
    return render(request, "campaigns/preview.html", context)


@require_GET
@xframe_options_sameorigin
@allowed(CHANGE)
def preview_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part of that mail; its links lead nowhere."""
    campaign = campaign_or_404(pk)
    path = Path.read(campaign.path)
    form = form_of(request, path, asked_of(request, path))
    shown = written(campaign, form)[0] if form.is_bound and form.is_valid() else None
    if shown is None or shown.mail is None:
        response = HttpResponse(status=404)
    else:
        response = HttpResponse(PLACE.sub("#", inert(shown.mail.html)))
    response.headers["Content-Security-Policy"] = POLICY
    return response


@require_POST
@allowed(CHANGE)
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """That mail to the colleague who looks at it."""
    campaign = campaign_or_404(pk)
    path = Path.read(campaign.path)
    asked = asked_of(request, path)
    form = form_of(request, path, asked)
    if not (form.is_bound and form.is_valid()):
        messages.error(request, _("Choose a customer and a mail first."))
    else:
        try:
            send_trial(campaign, form.wish, to=person(request))
        except RuleError as error:
            messages.error(request, str(error))
        else:
            said = _("A test is on its way to %(address)s.")
            messages.success(request, said % {"address": person(request).email})
    return redirect(f"{reverse('campaigns:preview', args=[pk])}?{asked.urlencode()}")


def asked_of(request: HttpRequest, path: Path) -> QueryDict:
    """The address as the form takes it: `customer=12` names one by number, no step is the first."""
    asked = request.GET.copy()
    number = asked.pop("customer", [""])[-1]
    if fits_bigint(number) and not asked.get("other"):
        found = visible_customers(request).filter(pk=number).first()
        if found:
            asked["other"] = offered(found)
    if not asked.get("step") and path.mails():
        asked["step"] = path.mails()[0].key
    return asked


def form_of(request: HttpRequest, path: Path, asked: QueryDict) -> PreviewForm:
    bound = asked if asked.get("other") else None
    return PreviewForm(bound, path=path, visible=visible_customers(request), initial=asked.dict())


def written(campaign: Campaign, form: PreviewForm) -> tuple[Shown | None, Any]:
    """The mail; or none, with the rule that speaks against it."""
    try:
        with patiently():
            return mail_as(campaign, form.wish, timezone.now()), None
    except RuleError as error:  # a draft may hold what no mail can
        return None, error
    except TookTooLongError:  # an offer of it is being made to many just now
        return None, _("It is at work right now. Look again in a minute.")


def people(request: HttpRequest, campaign: Campaign) -> list[Any]:
    """A few of the audience to look as; none where it can't be asked."""
    try:
        with patiently():
            mine = audience_of(campaign).filter(pk__in=visible_customers(request).values("pk"))
            return list(mine.order_by("pk")[:MOST])
    except (RuleError, TookTooLongError):
        return []
