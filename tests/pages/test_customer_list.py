"""The customer list: found, ordered, paged, kept as views, and as cheap for 30 as for one."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from churnapp.models import User
from customers.models import Customer, SavedView
from customers.tables import DEFAULT_COLUMNS
from tests.factories import (
    make_contact,
    make_customer,
    make_flag,
    make_organisation,
    make_subscription,
    make_user,
    stand,
)

PAGE = reverse("customers:list")


DEFAULTS = "".join(f"&columns={name}" for name in DEFAULT_COLUMNS)


def names(client: Client, query: str = "") -> list[str]:
    """The customers that the list shows for a query string, in order."""
    response = client.get(PAGE + query)
    return [row.name for row in response.context["listing"].page.rows]


@pytest.fixture
def three(db: None, alice: User) -> list[Customer]:
    """Customers of different worth, plan, country and state; Alice owns the first."""
    acme = make_customer("Acme Shipping", owner=alice, attributes={"industry": "shipping"})
    beta = make_customer("Beta Bakery", country="SE", organisation_number="556000123")
    gamma = make_customer("Gamma Games", external_id="G-77", attributes={"seats": 40})
    make_subscription(acme, arr=2400, plan="pro")
    make_subscription(beta, arr=1200, plan="basic")
    make_subscription(gamma, arr=600, ends_on=datetime(2024, 6, 1, tzinfo=UTC).date())
    stand(acme, beta, gamma)
    return [acme, beta, gamma]


@pytest.mark.parametrize(
    "query, found",
    [
        ("", ["Acme Shipping", "Beta Bakery", "Gamma Games"]),
        ("?q=bake", ["Beta Bakery"]),
        ("?q=556000", ["Beta Bakery"]),
        ("?q=G-7", ["Gamma Games"]),
        ("?q=shipping acme", ["Acme Shipping"]),
        ("?q=acme bakery", []),
        ("?q=be", ["Beta Bakery"]),
        ("?q=ka", []),
        ("?q=nobody", []),
        ("?state=active", ["Acme Shipping", "Beta Bakery"]),
        ("?state=active&state=lost", ["Acme Shipping", "Beta Bakery", "Gamma Games"]),
        ("?plan=pro&state=active", ["Acme Shipping"]),
        ("?country=SE", ["Beta Bakery"]),
        ("?owner=me", ["Acme Shipping"]),
        ("?owner=none", ["Beta Bakery", "Gamma Games"]),
        ("?owner=alice@example.com", ["Acme Shipping"]),
        ("?industry=shipping", ["Acme Shipping"]),
        ("?seats=40", ["Gamma Games"]),
        ("?attribute.seats=40", ["Gamma Games"]),
        ("?mrr_from=150", ["Acme Shipping"]),
        ("?lost_from=2024-05-01&lost_to=2024-07-01", ["Gamma Games"]),
        ("?sort=mrr", ["Gamma Games", "Beta Bakery", "Acme Shipping"]),
        ("?sort=-name", ["Gamma Games", "Beta Bakery", "Acme Shipping"]),
        ("?sort=nonsense&page=nonsense&columns=", ["Acme Shipping", "Beta Bakery", "Gamma Games"]),
    ],
)
def test_the_address_chooses_and_orders(alices_client, three, query, found):
    assert names(alices_client, query) == found


@pytest.mark.parametrize(
    "query", ["?contact=Kari Nordmann", "?contact=nordmann kari", "?contact=n@acme", "?q=KARI.N@"]
)
def test_a_customer_is_found_by_who_works_there(alices_client, three, query):
    make_contact(three[0], name="Kari Nordmann", email="kari.n@acme.example")
    make_contact(three[1], name="Ola Nordmann", email="ola@beta.example")
    assert names(alices_client, query) == ["Acme Shipping"]


def test_an_id_with_an_at_sign_is_found(alices_client, three):
    stand(make_customer("Delta", external_id="ola@delta.example"))
    make_contact(three[1], name="Ola Nordmann", email="ola@beta.example")
    assert set(names(alices_client, "?q=ola@")) == {"Delta", "Beta Bakery"}


def test_where_no_customer_is_called_so_a_contact_may_be(alices_client, three):
    make_contact(three[0], name="Kari Nordmann")
    page = alices_client.get(PAGE + "?q=kari&state=active").content.decode()
    assert "/customers/?state=active&amp;contact=kari" in page


def test_a_filter_that_can_not_be_read_is_said_and_finds_nobody(alices_client, three):
    response = alices_client.get(PAGE + "?signed_up_from=yesterday")
    assert not response.context["listing"].page.rows
    assert "Signed up from: Enter a valid date." in response.content.decode()


def test_htmx_gets_the_table_alone_and_a_clean_address(alices_client, three):
    response = alices_client.get(
        PAGE + "?q=&state=active&country=&sort=-mrr" + DEFAULTS, headers={"HX-Request": "true"}
    )
    assert response["HX-Push-Url"] == PAGE + "?state=active"
    assert "HX-Request" in response["Vary"]
    assert b"<html" not in response.content
    assert b'id="customer-table"' in response.content


def test_letters_of_a_search_are_no_steps_to_go_back_to(alices_client, three):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?q=ba"}
    response = alices_client.get(PAGE + "?q=bak", headers=headers)
    assert response["HX-Replace-Url"] == PAGE + "?q=bak"
    assert "HX-Push-Url" not in response


def test_asking_the_same_again_is_no_step(alices_client, three):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/?q=bak"}
    response = alices_client.get(PAGE + "?q=bak&risk=", headers=headers)
    assert not {"HX-Push-Url", "HX-Replace-Url"} & set(response.headers)


def test_going_back_with_htmx_gives_the_whole_page(alices_client, three):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in alices_client.get(PAGE, headers=headers).content


def test_an_attribute_called_like_a_filter_is_offered_and_named(alices_client):
    for state in ("Bavaria", "Hesse"):
        stand(make_customer(f"From {state}", attributes={"state": state}))
    page = alices_client.get(PAGE, {"attribute.state": "Bavaria"})
    text = page.content.decode()
    assert [row.name for row in page.context["listing"].page.rows] == ["From Bavaria"]
    assert 'name="attribute.state" value="Hesse"' in " ".join(text.split())
    assert [chip.label for chip in page.context["chips"]] == ["state"]


def test_chosen_columns_show_also_an_attribute(alices_client, three):
    text = alices_client.get(PAGE + "?columns=customer_id&columns=industry").content.decode()
    assert "shipping" in text
    assert "Paying since" in text  # still offered
    assert ">G-77<" in text


def test_a_long_list_is_paged_and_counted_up_to_a_cap(alices_client, monkeypatch):
    make_customers(60)
    monkeypatch.setattr("customers.views.listing.COUNTED_AT_ONCE", -1)
    first = alices_client.get(PAGE).context["listing"]
    second = alices_client.get(PAGE + "?page=2").context["listing"]
    assert first.count.is_more
    assert [len(first.page.rows), len(second.page.rows)] == [50, 10]
    assert not {row.pk for row in first.page.rows} & {row.pk for row in second.page.rows}
    counted = alices_client.get(reverse("customers:count")).content.decode()
    assert "60 customers" in counted


@pytest.mark.parametrize("order", ["name", "-mrr", "-risk", "next_end", "last_used", "-signed_up"])
def test_an_order_is_the_same_with_and_without_filters(alices_client, three, order):
    make_flag(three[1])
    stand()
    filtered = names(alices_client, f"?sort={order}&country=NO&country=SE")
    assert len(filtered) == 3
    assert names(alices_client, f"?sort={order}") == filtered


def test_a_short_list_is_counted_at_once(alices_client):
    make_customers(60)
    assert "60 customers" in alices_client.get(PAGE).content.decode()


def make_customers(count: int) -> None:
    Customer.objects.bulk_create(
        Customer(external_id=f"many-{number}", name=f"Many {number}") for number in range(count)
    )
    stand()


@pytest.mark.parametrize("customers", [1, 30])
@pytest.mark.parametrize("headers, queries", [({}, 11), ({"HX-Request": "true"}, 5)])
def test_the_list_costs_the_same(alices_client, alice, headers, queries, customers):
    for _ in range(customers):
        customer = make_customer(owner=alice)
        make_subscription(customer)
        make_flag(customer)
    stand()
    with CaptureQueriesContext(connection) as asked:
        alices_client.get(PAGE, headers=headers)
    assert len(asked) == queries


def test_a_colleague_limited_to_their_own_sees_only_those(client, three):
    make_organisation(csm_sees_own_only=True)
    own = make_user("csm", email="own@example.com")
    three[1].owner = own
    three[1].save()
    client.force_login(own)
    assert names(client) == ["Beta Bakery"]
    assert client.get(reverse("customers:detail", args=[three[0].pk])).status_code == 404


def test_who_only_reads_sees_no_way_to_change(client, charlie, three):
    client.force_login(charlie)
    text = client.get(PAGE).content.decode()
    assert "Add a customer" not in text
    assert "Export" not in text
    assert "Change owner" not in text


def test_an_empty_list_says_what_to_do_next(alices_client):
    text = alices_client.get(PAGE).content.decode()
    assert "No customers yet" in text
    assert "as CSV files" in text
    assert "No customer fits" in alices_client.get(PAGE + "?q=x").content.decode()


def test_a_view_is_saved_shared_replaced_and_deleted(client, alice, bob):
    client.force_login(alice)
    save = reverse("customers:save_view")
    client.post(save, {"name": "Lost in Norway", "query": "state=lost&country=NO"})
    client.post(save, {"name": "Lost in Norway", "query": "country=NO", "shared": "1"})
    view = SavedView.objects.get()
    assert (view.query, view.shared, view.owner) == ("country=NO", True, alice)

    client.force_login(bob)
    assert "Lost in Norway" in client.get(PAGE).content.decode()
    assert client.post(reverse("customers:delete_view", args=[view.pk])).status_code == 404

    client.force_login(alice)
    client.post(reverse("customers:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(alices_client):
    response = alices_client.post(reverse("customers:save_view"), {"name": ""}, follow=True)
    assert "Give the view a name" in response.content.decode()
