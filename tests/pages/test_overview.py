"""The overview, the customers behind its figures, cohorts and checks."""

import csv
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from churnapp.models import User
from customers.metrics.definitions import DEFINITIONS
from customers.models import CheckRun, Customer
from tests.factories import (
    make_customer,
    make_organisation,
    make_subscription,
    make_term,
    make_user,
    stand,
)

# The engine reads committed rows by a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)
MARCH = {"to": "2025-03"}


@pytest.fixture
def manager() -> User:
    return make_user("manager")


@pytest.fixture
def browser_of_manager(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def company() -> dict[str, Customer]:
    """Four customers before March 2025: one leaves, one grows; one joins. MRR 100 each."""
    stays, grows = make_customer("Stays AS"), make_customer("Grows AB", country="SE")
    leaves, joins = make_customer("Leaves <b>ApS</b>"), make_customer("Joins Oy")
    make_subscription(stays)
    make_subscription(leaves, ends_on=date(2025, 3, 10))
    make_subscription(joins, starts_on=date(2025, 3, 5))
    make_subscription(grows)
    make_subscription(grows, arr=600, starts_on=date(2025, 3, 20))
    stand()
    return {"stays": stays, "grows": grows, "leaves": leaves, "joins": joins}


def words(response) -> str:
    """The text of a page without its marks, one space between words."""
    html = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def names_in(response) -> set[str]:
    return {line.customer.name for line in response.context["found"].lines}


def tile(response, key: str):
    return next(tile for tile in response.context["tiles"] if tile.key == key)


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_without_any_subscription_it_says_what_to_do(browser_of_manager):
    page = words(browser_of_manager.get(reverse("customers:overview")))
    assert "Your figures will stand here" in page
    assert "Import files" in page


def test_tiles_say_what_was_and_what_is(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:overview"), MARCH)
    mrr, lost, rate = (
        tile(response, key) for key in ("mrr_end", "lost_customers", "customer_churn_rate")
    )
    assert (mrr.text, mrr.previous_label, mrr.change) == ("€350", "was €300", "+16.7%")
    assert mrr.is_good
    assert (lost.text, lost.previous_label, lost.is_good) == ("1", "was 0", False)
    assert (rate.text, rate.change) == ("33.3%", "+33.3 pp")
    assert "MRR in Mar 2025, EUR" in words(response)


@pytest.mark.parametrize(
    "before, after, change",
    [(1, 11, "+1,000.0%"), (1, 12, ">1,000%"), (1, 120_000_000, ">1,000%"), (100, 1, "−99.0%")],
)
def test_a_change_beyond_all_measure_is_said_in_short(browser_of_manager, before, after, change):
    customer = make_customer()
    make_subscription(customer, arr=12 * before, ends_on=date(2025, 3, 1))
    make_subscription(customer, arr=12 * after, starts_on=date(2025, 3, 1))
    stand()
    response = browser_of_manager.get(reverse("customers:overview"), MARCH)
    assert tile(response, "mrr_end").change == change


def test_a_share_beyond_all_measure_is_said_in_short(browser_of_manager):
    customer = make_customer()
    subscription = make_subscription(customer, arr=12, ends_on=date(2025, 3, 1))
    make_term(subscription, arr=12 * 1_234_567, starts_on=date(2025, 3, 1))
    stand()
    response = browser_of_manager.get(reverse("customers:overview"), MARCH)
    nrr = tile(response, "nrr")
    assert (nrr.text, nrr.change) == ("123M%", ">1,000 pp")
    assert nrr.full == "123,456,700.000%"


def test_every_tile_leads_to_its_customers(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:figures"), MARCH)
    shown = [tile for group in response.context["groups"] for tile in group.tiles]
    leading = [each for each in shown if each.href]
    assert {each.key for each in leading} == {
        key for key, one in DEFINITIONS.items() if one.behind and one.tile
    }
    one_a_list = {DEFINITIONS[each.key].behind: each.href for each in leading}
    for href in one_a_list.values():
        assert browser_of_manager.get(href).status_code == 200


def test_the_lost_customer_is_behind_the_figure(browser_of_manager, company):
    address = reverse("customers:metric_customers", args=["lost_customers"])
    response = browser_of_manager.get(address, MARCH)
    assert names_in(response) == {"Leaves <b>ApS</b>"}
    html = response.content.decode()
    assert "Leaves &lt;b&gt;ApS&lt;/b&gt;" in html
    assert reverse("customers:detail", args=[company["leaves"].pk]) in html
    assert "1 customer, €100.00 of MRR" in words(response)


@pytest.mark.parametrize(
    "kind, names",
    [
        ("", {"Leaves <b>ApS</b>", "Joins Oy", "Grows AB"}),
        ("churn", {"Leaves <b>ApS</b>"}),
        ("expansion", {"Grows AB"}),
    ],
)
def test_movements_of_a_period(browser_of_manager, company, kind, names):
    response = browser_of_manager.get(reverse("customers:movements"), MARCH | {"kind": kind})
    assert names_in(response) == names


def test_a_segment_narrows_every_figure(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:overview"), MARCH | {"country": "SE"})
    assert tile(response, "customers_end").text == "1"
    assert tile(response, "lost_customers").text == "0"
    assert "country=SE" in tile(response, "lost_customers").href
    assert [part.value for part in response.context["bar"].parts] == ["Sweden"]


def test_a_running_period_is_marked_and_its_sums_are_not_compared(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:overview"))
    assert "is still running" in words(response)
    assert tile(response, "lost_customers").change == ""
    assert tile(response, "mrr_end").previous_label.startswith("was ")


def test_nobody_at_the_start_is_not_zero_percent(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:overview"), {"to": "2023-12"})
    assert tile(response, "customer_churn_rate").text == "n/a"
    assert tile(response, "nrr").text == "n/a"
    assert tile(response, "mrr_end").text == "€0"


def test_a_very_large_amount_stays_short(browser_of_manager):
    make_subscription(arr=12 * 1_234_567_890)
    response = browser_of_manager.get(reverse("customers:overview"), MARCH)
    mrr = tile(response, "mrr_end")
    assert (mrr.text, mrr.full) == ("€1.23B", "€1,234,567,890.00")


@pytest.mark.parametrize(
    "query, words_said",
    [({"to": "soon"}, "is no period"), ({"colour": "blue"}, "neither a field nor an attribute")],
)
@pytest.mark.parametrize("name", ["customers:overview", "customers:movements"])
def test_a_wrong_address_is_refused_in_words(browser_of_manager, company, name, query, words_said):
    response = browser_of_manager.get(reverse(name), query)
    assert response.status_code == 400
    assert words_said in words(response)


@pytest.mark.parametrize("key", ["no_such_figure", "quick_ratio"])
def test_a_figure_without_customers_is_not_found(browser_of_manager, company, key):
    address = reverse("customers:metric_customers", args=[key])
    assert browser_of_manager.get(address).status_code == 404


def test_the_export_holds_what_the_page_shows(browser_of_manager, company):
    query = MARCH | {"from": "2025-02", "format": "csv"}
    rows = rows_of(browser_of_manager.get(reverse("customers:overview"), query))
    assert [row["start"] for row in rows] == ["2025-02-01", "2025-03-01"]
    assert rows[1]["lost_customers"] == "1"
    assert rows[1]["arr_end_minor"] == "420000"
    assert set(DEFINITIONS) <= set(rows[0])


def test_the_list_is_exported_with_names_that_start_no_formula(browser_of_manager):
    make_subscription(make_customer("=HYPERLINK(1)"))
    address = reverse("customers:metric_customers", args=["customers_end"])
    rows = rows_of(browser_of_manager.get(address, MARCH | {"format": "csv"}))
    assert [row["Customer"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["MRR"] == "100.00"


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("customers:overview", []),
        ("customers:movements", []),
        ("customers:metric_customers", ["lost_customers"]),
        ("customers:cohorts", []),
        ("customers:cohort_customers", []),
    ],
)
def test_who_only_reads_may_not_export(client, company, name, arguments):
    client.force_login(make_user("viewer"))
    address = reverse(name, args=arguments)
    query = MARCH | {"start": "2024-01"}
    assert (
        client.get(address, {"start": "2024-01"} if "cohort" in name else MARCH).status_code == 200
    )
    assert client.get(address, query | {"format": "csv"}).status_code == 403


def test_who_sees_only_their_own_gets_figures_of_their_own(client, company):
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    Customer.objects.filter(pk=company["leaves"].pk).update(owner=csm)
    client.force_login(csm)
    response = client.get(reverse("customers:overview"), MARCH)
    assert tile(response, "lost_customers").text == "1"
    assert tile(response, "customers_end").text == "0"
    address = reverse("customers:movements")
    assert names_in(client.get(address, MARCH)) == {"Leaves <b>ApS</b>"}


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("customers:overview", []),
        ("customers:figures", []),
        ("customers:movements", []),
        ("customers:metric_customers", ["customers_end"]),
        ("customers:cohorts", []),
    ],
)
def test_pages_ask_the_same_for_one_customer_and_for_thirty(client, manager, name, arguments):
    client.force_login(manager)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_subscription(make_customer(owner=manager), starts_on=date(2025, 3, 2))
        stand()
        with CaptureQueriesContext(connection) as queries:
            query = {} if "cohort" in name else MARCH
            assert client.get(reverse(name, args=arguments), query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 25


def test_all_figures_come_as_a_fragment_at_little_cost(browser_of_manager, company):
    address = reverse("customers:figures")
    with CaptureQueriesContext(connection) as queries:
        response = browser_of_manager.get(address, MARCH, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.lstrip().startswith('<section id="figures"')
    assert "<html" not in html
    assert len(queries) <= 8, [query["sql"] for query in queries]


def test_cohorts_show_who_stayed(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:cohorts"))
    (division,) = response.context["divisions"]
    first = division.rows[0]
    assert (first.name, first.size) == ("Jan 2024", "3")
    assert [cell.text for cell in first.cells[13:16]] == ["100%", "67%", "67%"]
    assert first.cells[14].label == "2 of 3"


def test_a_cell_leads_to_who_was_still_there(browser_of_manager, company):
    response = browser_of_manager.get(reverse("customers:cohorts"))
    row = response.context["divisions"][0].rows[0]
    assert names_in(browser_of_manager.get(row.hrefs[13])) == {
        "Stays AS",
        "Grows AB",
        "Leaves <b>ApS</b>",
    }
    assert names_in(browser_of_manager.get(row.hrefs[14])) == {"Stays AS", "Grows AB"}


def test_cohorts_in_money_divided_by_country(browser_of_manager, company):
    query = {"measure": "mrr", "by": "year", "group": "country"}
    response = browser_of_manager.get(reverse("customers:cohorts"), query)
    by_country = {each.label: each.rows[0] for each in response.context["divisions"]}
    assert by_country["SE"].size == "€100"
    assert [cell.text for cell in by_country["SE"].cells[:2]] == ["100%", "150%"]
    assert names_in(browser_of_manager.get(by_country["SE"].hrefs[1])) == {"Grows AB"}


def test_cohorts_without_a_payment_say_what_to_do(browser_of_manager):
    assert "Cohorts need a first payment" in words(
        browser_of_manager.get(reverse("customers:cohorts"))
    )


@pytest.mark.parametrize(
    "query", [{"by": "day"}, {"measure": "hope"}, {"group": "no_such"}, {"colour": "blue"}]
)
def test_cohorts_refuse_nonsense_in_words(browser_of_manager, company, query):
    response = browser_of_manager.get(reverse("customers:cohorts"), query)
    assert response.status_code == 400
    assert "Start again" in words(response)


@pytest.mark.parametrize("query", [{}, {"start": "2024-01", "age": "x"}, {"start": "2024-01-01x"}])
def test_a_cohort_that_is_none_is_refused(browser_of_manager, company, query):
    response = browser_of_manager.get(reverse("customers:cohort_customers"), query)
    assert response.status_code == 400


def test_cohorts_are_exported(browser_of_manager, company):
    rows = rows_of(browser_of_manager.get(reverse("customers:cohorts"), {"format": "csv"}))
    assert rows[0]["cohort"] == "2024-01-01"
    assert (rows[14]["age"], rows[14]["customers"]) == ("14", "2")


def test_a_failed_check_is_red_and_leads_to_its_customers(browser_of_manager, company):
    now = datetime(2025, 4, 1, 3, tzinfo=UTC)
    culprit = company["grows"]
    CheckRun.objects.create(name="identity_customers", ran_at=now, known_at=now, ok=True)
    later = now.replace(hour=4)
    CheckRun.objects.create(
        name="identity_customers",
        ran_at=later,
        known_at=later,
        ok=False,
        details={"months": 3, "broken": [{"customer_id": culprit.pk, "from_terms": 7}]},
    )
    page = browser_of_manager.get(reverse("customers:overview"), MARCH).content.decode()
    assert "1 check failed" in page
    assert reverse("customers:checks") in page
    checks = browser_of_manager.get(reverse("customers:checks")).content.decode()
    assert "does not hold" in checks
    assert "from_terms: 7" in checks
    assert reverse("customers:detail", args=[culprit.pk]) in checks


def test_checks_that_hold_are_said_with_their_time(browser_of_manager, company):
    now = datetime(2025, 4, 1, 3, tzinfo=UTC)
    CheckRun.objects.create(name="identity_customers", ran_at=now, known_at=now, ok=True)
    page = browser_of_manager.get(reverse("customers:overview"), MARCH)
    assert "Checks passed, 1 Apr 2025, 05:00" in words(page)
