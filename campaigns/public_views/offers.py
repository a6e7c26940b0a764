"""An offer by its private link: what it is, what it costs now and later; only the forms decide.

Opening the page changes nothing. Its forms carry no CSRF token, as no cookie allows anything here;
the link's token does, and each form carries a signed moment, so that no program that merely sends
what it finds accepts anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.costs import Pays, applies
from campaigns.granting import local_day
from campaigns.links import find_grant
from campaigns.models import Grant
from campaigns.paying import paying
from campaigns.services.accepting import accept, decline, may_change_mind
from campaigns.showing import Shown, shown_offer, shown_outcome
from churnapp.common import public_limits as limits
from churnapp.common.errors import RuleError
from churnapp.common.public_pages import public_page
from churnapp.common.stamps import new_stamp, read_stamp
from churnapp.models import Organisation
from customers.public_views.languages import language_asked, spoken_in, switches
from customers.public_views.pages import shown

TRAP = "website"
SHOWN_FOR = timedelta(days=365)  # after it was accepted
State = Grant.State
DEEDS: dict[str, Callable[..., Grant]] = {"accept": accept, "decline": decline}


@dataclass(frozen=True)
class Visit:
    """Somebody at the page of an offer made to them."""

    request: HttpRequest
    grant: Grant
    now: datetime

    @cached_property
    def language(self) -> str:
        """What is asked for, else the contact's, where the offer is written in it."""
        contact = self.grant.contact
        return language_asked(self.request, self.spoken, contact.language if contact else "")

    @property
    def spoken(self) -> dict[str, str]:
        return spoken_in(self.grant.offer.texts)

    @cached_property
    def pays(self) -> Pays:
        customer = self.grant.customer_id
        found = paying([customer], local_day(self.now)).get(customer)
        return found[0] if found else Pays()

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see: open, or decided on a while ago at most."""
        grant = self.grant
        if grant.state == State.ACCEPTED:
            return grant.settled_at is not None and self.now < grant.settled_at + SHOWN_FOR
        if not grant.offer.is_on or grant.expires_at <= self.now:
            return False
        return grant.state == State.OPEN or may_change_mind(grant, self.now)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def offer(request: HttpRequest, written: str) -> HttpResponse:
    if limits.tries_too_often(request):
        return too_often(request)
    now = timezone.now()
    grant = find_grant(written)
    visit = Visit(request, grant, now) if grant else None
    if visit is None or not (visit.is_open or request.method == "POST"):
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    zone = Organisation.current().zone
    with translation.override(visit.language), timezone.override(zone):
        return take(visit) if request.method == "POST" else show(visit)


def show(visit: Visit, problem: str = "", status: int = 200) -> HttpResponse:
    """The offer, or what became of it."""
    grant = visit.grant
    context = {
        "grant": grant,
        "title": grant.offer.text("title", visit.language),
        "text": grant.offer.text("text", visit.language),
        "button": grant.offer.text("button", visit.language) or _("Accept"),
        "languages": switches(visit.spoken, visit.language),
        "language": visit.language,
        "problem": problem,
        "stamp": new_stamp(now=visit.now),
        "has_errors": bool(problem),
        "shown": told(visit),
        "fits": applies(grant.offer, visit.pays),
    }
    names = {State.ACCEPTED: "accepted", State.DECLINED: "declined"}
    name = names.get(State(grant.state), "offer") if visit.is_open else "over"
    return shown(visit.request, f"campaigns/public/{name}.html", context, status)


def told(visit: Visit) -> Shown:
    if visit.grant.state == State.ACCEPTED:
        return shown_outcome(visit.grant)
    return shown_offer(visit.grant.offer, visit.pays, local_day(visit.now))


def take(visit: Visit) -> HttpResponse:
    """Do what the form says, then lead on to what became of it."""
    post = visit.request.POST
    deed = DEEDS.get(post.get("do", ""))
    if deed is None or read_stamp(post.get("stamp", "")) is None or post.get(TRAP):
        return show(visit, _("Please press the button once more."), 422)
    try:
        deed(visit.grant, now=visit.now)
    except RuleError as refusal:
        return show(visit, str(refusal), 422)
    return HttpResponseRedirect(f"{visit.request.path}?{urlencode({'lang': visit.language})}")


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to a link that is unknown, over, taken back or stopped."""
    return shown(request, "campaigns/public/gone.html", {}, 404)


def too_often(request: HttpRequest) -> HttpResponse:
    response = shown(request, "campaigns/public/gone.html", {"wait": True}, 429)
    response.headers["Retry-After"] = str(limits.WINDOW)
    return response
