"""What every template may use."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEMES = {"light", "dark"}

# name of the page, label, icon; in the order of a day
PAGES: tuple[tuple[str, Promise, str], ...] = (
    ("customers:today", _("Today"), "sun"),
    ("customers:overview", _("Overview"), "layout-dashboard"),
    ("customers:cohorts", _("Cohorts"), "layout-grid"),
    ("customers:list", _("Customers"), "building"),
    ("customers:cancellations", _("Cancellations"), "user-minus"),
    ("surveys:list", _("Surveys"), "message"),
    ("customers:risk", _("At risk"), "activity"),
    ("customers:mails", _("Mail"), "mail"),
    ("customers:complaints", _("Complaints"), "alert-circle"),
    ("customers:mentions", _("Mentions"), "message-circle"),
    ("customers:imports", _("Imports"), "file-import"),
    ("customers:privacy", _("Privacy"), "shield-check"),
)

# What is done about it, under a heading of its own.
ACTING: tuple[tuple[str, Promise, str], ...] = (
    ("customers:segments", _("Segments"), "users-group"),
    ("campaigns:list", _("Campaigns"), "send"),
    ("offers:list", _("Offers"), "tag"),
    ("cancel_flows:list", _("Cancel flows"), "user-minus"),
    ("referrals:list", _("Referrals"), "heart-handshake"),
    ("library:list", _("Library"), "bookmark"),
)

# Pages that are not for everyone, and what they ask for.
NEEDED = {
    "customers:imports": "customers.add_import",
    "customers:privacy": "customers.add_erasure",
}


@dataclass(frozen=True)
class NavigationItem:
    label: Promise
    icon: str
    href: str
    is_current: bool


def appearance(request: HttpRequest) -> dict[str, object]:
    """The theme that the reader chose (`auto` follows the device) and whether single keys work."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    theme = person.theme if person else request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "single_keys": person.single_keys if person else False,
        "ui_languages": settings.LANGUAGES,  # each by its own name, whatever is spoken here
    }


def navigation(request: HttpRequest) -> dict[str, object]:
    """The main pages that the reader may open, the one shown now marked."""
    return {"navigation": items(request, PAGES), "acting": items(request, ACTING)}


def items(
    request: HttpRequest, pages: tuple[tuple[str, Promise, str], ...]
) -> list[NavigationItem]:
    return [item(request, *page) for page in pages if may_open(request, page[0])]


def may_open(request: HttpRequest, name: str) -> bool:
    """Whether the reader may open a page."""
    user = getattr(request, "user", None)
    return name not in NEEDED or (user is not None and user.has_perm(NEEDED[name]))


def item(request: HttpRequest, name: str, label: Promise, icon: str) -> NavigationItem:
    href = reverse(name)
    here = request.path == href or (href != "/" and request.path.startswith(href))
    return NavigationItem(label, icon, href, here)
