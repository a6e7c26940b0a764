"""Which language a public page speaks, and the way to the same page in its others."""

from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

from customers.models.wishes import SOURCE_LANGUAGE


def spoken_in(codes: Collection[str]) -> dict[str, str]:
    """Our languages among these codes, in their own names."""
    return {code: name for code, name in settings.LANGUAGES if code in codes}


def language_asked(request: HttpRequest, spoken: Collection[str], *wishes: str) -> str:
    """The language asked for, else the first wish that is spoken, else English."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    return next((each for each in (asked, *wishes) if each in spoken), SOURCE_LANGUAGE)


def address_in(code: str) -> str:
    """The query of this page in another language, where it has no other."""
    return "?" + urlencode({"lang": code})


def switches(
    spoken: Mapping[str, str], now: str, address: Callable[[str], str] = address_in
) -> list[dict[str, object]]:
    """The same page in each language that it speaks; none where that is only one."""
    if len(spoken) < 2:
        return []
    return [
        {"code": code, "name": name, "href": address(code), "is_current": code == now}
        for code, name in spoken.items()
    ]
