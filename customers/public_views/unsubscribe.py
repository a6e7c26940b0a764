"""The unsubscribe page: a link opens it, a button or a mail program's one-click does it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from churnapp.models import Organisation
from customers.mail.suppression import is_hmac_suppressed
from customers.mail.unsubscribe import Wish, wish_of
from customers.services.preferences import come_back, leave

DONE, OPEN = "done", "open"


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing. POST, also from a mail program, without a cookie and
    twice, unsubscribes; with `again` it takes that back. The signed link is the only key needed.
    """
    wish = wish_of(token)
    if wish is None:
        raise Http404
    if request.method == "POST":
        carry_out(wish, again="again" in request.POST)
    return page(request, wish, token)


def carry_out(wish: Wish, *, again: bool) -> None:
    (come_back if again else leave)(wish, [wish.purpose])


def page(request: HttpRequest, wish: Wish, token: str) -> HttpResponse:
    """In the language of the mail that held the link."""
    with translation.override(wish.language):
        state = DONE if is_hmac_suppressed(wish.address, wish.purpose) else OPEN
        context = {
            "state": state,
            "purpose": wish.purpose,
            "organisation": Organisation.current().name,
            "language": translation.get_language(),
            "token": token,
        }
        response = render(request, "customers/public/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
