"""Prices in dialogs: what is filled in, what counts as changed, and what is asked for."""

from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Term
from tests.factories import make_customer, make_plan, make_subscription, make_term, today_here

TODAY = today_here()


class Fields(HTMLParser):
    """What a browser would send of a page's dialog, left as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "input" and "name" in given:
            self.values[given["name"]] = given.get("value") or ""
        elif tag == "select":
            self.within = given.get("name", "")
        elif tag == "option" and ("selected" in given or self.within not in self.values):
            self.values[self.within] = given.get("value") or ""


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


def shown(client: Client, path: str) -> dict[str, str]:
    fields = Fields()
    fields.feed(client.get(path, headers={"HX-Request": "true"}).content.decode())
    return fields.values


@pytest.fixture
def acme(db: None) -> Customer:
    return make_customer("Acme", currency="EUR")


@pytest.fixture
def change(acme: Customer) -> str:
    """The dialog of a subscription to three units for 1,000 euros a year."""
    subscription = make_subscription(acme, arr=1000, quantity=3)
    return address("change_subscription", subscription.pk)


def believed() -> Term:
    return Term.objects.standing().latest("starts_on")


def errors_of(client: Client, path: str, form: dict[str, str]) -> dict[str, list[str]]:
    response = client.post(path, form)
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def test_the_price_of_one_unit_a_year_is_filled_in(alices_client, change):
    form = shown(alices_client, change)
    price = {name: form[name] for name in ("amount", "currency", "interval", "quantity")}
    assert price == {
        "amount": "333.3333333",
        "currency": "EUR",
        "interval": "year",
        "quantity": "3",
    }
    page = alices_client.get(change).content.decode()
    assert "Price of one unit" in page
    assert "filled in as agreed, for a year." in page
    assert 'That is <strong class="num">€1,000.00</strong> a year' in page
    assert "≈ 3 × €333.3333333" in page


def test_an_amount_that_could_mean_two_things_is_asked_again(alices_client, change):
    form = shown(alices_client, change)
    says = ["“1,234” can be read in two ways. Write 1234 or 1.234."]
    assert errors_of(alices_client, change, form | {"amount": "1,234"}) == {"amount": says}
    says = ["“much” is no number. Write it like 2300.50."]
    assert errors_of(alices_client, change, form | {"amount": "much"}) == {"amount": says}
    spaced = form | {"amount": "2 300,50", "quantity": "1"}
    assert alices_client.post(change, spaced).status_code == 302
    assert believed().arr_native_minor == 230_050


def test_left_as_it_is_nothing_changes(alices_client, change):
    form = shown(alices_client, change)
    assert "already" in errors_of(alices_client, change, form)["__all__"][0]
    assert Term.objects.count() == 1


def test_with_no_part_of_the_price_changed_only_the_plan_does(alices_client, change):
    form = shown(alices_client, change) | {"plan": str(make_plan("basic").pk)}
    Term.objects.update(arr_native_minor=120_000, arr_minor=120_000)  # meanwhile, by somebody else
    assert alices_client.post(change, form).status_code == 302
    assert (believed().plan.code, believed().arr_minor) == ("basic", 120_000)


@pytest.mark.parametrize(
    "changed, year",
    [
        ({"quantity": "3000"}, 100_000_000),
        ({"interval": "month"}, 1_200_000),
        ({"amount": "400"}, 120_000),
        ({"amount": "10", "interval": "week", "quantity": "2"}, 104_000),
    ],
)
def test_any_part_that_is_changed_counts(alices_client, change, changed, year):
    form = shown(alices_client, change) | changed
    assert alices_client.post(change, form).status_code == 302
    assert believed().arr_native_minor == year
    assert believed().quantity == Decimal(form["quantity"])


@pytest.mark.parametrize(
    "changed", [{"quantity": "6"}, {"interval": "month"}, {"currency": "NOK"}, {}]
)
def test_an_emptied_amount_is_asked_for_and_nothing_is_dropped(alices_client, change, changed):
    form = shown(alices_client, change) | changed | {"amount": ""}
    assert errors_of(alices_client, change, form) == {"amount": ["Enter the price of one unit."]}
    assert Term.objects.count() == 1


def test_what_was_seen_survives_an_error(alices_client, change):
    form = shown(alices_client, change) | {"amount": "", "quantity": "6"}
    again = Fields()
    again.feed(alices_client.post(change, form).content.decode())
    assert (again.values["quantity"], again.values["initial-quantity"]) == ("6", "3")
    assert again.values["initial-amount"] == "333.3333333"


def test_a_trial_changes_its_plan_without_a_price(alices_client, acme):
    trial = make_subscription(acme, kind="trial")
    path = address("change_subscription", trial.pk)
    form = shown(alices_client, path)
    assert form["amount"] == ""
    alices_client.post(path, form | {"plan": str(make_plan("basic").pk)})
    assert (believed().kind, believed().plan.code) == ("trial", "basic")
    assert "amount" in errors_of(alices_client, path, form | {"quantity": "5"})
    alices_client.post(path, form | {"amount": "20", "interval": "month", "quantity": "5"})
    assert (believed().kind, believed().arr_minor) == ("paid", 120_000)


def test_amounts_are_filled_in_as_the_language_writes_them(alices_client, change):
    alices_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    form = shown(alices_client, change)
    assert (form["amount"], form["initial-amount"]) == ("333,3333333", "333,3333333")
    assert "__all__" in errors_of(alices_client, change, form)


def test_the_dialog_begins_with_the_term_that_runs_today(alices_client, acme):
    subscription = make_subscription(acme, arr=600, ends_on=TODAY + timedelta(days=9))
    make_term(subscription, arr=9000, starts_on=TODAY + timedelta(days=9))
    path = address("change_subscription", subscription.pk)
    assert shown(alices_client, path)["amount"] == "600.00"
    assert "Now: Pro, €600.00 a year." in alices_client.get(path).content.decode()


def test_what_is_ahead_changes_from_its_first_day(alices_client, acme):
    first = TODAY + timedelta(days=9)
    path = address("change_subscription", make_subscription(acme, starts_on=first).pk)
    assert shown(alices_client, path)["on"] == first.isoformat()
    assert "From " in alices_client.get(path).context["dialog"].intro


def test_after_a_change_the_page_says_what_it_comes_to(alices_client, change):
    form = shown(alices_client, change) | {"quantity": "6"}
    page = alices_client.post(change, form, follow=True).content.decode()
    assert ": €2,000.00 a year." in page


@pytest.fixture
def start(acme: Customer) -> str:
    make_plan("basic")
    return address("start_subscription", acme.pk)


def test_a_paid_start_asks_for_its_price_at_the_field(alices_client, start):
    form = shown(alices_client, start) | {"plan": str(make_plan("basic").pk)}
    assert (form["kind"], form["amount"]) == ("paid", "")
    assert errors_of(alices_client, start, form) == {"amount": ["Enter the price of one unit."]}


@pytest.mark.parametrize("kind", ["trial", "free"])
@pytest.mark.parametrize("amount", ["", "50", "-1", "fifty"])
def test_a_start_without_payment_ignores_the_price(alices_client, start, kind, amount):
    form = {"plan": str(make_plan("basic").pk), "kind": kind, "amount": amount}
    assert alices_client.post(start, shown(alices_client, start) | form).status_code == 302
    assert (believed().kind, believed().arr_minor) == (kind, 0)


def test_a_start_at_no_price_is_said_so(alices_client, start):
    form = {"plan": str(make_plan("basic").pk), "amount": "0"}
    assert alices_client.post(start, shown(alices_client, start) | form).status_code == 302
    assert (believed().kind, believed().arr_minor) == ("paid", 0)


def test_a_correction_left_as_it_is_corrects_nothing(alices_client, change):
    path = address("correct_term", believed().pk)
    form = shown(alices_client, path)
    assert form["amount"] == "333.3333333"
    assert "__all__" in errors_of(alices_client, path, form)
    assert "amount" in errors_of(alices_client, path, form | {"amount": "", "quantity": "4"})
    alices_client.post(path, form | {"quantity": "6"})
    assert (believed().quantity, believed().arr_minor) == (6, 200_000)


def test_a_paid_term_is_corrected_to_a_trial_of_more_units(alices_client, change):
    path = address("correct_term", believed().pk)
    form = shown(alices_client, path) | {"kind": "trial", "amount": "", "quantity": "4"}
    assert alices_client.post(path, form).status_code == 302
    assert (believed().kind, believed().quantity, believed().arr_minor) == ("trial", 4, 0)


def year_for(client: Client, **given: str) -> str:
    price = {"amount": "50", "interval": "month", "currency": "EUR", "quantity": "2"} | given
    return client.get(reverse("customers:price_a_year"), price).content.decode()


def test_what_is_typed_is_told_by_the_year(alices_client):
    assert "€1,200.00" in year_for(alices_client)
    assert "= 2 × €50.00 × 12" in year_for(alices_client)
    assert "≈ 3 × €33.3333" in year_for(
        alices_client, amount="33.3333", interval="year", quantity="3"
    )
    one = year_for(alices_client, interval="year", quantity="1")
    assert "€50.00" in one
    assert "×" not in one


@pytest.mark.parametrize(
    "given",
    [
        {"amount": ""},
        {"amount": "-1"},
        {"amount": "1e999999999"},
        {"amount": "1e-999999999"},
        {"amount": "NaN"},
        {"quantity": "0"},
        {"quantity": "1e99"},
        {"currency": "XXY"},
        {"interval": "blue moon"},
    ],
)
def test_what_is_no_price_comes_to_nothing(alices_client, given):
    assert "Enter a price" in year_for(alices_client, **given)


def test_more_decimals_than_are_kept_are_refused(alices_client, change):
    form = shown(alices_client, change) | {"quantity": "1.00001"}
    assert "quantity" in errors_of(alices_client, change, form)
