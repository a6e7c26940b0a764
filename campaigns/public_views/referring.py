"""The page of a referral link: who recommends, what both get, and a form for whoever came.

Opening it changes nothing. Whoever sends the form twice, or an address that is known already, is
answered the same, so that nobody learns who came before.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.models import ReferralLink
from campaigns.promises import gift_words
from campaigns.services.referring import LONGEST, Came, find_link, refer
from churnapp.common import public_limits as limits
from churnapp.common.errors import RuleError
from churnapp.common.public_pages import public_page
from churnapp.common.stamps import new_stamp, read_stamp
from churnapp.models import Organisation
from customers.public_views.languages import language_asked, spoken_in, switches
from customers.public_views.pages import shown

TRAP = "website"
ASKED = ("name", "company", "email")


@dataclass(frozen=True)
class Visit:
    """Somebody at the page of a link."""

    request: HttpRequest
    link: ReferralLink
    now: datetime

    @cached_property
    def language(self) -> str:
        """What is asked for, else what the browser wants, where the program is written in it."""
        browsers = translation.get_language_from_request(self.request)
        return language_asked(self.request, self.spoken, browsers)

    @property
    def spoken(self) -> dict[str, str]:
        return spoken_in(self.link.program.texts)

    @property
    def gifts(self) -> list[tuple[str, str]]:
        """What each of the two gets."""
        program = self.link.program
        rows = []
        if told := program.text("welcome", self.language):
            rows.append((_("You get"), told))
        elif program.welcome is not None and program.welcome.is_on:
            rows.append((_("You get"), gift_words(program.welcome)))
        who = _("%(customer)s gets") % {"customer": self.link.customer.name}
        return [*rows, (who, gift_words(program.reward))]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def recommended(request: HttpRequest, code: str) -> HttpResponse:
    if limits.tries_too_often(request):
        return too_often(request)
    link = find_link(code)
    if link is None:
        return too_often(request) if limits.is_a_miss_too_many(request) else nothing_here(request)
    visit = Visit(request, link, timezone.now())
    with translation.override(visit.language), timezone.override(Organisation.current().zone):
        if request.method == "POST":
            return take(visit)
        return thank(visit) if request.GET.get("thanks") else show(visit)


def show(visit: Visit, problem: str = "", *, field: str = "", status: int = 200) -> HttpResponse:
    """The form; refused, with what was typed."""
    typed = {name: visit.request.POST.get(name, "")[: LONGEST[name]] for name in ASKED}
    context = said_of(visit) | {
        "problem": problem,
        "problem_at": field if field in ASKED else "",
        "typed": typed,
        "longest": LONGEST,
        "stamp": new_stamp(now=visit.now),
        "has_errors": bool(problem),
    }
    return shown(visit.request, "campaigns/public/recommended.html", context, status)


def said_of(visit: Visit) -> dict[str, object]:
    program, language = visit.link.program, visit.language
    return {
        "title": program.text("title", language),
        "text": program.text("text", language),
        "button": program.text("button", language) or _("Get in touch with me"),
        "customer": visit.link.customer,
        "gifts": visit.gifts,
        "languages": switches(visit.spoken, visit.language),
        "language": language,
    }


def take(visit: Visit) -> HttpResponse:
    """Keep who came, then lead on to the thanks."""
    post = visit.request.POST
    if read_stamp(post.get("stamp", "")) is None or post.get(TRAP):
        return show(visit, _("Please press the button once more."), status=422)
    if limits.answers_too_often(visit.request):
        return too_often(visit.request)
    told = {name: post.get(name, "") for name in ASKED}
    if missing := next((name for name in ASKED if not told[name].strip()), ""):
        return show(visit, _("Fill in all three fields, please."), field=missing, status=422)
    came = Came(told["name"], told["email"], told["company"], visit.language)
    try:
        refer(visit.link, came, now=visit.now)
    except RuleError as refusal:
        return show(visit, str(refusal), field=refusal.field or "", status=422)
    asked = urlencode({"lang": visit.language, "thanks": "1"})
    return HttpResponseRedirect(f"{visit.request.path}?{asked}")


def thank(visit: Visit) -> HttpResponse:
    context = said_of(visit) | {"title": _("Thank you")}
    return shown(visit.request, "campaigns/public/recommended_thanks.html", context)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The one answer to a code that is unknown, or whose program is off."""
    return shown(request, "campaigns/public/gone_referral.html", {}, 404)


def too_often(request: HttpRequest) -> HttpResponse:
    response = shown(request, "campaigns/public/gone.html", {"wait": True}, 429)
    response.headers["Retry-After"] = str(limits.WINDOW)
    return response
