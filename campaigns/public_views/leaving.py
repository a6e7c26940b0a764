"""The way out by a private link: why, what could help, and the last word; only the forms act.

Opening a page changes nothing. Its forms carry no CSRF token, as no cookie allows anything here;
the link's token does, and each form carries a signed moment. Every page has the way on to leave,
as large as what is offered beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.granting import local_day
from campaigns.leaving.choosing import answer_to
from campaigns.leaving.endings import endings, last_day_ahead
from campaigns.leaving.links import find_visit
from campaigns.leaving.showing import Page, page_of, wording_of
from campaigns.leaving.steps import CONFIRM, HELP, REASON, pages_of
from campaigns.models import CancelVisit
from campaigns.public_views.offers import too_often
from campaigns.services import leaving
from campaigns.services.leaving import Shown, Told
from campaigns.showing import shown_outcome
from churnapp.common import formats
from churnapp.common import public_limits as limits
from churnapp.common.errors import RuleError
from churnapp.common.public_pages import public_page
from churnapp.common.stamps import Stamp, new_stamp, read_stamp
from churnapp.models import Organisation
from customers.models import CancellationReason
from customers.public_views.languages import language_asked, switches
from customers.public_views.pages import shown
from feedback.offers import offered_reasons

TRAP = "website"
SHOWN_FOR = timedelta(days=365)  # after they decided
State = CancelVisit.State


@dataclass(frozen=True)
class AtTheDoor:
    """Somebody at the pages of their visit."""

    request: HttpRequest
    visit: CancelVisit
    now: datetime

    @cached_property
    def language(self) -> str:
        """What is asked for, else what the link was made in."""
        wishes = (self.visit.language, settings.LANGUAGE_CODE)
        return language_asked(self.request, dict(settings.LANGUAGES), *wishes)

    @cached_property
    def way(self) -> list[str]:
        """The pages from the first to the last."""
        visit = self.visit
        answer = answer_to(visit.flow, visit.reason) if visit.entered_at else None
        return pages_of(answer, visit.most_clicks, held_out=visit.held_out)

    @property
    def at(self) -> str:
        """The page asked for; the first where it is not on the way, or nothing was said yet."""
        query = self.request.POST if self.request.method == "POST" else self.request.GET
        asked = query.get("at", "")
        return asked if asked in self.way and self.visit.entered_at else REASON

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see: open, or decided on a while ago at most."""
        visit = self.visit
        decided = visit.left_at or visit.saved_at
        if visit.state in {State.SAVED, State.LEFT} and decided:
            return self.now < decided + SHOWN_FOR
        return visit.is_open(self.now)

    @cached_property
    def is_settled(self) -> bool:
        """Whether nothing runs that could be cancelled: done by another link, or over."""
        return self.visit.state == State.OPEN and not endings(self.visit, local_day(self.now))

    @property
    def languages(self) -> list[dict[str, object]]:
        """The same page in each language."""
        return switches(
            dict(settings.LANGUAGES),
            self.language,
            lambda code: "?" + urlencode({"lang": code, "at": self.at}),
        )

    def page(self, name: str) -> Page:
        return page_of(self.visit, name, language=self.language, now=self.now)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def way_out(request: HttpRequest, written: str) -> HttpResponse:
    if limits.tries_too_often(request):
        return too_often(request)
    visit = find_visit(written)
    door = AtTheDoor(request, visit, timezone.now()) if visit else None
    if door is None or not door.is_open:
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    with translation.override(door.language), timezone.override(Organisation.current().zone):
        return take(door) if request.method == "POST" else show(door)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to a link that is unknown or over."""
    return shown(request, "campaigns/public/gone_leaving.html", {}, 404)


def show(door: AtTheDoor, problem: str = "", status: int = 200) -> HttpResponse:
    """The page they are at, or what became of it."""
    visit = door.visit
    common: dict[str, Any] = {
        "visit": visit,
        "languages": door.languages,
        "language": door.language,
        "problem": problem,
        "has_errors": bool(problem),
        "stamp": new_stamp(now=door.now, version=visit.flow.version),
    }
    if visit.state == State.LEFT:
        taken_back_at = visit.taken_back_at()
        template = "taken_back" if taken_back_at else "left"
        context = common | left(visit) | {"taken_back_at": taken_back_at}
        return shown(door.request, f"campaigns/public/{template}.html", context, status)
    if visit.state == State.SAVED:
        return shown(door.request, "campaigns/public/saved.html", common | saved(door), status)
    if door.is_settled:
        day = last_day_ahead(visit.customer_id, local_day(door.now))
        context = common | {"last_day": formats.day(day) if day else ""}
        return shown(door.request, "campaigns/public/settled.html", context, status)
    page = door.page(door.at)
    template = "leave_reason" if page.name == REASON else "leave"
    context = common | {"page": page, "said": visit, "title": page.title}
    return shown(door.request, f"campaigns/public/{template}.html", context, status)


def left(visit: CancelVisit) -> dict[str, Any]:
    last = visit.ends_on - timedelta(days=1) if visit.ends_on else None
    return {"last_day": formats.day(last), "mailed_to": visit.contact if visit.mail_id else None}


def saved(door: AtTheDoor) -> dict[str, Any]:
    visit = door.visit
    by_offer = visit.saved_by == CancelVisit.SavedBy.OFFER and visit.grant is not None
    outcome = shown_outcome(visit.grant) if by_offer and visit.grant else None
    return {"outcome": outcome, "may_leave": door.now < visit.expires_at}


def take(door: AtTheDoor) -> HttpResponse:
    """Do what the button says, then lead on to the page that follows."""
    post = door.request.POST
    stamp, deed = read_stamp(post.get("stamp", "")), DEEDS.get(post.get("do", ""))
    if deed is None or stamp is None or post.get(TRAP):
        return show(door, _("Please press the button once more."), 422)
    if door.is_settled:
        return show(door, status=422)
    try:
        visit = deed(door, as_shown(door, stamp))
    except RuleError as refusal:
        fresh = find_visit(door.request.path.rpartition("/")[2]) or door.visit
        return show(AtTheDoor(door.request, fresh, door.now), str(refusal), 422)
    query = {"lang": door.language}
    if visit.state == State.OPEN:
        query["at"] = following(door, visit)
    return HttpResponseRedirect(f"{door.request.path}?{urlencode(query)}")


def as_shown(door: AtTheDoor, stamp: Stamp) -> Shown:
    """The page on which the button was pressed: its words, when it was made, which version."""
    name = door.at if door.visit.state == State.OPEN else door.visit.state
    wording = wording_of(door.page(name)) if door.visit.state == State.OPEN else {}
    facts = {
        "page": name,
        "pressed": door.request.POST.get("do", ""),
        "shown_at": stamp.made_at.isoformat(timespec="seconds"),
        "language": door.language,
        "version": door.visit.flow.version,
        "version_shown": stamp.version,
        "wording": wording,
    }
    return Shown(name, facts)


def following(door: AtTheDoor, visit: CancelVisit) -> str:
    """The page after the one that the button stood on."""
    way = replace(door, visit=visit).way
    asked = door.request.POST.get("do", "")
    return HELP if asked == "reason" and HELP in way else CONFIRM


def say_why(door: AtTheDoor, facts: Shown) -> CancelVisit:
    post = door.request.POST
    key = post.get("reason", "")
    offered = {each.key for each in offered_reasons(door.language)}
    reason = CancellationReason.objects.filter(key=key).first() if key in offered else None
    told = Told(
        reason,
        plain(post.get("comment", "")),
        plain(post.get(f"competitor-{key}", "")),
        plain(post.get(f"feature-{key}", "")),
    )
    return leaving.answer(door.visit, told, facts, now=door.now)


def plain(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n")


def doing(service: Callable[..., CancelVisit]) -> Callable[[AtTheDoor, Shown], CancelVisit]:
    return lambda door, facts: service(door.visit, facts, now=door.now)


DEEDS: dict[str, Callable[[AtTheDoor, Shown], CancelVisit]] = {
    "reason": say_why,
    "go_on": doing(leaving.go_on),
    "accept": doing(leaving.accept_offer),
    "call": doing(leaving.ask_for_call),
    "stay": doing(leaving.stay),
    "leave": doing(leaving.leave),
}
