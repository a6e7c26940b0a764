"""What a reader chooses for themselves: the theme, and whether single keys work."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from churnapp.models import User

ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep a theme or the switch of single keys, then back to the page that asked.

    A cookie carries the theme to pages seen before signing in.
    """
    theme, single_keys = request.POST.get("theme"), request.POST.get("single_keys")
    if theme not in (None, *User.Theme.values) or single_keys not in (None, "on", "off"):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        keep(request.user, theme, single_keys)
    response = HttpResponseRedirect(way_back(request))
    if theme:
        response.set_cookie(
            "theme", theme, max_age=ONE_YEAR, secure=request.is_secure(), samesite="Lax"
        )
    return response


def keep(user: User, theme: str | None, single_keys: str | None) -> None:
    """Write what was chosen, and only that."""
    if theme:
        user.theme = theme
        user.save(update_fields=["theme"])
    if single_keys:
        user.single_keys = single_keys == "on"
        user.save(update_fields=["single_keys"])


def way_back(request: HttpRequest) -> str:
    """The page that asked, if it is one of ours; else the first page."""
    goal = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return goal if ours else "/"
