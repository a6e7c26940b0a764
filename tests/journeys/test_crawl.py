"""Every page and dialog there is, in a browser: nothing is refused, missing or hard to reach.

`crawling.py` says which addresses are pages; a new one is looked at without being named here.
"""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from churnapp.models import User
from churnapp.urls import handler404, handler500
from churnapp.urls import urlpatterns as ours
from tests.factories import make_user
from tests.journeys.conftest import OpenPage, Problems
from tests.journeys.crawling import Crawl, declared_pages, make_draft, make_full_rows, paths

pytestmark = pytest.mark.django_db(transaction=True)

HALVES = 2
# Each page in one width and colour; the long form in all of them.
IN_FULL = pytest.mark.parametrize("in_full", [False, pytest.param(True, marks=pytest.mark.long)])
ASK = """address => htmx.ajax("GET", address, {target: "#dialog-body", swap: "outerHTML"})"""


def broken(request: HttpRequest) -> HttpResponse:
    """What fails where nobody has foreseen it."""
    raise RuntimeError("The crawl fails here on purpose.")


urlpatterns = [*ours, path("broken/", broken)]
__all__ = ["handler404", "handler500", "urlpatterns"]


@pytest.fixture
def ada(transactional_db: None, settings, tmp_path: Path) -> User:
    """An administrator of an installation where files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_user("admin", email="ada@example.com", name="Ada Lie")


@IN_FULL
@pytest.mark.parametrize("half", range(HALVES))
def test_every_page_is_whole_and_accessible(
    open_page: OpenPage, problems: Problems, ada: User, half: int, in_full: bool
) -> None:
    rows = make_full_rows(ada)
    every = paths(declared_pages(public=False), rows)
    every.append((reverse("customers:import_columns", args=[make_draft(ada).pk]), 200))
    assert len(every) > 40
    crawl = Crawl(open_page("/accounts/inactive/", ada), problems, in_full)
    for address, status in every[half::HALVES]:
        crawl.visit(address, status)
        crawl.look(address)
    assert not crawl.disliked, crawl.told()


@IN_FULL
def test_every_dialog_is_accessible(
    open_page: OpenPage, problems: Problems, ada: User, in_full: bool
) -> None:
    """Each question that answers htmx is asked in a page with little else: axe reads all of it."""
    rows = make_full_rows(ada)
    crawl = Crawl(open_page(reverse("customers:mail_addresses"), ada), problems, in_full)
    every = [address for address, _status in paths(declared_pages(public=False), rows)]
    dialogs = [address for address in every if is_dialog(crawl, address)]
    assert len(dialogs) > 20
    for address in dialogs:
        crawl.page.evaluate(ASK, address)
        crawl.page.locator("#dialog[open] #dialog-title").wait_for()
        crawl.settle()
        crawl.look(f"dialog {address}", "#dialog")
        crawl.page.keyboard.press("Escape")
        crawl.page.locator("#dialog").wait_for(state="hidden")
    assert not crawl.disliked, crawl.told()


def is_dialog(crawl: Crawl, address: str) -> bool:
    answer = crawl.page.request.get(address, headers={"HX-Request": "true"})
    return answer.text().lstrip().startswith('<div id="dialog-body">')


def test_pages_of_strangers_are_whole_and_accessible(
    open_page: OpenPage, problems: Problems, ada: User
) -> None:
    rows = make_full_rows(ada)
    crawl = Crawl(open_page("/accounts/sign-in/"), problems)
    for address, status in paths(declared_pages(public=True), rows):
        crawl.visit(address, status)
        crawl.look(address)
    crawl.page.goto(link_of_reset(ada))
    crawl.page.locator("input[type=password]").first.wait_for()
    crawl.look("new password")
    assert not crawl.disliked, crawl.told()


def link_of_reset(person: User) -> str:
    """Where the mail leads that somebody gets who has forgotten their password."""
    Client().post(reverse("account_reset_password"), {"email": person.email})
    found = re.search(r"/accounts/password/reset/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


def test_pages_that_say_no_are_accessible(
    open_page: OpenPage, problems: Problems, ada: User, settings
) -> None:
    settings.ROOT_URLCONF = __name__
    problems.meant.add("/broken/")
    crawl = Crawl(open_page("/", make_user("viewer")), problems)
    for address, status in [("/imports/", 403), ("/nowhere/", 404), ("/broken/", 500)]:
        crawl.visit(address, status)
        crawl.look(address)
    crawl.visit("/accounts/password/reset/")
    crawl.page.context.clear_cookies()
    crawl.page.get_by_role("textbox").fill(ada.email)
    crawl.page.locator("main .card button").click()
    crawl.page.get_by_role("heading", name="too old").wait_for()
    crawl.look("a form that is too old")
    assert not crawl.disliked, crawl.told()


def test_the_administration_and_the_docs_of_the_api_are_whole(
    open_page: OpenPage, problems: Problems, ada: User
) -> None:
    """They are not ours to make accessible; what they load and run is."""
    make_full_rows(ada)
    crawl = Crawl(open_page("/admin/", ada), problems)
    offered = targets(crawl, "#content-main :is(th a, a.addlink)")
    assert len(offered) > 30
    for address in ["/api/docs/", "/admin/password_change/", *offered]:
        crawl.visit(address)
        for row in targets(crawl, "#result_list tbody th a")[:1]:
            crawl.visit(row)
    assert not crawl.disliked, crawl.told()


def targets(crawl: Crawl, links: str) -> list[str]:
    """Where these links of the page lead."""
    return crawl.page.locator(links).evaluate_all("all => all.map(one => one.pathname)")
