"""Pages on which people act on churn, full of rows, in every language, width and colour.

`python -m pytest -m long tests/journeys/test_acting.py` looks at all of it; without, each page is
looked at once. With `CI` set pictures of all are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from campaigns.leaving.links import path_of as way_out
from campaigns.links import path_of as way_to_offer
from campaigns.services.leaving import Shown, Told, answer, leave, stay
from churnapp.models import User
from tests.campaign_factories import make_grant
from tests.factories import make_user
from tests.journeys.acting import Company, make_acting_rows, open_visit
from tests.journeys.conftest import (
    OpenPage,
    Problems,
    broken_rules,
    screenshot,
    width_and_room,
)
from tests.journeys.crawling import PREPARE, Crawl, declared_pages

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ("en", "nb", "da", "sv")
WIDTHS = (1280, 768, 320)
THEMES = ("light", "dark")
# Steps through them all that are no multiple of one another: each page in other ones.
LOOKS = [(LANGUAGES[n % 4], WIDTHS[n % 3], THEMES[n // 4 % 2]) for n in range(24)]
SPACES = {"campaigns", "campaign_results", "offers", "cancel_flows", "referrals", "library"}
NOTHING = Shown()


@dataclass(frozen=True)
class Place:
    """A page to look at."""

    name: str
    path: str
    is_public: bool = False
    status: int = 200


def ours(rows: dict[str, Model]) -> Iterator[Place]:
    """Every declared page that is about acting, filled with rows."""
    for address in declared_pages(public=False):
        space, _colon, name = address.name.partition(":")
        if space in SPACES or (space == "customers" and "segment" in name):
            yield Place(address.name.replace(":", "-"), address.filled(rows))


def more(rows: dict[str, Model]) -> Iterator[Place]:
    """The same pages in other states: written, empty, narrowed down to little or nothing."""
    for which in ("draft", "empty"):
        for page in ("", "path/", "edit/", "checks/", "launch/", "preview/", "recipients/"):
            address = f"/campaigns/{rows[which].pk}/{page}"
            yield Place(f"{which}-{page.strip('/') or 'overview'}", address)
    campaign, flow = rows["campaigns"].pk, rows["cancel-flows"].pk
    yield Place("campaigns-none", "/campaigns/?q=nothing")
    yield Place("recipients-left-out", f"/campaigns/{campaign}/recipients/?state=left_out")
    yield Place("segments-none", "/segments/?q=nothing")
    yield Place("segment-empty", "/segments/new/?country=IS")
    yield Place("offers-archived", "/offers/?show=archived")
    yield Place("visits-none", "/cancel-flows/visits/?flow=0&state=expired")
    for page, reason in (("reason", ""), ("confirm", "price"), ("confirm", "calls")):
        query = f"?at={page}&reason={reason}&lang=sv"
        yield Place(f"preview-{page}-{reason}", f"/cancel-flows/{flow}/preview/{query}")


def of_strangers(company: Company, rows: dict[str, Model], language: str) -> Iterator[Place]:
    """What customers see: a way out at each of its ends, and an offer in each state."""
    now = timezone.now()
    for key in (*company.reasons, "stayed", "left"):
        visit = open_visit(rows["cancel-flows"], key)
        if key == "price":
            yield Place("leave-first", f"{way_out(visit)}?lang={language}", is_public=True)
        visit = answer(visit, Told(company.reasons.get(key)), NOTHING, now=now)
        if key == "stayed":
            stay(visit, NOTHING, now=now)
        if key == "left":
            leave(visit, NOTHING, now=now)
        address = f"{way_out(visit)}?lang={language}&at=confirm"
        yield Place(f"leave-{key}", address, is_public=True)
    grants = {offer.kind: make_grant(offer, company.customers[1]) for offer in company.offers}
    for state in ("accepted", "declined", "expired"):
        grants[state] = make_grant(company.offers[0], company.customers[1], state=state)
    for name, grant in grants.items():
        over = name == "expired" or not grant.offer.is_on
        address = f"{way_to_offer(grant)}?lang={language}"
        yield Place(f"offer-{name}", address, is_public=True, status=404 if over else 200)


@pytest.fixture
def boss(transactional_db: None) -> User:
    return make_user("admin", email="ada@example.com", name="Ada Lie")


@dataclass
class Look:
    """Two tabs, one of somebody signed in, one of a stranger."""

    staff: Crawl
    stranger: Crawl

    def at(self, place: Place, language: str, *looks: tuple[int, str]) -> None:
        """Open a page in a language, and look at it in these widths and colours."""
        crawl = self.stranger if place.is_public else self.staff
        home = urljoin(crawl.page.url, "/")
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": home}
        crawl.page.context.add_cookies([cookie])  # type: ignore[list-item]
        crawl.visit(place.path, place.status)
        crawl.page.evaluate(PREPARE)
        crawl.note(place.path, crawl.not_whole())
        spoken = crawl.page.locator("html").get_attribute("lang")
        wrong = spoken != language and "lang=" not in place.path
        crawl.note(place.path, [f"is in {spoken}, not in {language}"] if wrong else [])
        for width, theme in looks:
            crawl.page.set_viewport_size({"width": width, "height": 900})
            crawl.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            crawl.page.locator(f"html[data-bs-theme={theme}], html:not([data-bs-theme])").wait_for()
            wide, room = width_and_room(crawl.page)
            name = f"{place.name} at {width} in {theme} {language}"
            crawl.note(name, broken_rules(crawl.page))
            crawl.note(name, [f"is {wide} px wide"] if wide > room else [])
            screenshot(crawl.page, f"acting-{place.name}-{width}-{theme}-{language}")


@pytest.fixture
def look(open_page: OpenPage, problems: Problems, boss: User) -> Iterator[Look]:
    """At the end nothing has been disliked."""
    staff = Crawl(open_page("/accounts/inactive/", boss), problems)
    look = Look(staff, Crawl(open_page("/accounts/sign-in/"), problems))
    yield look
    disliked = look.staff.disliked + look.stranger.disliked
    assert not disliked, "\n".join(disliked)


def test_each_page_is_accessible(look: Look, boss: User) -> None:
    """Each in another width, colour and language than the one before."""
    company, rows = make_acting_rows(boss)
    places = [*more(rows), *of_strangers(company, rows, "nb")]
    for place, (language, width, theme) in zip(places, cycle(LOOKS)):
        look.at(place, language, (width, theme))


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_in_each_width_and_colour(
    look: Look, boss: User, language: str
) -> None:
    company, rows = make_acting_rows(boss)
    for place in [*ours(rows), *more(rows), *of_strangers(company, rows, language)]:
        look.at(place, language, *product(WIDTHS, THEMES))
