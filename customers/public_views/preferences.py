"""The page where a reader chooses what we send them: opened by the link of any mail of ours."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.forms.preferences import PreferencesForm
from customers.mail.unsubscribe import Wish, wish_of
from customers.models import Contact, SendingRate, Topic
from customers.public_views.choosing_words import how_often, next_words
from customers.services.preferences import choose, come_back, leave, people_behind, standing_of

SAVED = "saved"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is chosen and changes nothing; POST keeps it. The signed link is the only key,
    and it never expires. Where nobody is behind it any more, the page can only unsubscribe.
    """
    wish = wish_of(token)
    if wish is None:
        raise Http404
    people = people_behind(wish)
    language = language_of(request, wish, people)
    with translation.override(language):
        response = answer(request, wish, people)
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Language"] = language
    return response


def language_of(request: HttpRequest, wish: Wish, people: list[Contact]) -> str:
    """As asked by the switch, else as the reader wants mails, else of the mail with the link."""
    known = dict(settings.LANGUAGES)
    own = people[0].language if people else ""
    wishes = (request.GET.get("lang", ""), own, wish.language)
    return next((code for code in wishes if code in known), settings.LANGUAGE_CODE)


def answer(request: HttpRequest, wish: Wish, people: list[Contact]) -> HttpResponse:
    now = timezone.now()
    standing = standing_of(wish, people, now)
    if "leave" in request.POST or "back" in request.POST:
        (leave if "leave" in request.POST else come_back)(wish, Topic.PURPOSES)
        return saved(request.GET.get("lang", ""))
    posted = request.POST if request.method == "POST" else None
    form = PreferencesForm(standing, now, posted, initial=PreferencesForm.held(standing))
    if posted is not None and people and form.is_valid():
        try:
            choose(wish, form.choice())
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            return saved(request.GET.get("lang", ""))
    return render(request, "customers/public/preferences.html", context(request, form, people))


def saved(language: str) -> HttpResponse:
    """To the page again, so that loading it anew sends nothing twice."""
    kept = f"&lang={language}" if language in dict(settings.LANGUAGES) else ""
    return HttpResponseRedirect(f"?{SAVED}=1{kept}")


def context(request: HttpRequest, form: PreferencesForm, people: list[Contact]) -> dict[str, Any]:
    standing, rules = form.standing, SendingRate.objects.get(pk=1)
    return {
        "form": form,
        "is_known": bool(people),
        "standing": standing,
        "next": next_words(standing, rules),
        "how_often": how_often(rules),
        "chosen": set(form["topics"].value() or ()),
        "is_saved": SAVED in request.GET and request.method != "POST",
        "organisation": Organisation.current().name,
        "language": translation.get_language(),
        "languages": settings.LANGUAGES,
    }
