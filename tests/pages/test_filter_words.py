"""Filters are said in words, and numbers in them are typed as the reader's language writes them."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from churnapp.models import User
from tests.factories import make_customer, make_plan, make_subscription, make_user, stand

LIST, RISK, OVERVIEW = (reverse(f"customers:{name}") for name in ("list", "risk", "overview"))


def chips(client: Client, query: str) -> list[str]:
    found = client.get(LIST + query).context["chips"]
    return [f"{chip.label}: {chip.value}" for chip in found]


def in_language(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.fixture
def pair(db: None) -> None:
    make_subscription(make_customer("Large"), arr=1200)
    make_subscription(make_customer("Small"), arr=150)
    stand()


@pytest.mark.parametrize(
    "query, said",
    [
        ("?state=lost", "State: lost"),
        ("?state=never", "State: never paid"),
        ("?plan=p1", "Plan: The first plan"),
        ("?plan=nonsense", "Plan: nonsense"),
        ("?owner=me", "Owner: me"),
        ("?owner=none", "Owner: nobody"),
        ("?signed_up_from=2024-03-04", "Signed up from: 4 Mar 2024"),
        ("?signed_up_from=soon", "Signed up from: soon"),
        ("?mrr_from=12.5", "MRR, at least: 12.5"),
        ("?industry=shipping", "industry: shipping"),
    ],
)
def test_a_filter_is_said_in_words(alices_client, query, said):
    make_plan("p1", name="The first plan")
    assert chips(alices_client, query) == [said]


def test_an_owner_is_said_by_name(alices_client):
    dora = make_user(name="Dora Moe")
    assert chips(alices_client, f"?owner={dora.pk}") == ["Owner: Dora Moe"]


def test_words_of_a_filter_are_in_the_readers_language(alices_client):
    assert chips(in_language(alices_client, "nb"), "?state=never") == ["Status: aldri betalt"]


def test_figures_say_their_segment_in_words(client: Client, bob: User, pair):
    client.force_login(bob)
    parts = client.get(f"{OVERVIEW}?state=never&plan=pro").context["bar"].parts
    assert [(str(part.label), part.value) for part in parts] == [
        ("Plan", "Pro"),
        ("State", "never paid"),
    ]


@pytest.mark.parametrize(
    "page, query, said",
    [
        (LIST, "?mrr_from=much", "MRR, at least: Enter a number."),
        (RISK, "?mrr_from=much", "MRR, at least: Enter a number."),
        (RISK, "?severity=9", "Severity, at least: Ensure this value"),
        (OVERVIEW, "?mrr_from=much", "MRR, at least: Enter a number."),
    ],
)
def test_what_can_not_be_read_is_named_by_its_label(client, bob, pair, page, query, said):
    client.force_login(bob)
    assert said in client.get(page + query).content.decode()


@pytest.mark.parametrize("language", ["nb", "da", "sv"])
@pytest.mark.parametrize("number", ["12,5", "12.5"])
def test_a_decimal_comma_works_and_the_address_keeps_a_point(alices_client, pair, language, number):
    in_language(alices_client, language)
    response = alices_client.get(LIST, {"mrr_to": number}, headers={"HX-Request": "true"})
    assert [row.name for row in response.context["listing"].page.rows] == ["Small"]
    assert response["HX-Push-Url"] == f"{LIST}?mrr_to=12.5"
    assert [chip.value for chip in response.context["chips"]] == ["12,5"]
    whole = alices_client.get(LIST, {"mrr_to": number})
    assert 'name="mrr_to" inputmode="decimal" value="12,5"' in whole.content.decode()
    assert 'name="filters" value="mrr_to=12.5"' in whole.content.decode()


def test_a_decimal_comma_narrows_figures(client, bob, pair):
    client.force_login(bob)
    response = in_language(client, "sv").get(f"{OVERVIEW}?mrr_to=12,5")
    [part] = response.context["bar"].parts
    assert part.value == "12,5"
    assert "mrr_to=12.5" in response.context["bar"].earlier
