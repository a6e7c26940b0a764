"""Ways between the pages of figures: what an address keeps, and what it refuses."""

import re
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Standing
from tests.factories import make_customer, make_subscription, make_user, stand, today_here

# The engine reads committed rows by a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)
OVERVIEW = reverse("customers:overview")
MOVEMENTS = reverse("customers:movements")
COHORT = reverse("customers:cohort_customers")
BEHIND = reverse("customers:metric_customers", args=["lost_customers"])


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user("manager"))
    return client


@pytest.fixture
def acme() -> Customer:
    """Pays 100 a month since January 2024."""
    acme = make_customer("Acme")
    make_subscription(acme)
    stand()
    return acme


def html_of(response) -> str:
    return unescape(response.content.decode())


def words(response) -> str:
    """The text of a page without its marks, one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", html_of(response)).split())


def crumb(response) -> str:
    """Where the way back leads."""
    found = re.search(r'class="crumb" href="([^"]*)"', html_of(response))
    assert found
    return found[1]


@pytest.mark.parametrize("address", [BEHIND, MOVEMENTS])
@pytest.mark.parametrize("start, periods", [("", 13), ("2024-10", 6)])
def test_the_way_back_leads_to_all_charted_periods(browser, acme, address, start, periods):
    response = browser.get(address, {"from": start, "to": "2025-03"})
    overview = browser.get(crumb(response))
    assert len(overview.context["question"].periods) == periods


@pytest.mark.parametrize(
    "address, query",
    [
        (OVERVIEW, {"to": "0001-01"}),
        (OVERVIEW, {"from": "0001-01", "interval": "year"}),
        (OVERVIEW, {"to": "9999-12-31"}),
        (BEHIND, {"to": "9999-W52", "interval": "week"}),
        (MOVEMENTS, {"to": "1899", "interval": "year"}),
        (COHORT, {"start": "9990-01", "age": "999"}),
        (COHORT, {"start": "0001", "by": "year"}),
        (COHORT, {"start": "2025-01", "age": "999", "by": "year"}),
    ],
)
def test_a_year_out_of_reach_is_refused_in_words(browser, acme, address, query):
    response = browser.get(address, query)
    assert response.status_code == 400
    assert "is out of reach" in words(response) or "is no period" in words(response)


@pytest.mark.parametrize("to", ["1900-01", "2199-12"])
@pytest.mark.parametrize("interval", ["week", "year"])
def test_the_first_and_the_last_year_are_shown(browser, acme, to, interval):
    assert browser.get(OVERVIEW, {"to": to, "interval": interval}).status_code == 200


def test_the_kind_of_movement_is_kept_in_every_link_and_in_the_form(browser, acme):
    query = {"to": "2025-05", "kind": "churn", "country": "NO"}
    response = browser.get(MOVEMENTS, query)
    bar = response.context["bar"]
    links = [bar.earlier, bar.later, *(one.href for one in bar.intervals)]
    links += [part.href for part in bar.parts]
    assert [QueryDict(link[1:]).get("kind") for link in links] == ["churn"] * len(links)
    assert bar.kept == [("kind", "churn")]
    assert '<input type="hidden" name="kind" value="churn">' in html_of(response)
    everything = response.context["kinds"][0]
    assert "kind=" not in everything.href
    assert "kind=" not in crumb(response)


@pytest.mark.parametrize("address", [OVERVIEW, BEHIND, MOVEMENTS])
def test_an_older_period_may_be_chosen_in_the_bar(browser, acme, address):
    response = browser.get(address, {"from": "2024-07", "to": "2023-01", "interval": "month"})
    assert response.status_code == 200
    assert response.context["bar"].shown == "Jan 2023"


@pytest.mark.parametrize("address", [OVERVIEW, BEHIND, MOVEMENTS])
@pytest.mark.parametrize(
    "typed", [{"to": "soon"}, {"from": "soon"}, {"interval": "fortnight"}, {"to": "0001-01"}]
)
def test_a_refusal_keeps_what_was_typed_and_chosen(browser, acme, address, typed):
    query = {"from": "2025-01", "to": "2025-03", "country": "NO"} | typed
    response = browser.get(address, query)
    assert response.status_code == 400
    page = html_of(response)
    for name in ("from", "to"):
        assert re.search(f'name="{name}" value="{query[name]}"', page)
    assert [part.value for part in response.context["bar"].parts] == ["Norway"]
    assert "Computed" not in words(response)


def test_a_period_that_has_not_begun_is_not_said_to_be_running(browser, acme):
    year = today_here().year + 1
    response = browser.get(OVERVIEW, {"to": f"{year}-01"})
    page = words(response)
    assert f"Jan {year} has not begun" in page
    assert "still running" not in page
    now = re.search(r'href="([^"]*)">Show the current period', html_of(response))
    assert now
    assert "still running" in words(browser.get(OVERVIEW + now[1]))


@pytest.mark.parametrize("plan, found", [("basic", {"Basic"}), ("pro", {"Acme"})])
def test_a_cell_of_a_group_holds_that_group_alone(browser, acme, plan, found):
    for code in ("basic", "max"):
        make_subscription(make_customer(code.capitalize()), plan=code)
    stand()
    query = "?by=year&group=plan&plan=basic&plan=pro"
    divisions = browser.get(reverse("customers:cohorts") + query).context["divisions"]
    row = next(each.rows[0] for each in divisions if each.label == plan)
    lines = browser.get(row.hrefs[0]).context["found"].lines
    assert {line.customer.name for line in lines} == found


@pytest.mark.parametrize(
    "address, query",
    [
        (MOVEMENTS, {"to": "2024-01"}),
        (COHORT, {"start": "2024-01", "by": "month", "cohort": "signed_up"}),
        (COHORT, {"start": "2024-01", "by": "month"}),
    ],
)
def test_a_plan_is_asked_of_the_terms_not_of_last_night_s_standing(browser, acme, address, query):
    Customer.objects.update(signed_up_on="2024-01-01")
    Standing.objects.update(plan=None)
    response = browser.get(address, query | {"plan": "pro"})
    assert [line.customer.name for line in response.context["found"].lines] == ["Acme"]


def test_cohorts_ask_a_plan_of_the_terms(browser, acme):
    Standing.objects.update(plan=None)
    response = browser.get(reverse("customers:cohorts"), {"plan": "pro"})
    assert response.context["divisions"]
