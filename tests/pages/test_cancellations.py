"""Departures: recorded in two steps, amended, withdrawn, listed with what they cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.common import formats
from customers.models import Cancellation, Customer, ReasonKind, Subscription, Term
from customers.services.reason_views import state_reason
from tests.factories import (
    make_cancellation,
    make_customer,
    make_flag,
    make_organisation,
    make_plan,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today_here,
)

TODAY = today_here()
LIST = reverse("customers:cancellations")


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


@pytest.fixture
def acme(db: None) -> Customer:
    customer = make_customer("Acme")
    make_subscription(customer, arr=1200, plan="pro")
    make_subscription(customer, arr=600, plan="basic")
    stand(customer)
    return customer


def filled(**changed: str) -> dict[str, str]:
    reason = changed.get("reason", "-") and str(make_reason().pk)
    form = {"effective_on": TODAY.isoformat(), "reason": reason, "comment": "Dear"}
    return form | changed


def test_the_first_step_shows_what_it_means_and_changes_nothing(alices_client, acme):
    response = alices_client.post(address("cancel", acme.pk), filled(step="look"))
    text = response.content.decode()
    assert "Lost each month" in text
    assert "€150.00" in text
    assert "Its open warnings close" in text
    assert 'name="comment" value="Dear"' in text
    assert not Cancellation.objects.exists()


def test_the_second_step_records_it(alices_client, acme, alice):
    make_flag(acme)
    alices_client.post(address("cancel", acme.pk), filled(step="confirm"))
    made = Cancellation.objects.get()
    assert (made.comment, made.recorded_by, str(made.reason_version)) == ("Dear", alice, "Price")
    acme.standing.refresh_from_db()
    assert acme.standing.state == "lost"
    assert acme.flags.get().state == "churned"


def test_recording_it_ahead_closes_the_warnings_as_promised(alices_client, acme, alice):
    Customer.objects.filter(pk=acme.pk).update(owner=alice)
    make_flag(acme)
    stand(acme)
    day = (TODAY + timedelta(days=30)).isoformat()
    form = filled(effective_on=day, reason="")
    assert CLOSES in alices_client.post(address("cancel", acme.pk), form | {"step": "look"}).text
    before = alices_client.get(reverse("customers:today"))
    assert [item.at_risk for drawer in before.context["drawers"] for item in drawer.items] != [None]

    alices_client.post(address("cancel", acme.pk), form | {"step": "confirm"})

    after = alices_client.get(reverse("customers:today"))
    assert [item.at_risk for drawer in after.context["drawers"] for item in drawer.items] == [None]
    assert acme.name not in alices_client.get(reverse("customers:risk")).text
    assert "cancellation recorded" in alices_client.get(address("risk_panel", acme.pk)).text


def test_one_can_go_back_to_the_first_step(alices_client, acme):
    form = filled() | {"step": ["confirm", "back"]}
    text = alices_client.post(address("cancel", acme.pk), form).content.decode()
    assert "See what it means" in text
    assert "Dear</textarea>" in text
    assert not Cancellation.objects.exists()


def test_one_of_two_subscriptions_leaves_a_customer(alices_client, acme):
    pro = acme.subscriptions.get(terms__plan__code="pro")
    form = filled(step="look", subscription=str(pro.pk))
    text = alices_client.post(address("cancel", acme.pk), form).content.decode()
    assert "€100.00" in text
    assert "€50.00" in text
    assert "The customer stays" in text
    alices_client.post(address("cancel", acme.pk), form | {"step": "confirm"})
    assert Term.objects.standing().filter(ends_on=TODAY).count() == 1


LOST, CLOSES = "The customer counts as lost in", "Its open warnings close"


def what_it_means(client, customer: Customer, subscription, effective_on=TODAY) -> str:
    form = {"step": "look", "subscription": subscription.pk, "effective_on": effective_on}
    return client.post(address("cancel", customer.pk), form).content.decode()


def cancel(client, customer: Customer, subscription, effective_on=TODAY) -> Customer:
    form = {"step": "confirm", "subscription": subscription.pk, "effective_on": effective_on}
    client.post(address("cancel", customer.pk), form)
    assert Cancellation.objects.exists()
    customer.standing.refresh_from_db()
    return customer


def beside(**term) -> tuple[Customer, Subscription]:
    """A customer with a subscription that is to end, and another beside it."""
    customer = make_customer("Beside")
    ending = make_subscription(customer, arr=1200)
    make_subscription(customer, **term)
    make_flag(customer)
    stand(customer)
    return customer, ending


def test_a_customer_whose_other_subscription_is_paused_is_not_lost(alices_client):
    customer, ending = beside(kind="paused")
    text = what_it_means(alices_client, customer, ending)
    assert "what is left is paused" in text
    assert LOST not in text
    assert CLOSES not in text
    cancel(alices_client, customer, ending)
    assert (customer.standing.state, customer.flags.get().state) == ("paused", "open")


def test_a_free_subscription_does_not_keep_a_customer(alices_client):
    customer, ending = beside(kind="free")
    text = what_it_means(alices_client, customer, ending)
    assert LOST in text
    assert CLOSES in text
    cancel(alices_client, customer, ending)
    assert (customer.standing.state, customer.flags.get().state) == ("lost", "churned")


def test_a_customer_who_pays_again_later_is_lost_in_between(alices_client):
    customer, ending = beside(starts_on=TODAY + timedelta(days=30))
    text = what_it_means(alices_client, customer, ending)
    assert "lost in between" in text
    assert formats.day(TODAY + timedelta(days=30)) in text
    assert CLOSES in text
    cancel(alices_client, customer, ending)
    assert (customer.standing.state, customer.flags.get().state) == ("lost", "churned")


def test_warnings_stay_open_where_something_is_paid_again_by_today(alices_client):
    customer, ending = beside(starts_on=TODAY - timedelta(days=10))
    past = TODAY - timedelta(days=20)
    text = what_it_means(alices_client, customer, ending, past)
    assert "lost in between" in text
    assert CLOSES not in text
    cancel(alices_client, customer, ending, past)
    assert customer.flags.get().state == "open"


def test_an_end_of_what_was_not_paid_costs_nothing(alices_client):
    customer, _ending = beside(kind="trial")
    trial = customer.subscriptions.get(terms__kind="trial")
    text = what_it_means(alices_client, customer, trial)
    assert "pays what it paid before" in text
    assert CLOSES not in text


def test_a_departure_ahead_says_so(alices_client, acme):
    ahead = (TODAY + timedelta(days=40)).isoformat()
    form = filled(step="look", effective_on=ahead)
    text = alices_client.post(address("cancel", acme.pk), form).content.decode()
    assert "under notice" in text


@pytest.mark.parametrize("step", ["look", "confirm"])
def test_a_form_that_can_not_be_read_is_shown_again(alices_client, acme, step):
    form = filled(step=step, effective_on="soon")
    response = alices_client.post(address("cancel", acme.pk), form)
    assert response.status_code == 422
    assert "Dear</textarea>" in response.content.decode()


TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("step", ["look", "confirm"])
@pytest.mark.parametrize(
    "day, value, says",
    [
        ("effective_on", "2001-01-01", "nothing can end there"),
        ("effective_on", "0001-01-01", "out of reach"),
        ("requested_on", TOMORROW, "in the future"),
    ],
)
def test_a_day_that_can_not_be_is_said_at_its_field_on_the_first_step(
    alices_client, acme, step, day, value, says
):
    response = alices_client.post(address("cancel", acme.pk), filled(step=step) | {day: value})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [day]
    assert says in errors[day][0]
    text = response.content.decode()
    assert "See what it means" in text
    assert "Dear</textarea>" in text
    assert not Cancellation.objects.exists()


def test_what_is_cancelled_already_is_said_on_the_first_step(alices_client, acme):
    alices_client.post(address("cancel", acme.pk), filled(step="confirm"))
    form = filled(step="look", reason="")
    response = alices_client.post(address("cancel", acme.pk), form)
    assert "recorded already" in response.context["form"].errors["effective_on"][0]


def test_amending_says_a_wrong_day_at_its_field(alices_client, acme):
    alices_client.post(address("cancel", acme.pk), filled(step="confirm"))
    made = Cancellation.objects.get()
    form = {"effective_on": TODAY.isoformat(), "requested_on": TOMORROW}
    response = alices_client.post(address("amend_cancellation", made.pk), form)
    assert list(response.context["form"].errors) == ["requested_on"]


def test_undo_lets_everything_run_on(alices_client, acme):
    response = alices_client.post(address("cancel", acme.pk), filled(step="confirm"), follow=True)
    undo = address("withdraw_cancellation", Cancellation.objects.get().pk)
    assert undo in response.content.decode()
    alices_client.post(undo)
    acme.standing.refresh_from_db()
    assert acme.standing.state == "active"
    assert "taken back" in alices_client.get(address("detail", acme.pk)).content.decode()


def test_a_cancellation_is_amended_from_what_it_says(alices_client, acme):
    alices_client.post(address("cancel", acme.pk), filled(step="confirm"))
    made = Cancellation.objects.get()
    page = alices_client.get(address("amend_cancellation", made.pk)).content.decode()
    assert "Dear</textarea>" in page
    later = (TODAY + timedelta(days=9)).isoformat()
    form = {"effective_on": later, "reason": str(made.reason_id), "competitor": "Rival"}
    alices_client.post(address("amend_cancellation", made.pk), form)
    made.refresh_from_db()
    assert (made.competitor, made.effective_on.isoformat()) == ("Rival", later)


def test_what_a_survey_told_meanwhile_is_not_overwritten(alices_client, acme):
    alices_client.post(
        address("cancel", acme.pk), {"effective_on": TODAY.isoformat(), "step": "confirm"}
    )
    made = Cancellation.objects.get()
    page = alices_client.get(address("amend_cancellation", made.pk)).content.decode()
    assert 'name="initial-reason"' in page
    state_reason(made, ReasonKind.STATED, make_reason("price"), by=None, source="response:1")
    form = {
        "effective_on": TODAY.isoformat(),
        "comment": "Called",
        "reason": "",
        "initial-reason": "",
    }
    alices_client.post(address("amend_cancellation", made.pk), form)
    made.refresh_from_db()
    assert (made.comment, made.reason.key) == ("Called", "price")


@pytest.fixture
def departed(db: None, alice) -> None:
    """Two who left over price, one involuntarily, and one whose subscription runs on."""
    for name, arr, fields in (
        ("Dear One", 1200, {"reason": make_reason("price"), "comment": "Too dear"}),
        ("Dear Two", 2400, {}),
        ("Broke", 3600, {"reason": make_reason("payment-failed"), "involuntary": True}),
    ):
        customer = make_customer(name, owner=alice if name == "Broke" else None)
        plan = "basic" if name == "Broke" else "pro"
        make_subscription(customer, arr=arr, plan=plan, ends_on=TODAY - timedelta(days=5))
        make_cancellation(customer, effective_on=TODAY - timedelta(days=5), **fields)
    stays = make_customer("Stays")
    make_subscription(stays)
    make_cancellation(stays, effective_on=TODAY - timedelta(days=200))
    gone = make_customer("Long gone")
    make_cancellation(gone, effective_on=date(2001, 1, 1))
    stand()


@pytest.mark.parametrize(
    "query, found",
    [
        ("", {"Dear One", "Dear Two", "Broke", "Stays"}),
        ("?period=quarter", {"Dear One", "Dear Two", "Broke"}),
        ("?period=ahead", set()),
        ("?period=all", {"Dear One", "Dear Two", "Broke", "Stays", "Long gone"}),
        ("?from=2001-01-01&to=2001-12-31", {"Long gone"}),
        ("?reason=price", {"Dear One"}),
        ("?reason=none", {"Dear Two", "Stays"}),
        ("?plan=basic", {"Broke"}),
        ("?owner=me", {"Broke"}),
        ("?kind=involuntary", {"Broke"}),
        ("?kind=voluntary&period=quarter", {"Dear One", "Dear Two"}),
        ("?period=nonsense&from=soon", {"Dear One", "Dear Two", "Broke", "Stays"}),
    ],
)
def test_departures_are_filtered(alices_client, departed, query, found):
    page = alices_client.get(LIST + query).context["departures"].page
    assert {row.customer.name for row in page.rows} == found


def test_what_was_lost_is_asked_of_the_terms(alices_client, departed):
    departures = alices_client.get(LIST).context["departures"]
    lost = {row.customer.name: row.lost_arr_minor for row in departures.page.rows}
    assert lost == {"Dear One": 120_000, "Dear Two": 240_000, "Broke": 360_000, "Stays": 0}
    assert departures.totals.lost_minor == 720_000
    assert departures.totals.involuntary_share == 0.25


def test_reasons_are_ranked_by_departures_and_by_money(alices_client, departed):
    context = alices_client.get(LIST).context
    by_count = [(bar.label, bar.count) for bar in context["by_count"]]
    assert by_count[0] == ("Not known", 2)
    assert set(by_count[1:]) == {("Price", 1), ("Payment failed", 1)}
    by_money = [(bar.label, bar.lost_minor) for bar in context["by_money"]]
    assert by_money == [("Payment failed", 360_000), ("Not known", 240_000), ("Price", 120_000)]


def test_what_a_departure_lost_follows_a_correction(alices_client, acme):
    alices_client.post(address("cancel", acme.pk), filled(step="confirm"))
    made = Cancellation.objects.with_lost_arr().get()
    assert made.lost_arr_minor == 180_000
    Term.objects.standing().filter(plan=make_plan("basic")).update(superseded_at=timezone.now())
    assert Cancellation.objects.with_lost_arr().get().lost_arr_minor == 120_000


def test_what_two_cancellations_of_a_day_speak_of_is_counted_once(alices_client):
    acme = make_customer("Acme")
    first, _second = (make_subscription(acme, arr=arr, ends_on=TODAY) for arr in (1200, 600))
    whole = make_cancellation(acme, effective_on=TODAY)
    part = make_cancellation(acme, effective_on=TODAY, subscription=first)
    twice = [make_cancellation(acme, effective_on=TODAY, subscription=first)]
    twice.append(make_cancellation(acme, effective_on=TODAY))
    twice.append(make_cancellation(acme, effective_on=TODAY - timedelta(days=1)))
    departures = alices_client.get(LIST).context["departures"]
    lost = {row.pk: row.lost_arr_minor for row in departures.page.rows}
    assert lost == {whole.pk: 60_000, part.pk: 120_000} | dict.fromkeys([c.pk for c in twice], 0)
    assert departures.totals.lost_minor == 180_000
    part.withdrawn_at = timezone.now()
    part.save()
    assert alices_client.get(LIST).context["departures"].totals.lost_minor == 180_000


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same(alices_client, alice, count):
    reason = make_reason()
    for _ in range(count):
        customer = make_customer(owner=alice)
        subscription = make_subscription(customer, ends_on=TODAY)
        make_cancellation(customer, effective_on=TODAY, reason=reason, subscription=subscription)
    stand()
    for headers, queries in (({}, 12), ({"HX-Request": "true"}, 8)):
        with CaptureQueriesContext(connection) as asked:
            alices_client.get(LIST, headers=headers)
        assert len(asked) == queries


def test_an_empty_list_tells_apart_nothing_recorded_and_nothing_found(alices_client):
    assert "No cancellation is recorded" in alices_client.get(LIST).content.decode()
    make_cancellation(effective_on=date(2001, 1, 1))
    assert "Nobody left" in alices_client.get(LIST).content.decode()


def test_departures_of_others_stay_unseen(client, departed):
    make_organisation(csm_sees_own_only=True)
    client.force_login(make_user("csm"))
    assert client.get(LIST + "?period=all").context["departures"].totals.count == 0
    foreign = Cancellation.objects.latest("pk")
    assert client.post(address("withdraw_cancellation", foreign.pk)).status_code == 404
