"""What every page has: its place in the navigation, messages, theme, and a way back in."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from churnapp import urls
from churnapp.common.htmx import page_or_fragment, toast
from churnapp.context_processors import ACTING, PAGES

HTMX = {"HX-Request": "true"}


@require_GET
def fragment_with_news(request):
    toast(request, "Saved <b>it</b>", undo_url="/undo/7/")
    messages.error(request, "But not that")
    return HttpResponse("<p>fragment</p>")


urlpatterns = [*urls.urlpatterns, path("fragment/", fragment_with_news)]


@pytest.mark.parametrize(
    "headers, template",
    [
        ({}, "page.html"),
        (HTMX, "_part.html"),
        (HTMX | {"HX-History-Restore-Request": "true"}, "page.html"),
    ],
)
def test_htmx_gets_the_part_but_the_back_button_the_page(headers, template):
    request = RequestFactory().get("/", headers=headers)
    assert page_or_fragment(request, "page.html", "_part.html") == template


@pytest.mark.parametrize("name", [name for name, _label, _icon in (*PAGES, *ACTING)])
def test_every_page_of_the_navigation_exists(name):
    assert reverse(name)


@pytest.mark.urls(__name__)
def test_a_fragment_brings_its_messages_along(alices_client):
    html = alices_client.get("/fragment/", headers=HTMX).content.decode()
    assert 'hx-swap-oob="beforeend"' in html
    assert "Saved &lt;b&gt;it&lt;/b&gt;" in html
    assert 'action="/undo/7/"' in html
    assert "toast-error" in html


@pytest.mark.urls(__name__)
def test_messages_of_a_fragment_are_shown_once(alices_client):
    alices_client.get("/fragment/", headers=HTMX)
    page = alices_client.get(reverse("account_change_password")).content.decode()
    assert "toast-line" not in page


def test_an_ended_session_leads_the_whole_page_to_sign_in(client, db):
    response = client.get(reverse("account_change_password"), headers=HTMX)
    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_the_search_key_goes_to_the_search_of_the_list(client, bob):
    client.force_login(bob)
    keys = (Path(settings.BASE_DIR) / "static" / "js" / "keys.js").read_text()
    assert -1 < keys.find('"[data-list-search]"') < keys.find('"[data-global-search]"')
    fields = re.compile(r'<input [^>]*type="search"[^>]*>')
    for name in ("list", "risk"):
        of_all, of_list = fields.findall(client.get(reverse(f"customers:{name}")).content.decode())
        assert "data-global-search" in of_all
        assert "data-list-search" in of_list


@pytest.mark.parametrize("name", ["today", "list", "overview", "cohorts"])
def test_a_file_is_asked_for_only_of_who_may_bring_one(client, alice, bob, name):
    way = f'class="btn btn-primary" href="{reverse("customers:imports")}"'
    client.force_login(alice)
    assert way not in client.get(reverse(f"customers:{name}")).content.decode()
    client.force_login(bob)
    assert way in client.get(reverse(f"customers:{name}")).content.decode()


def test_a_theme_is_kept_for_the_person_and_the_browser(alices_client, alice):
    response = alices_client.post(
        reverse("preferences"), {"theme": "dark", "next": "/accounts/password/change/"}
    )
    alice.refresh_from_db()
    assert alice.theme == "dark"
    assert response.url == "/accounts/password/change/"
    assert response.cookies["theme"].value == "dark"


def test_preferences_lead_nowhere_else(alices_client):
    response = alices_client.post(
        reverse("preferences"), {"theme": "dark", "next": "https://example.com/"}
    )
    assert response.url == "/"


@pytest.mark.parametrize("choice", [{"theme": "pink"}, {"single_keys": "perhaps"}])
def test_a_preference_that_is_none_is_refused(alices_client, alice, choice):
    assert alices_client.post(reverse("preferences"), choice).status_code == 400
    alice.refresh_from_db()
    assert (alice.theme, alice.single_keys) == ("auto", True)


def test_preferences_change_nothing_on_get(alices_client):
    assert alices_client.get(reverse("preferences")).status_code == 405


def test_an_unknown_address_says_so_in_the_readers_language(client, db):
    response = client.get("/nowhere/", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
