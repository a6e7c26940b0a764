"""What the dialog of a cancellation tells before anything is recorded."""

from datetime import timedelta

from django.urls import reverse

from churnapp.common import formats
from customers.models import Customer
from tests.factories import make_customer, make_reason, make_subscription, today_here

TODAY = today_here()


def cancelling(customer: Customer) -> str:
    return reverse("customers:cancel", args=[customer.pk])


def test_the_dialog_tells_plans_with_prices_and_what_binds_them(alices_client):
    customer = make_customer("Bound")
    days = {"notice_by": TODAY + timedelta(days=5), "contract_ends_on": TODAY + timedelta(days=60)}
    make_subscription(customer, arr=1200, plan="pro", **days)
    make_subscription(customer, arr=600, plan="basic", ends_on=TODAY + timedelta(days=9))
    page = alices_client.get(cancelling(customer)).text
    assert ">Pro, €100.00 a month</option>" in page
    assert f">Basic, €50.00 a month, ends on {formats.day(TODAY + timedelta(days=9))}<" in page
    assert customer.subscriptions.first().external_id not in page
    assert f"Notice is possible until {formats.day(days['notice_by'])}." in page
    assert f"The contract ends on {formats.day(days['contract_ends_on'])}." in page


def test_subscriptions_that_read_the_same_are_told_apart_by_their_ids(alices_client):
    customer = make_customer("Twice")
    twins = [make_subscription(customer, arr=1200, plan="pro") for _number in range(2)]
    page = alices_client.get(cancelling(customer)).text
    assert all(f"a month · {twin.external_id}</option>" in page for twin in twins)


def test_the_second_step_repeats_both_views(alices_client):
    customer = make_customer("Acme")
    make_subscription(customer)
    said, seen = make_reason("said"), make_reason("seen")
    form = {"step": "look", "effective_on": TODAY, "reason": said.pk, "csm_reason": seen.pk}
    text = alices_client.post(cancelling(customer), form).text
    assert "What the customer says: Said." in text
    assert "Your own view: Seen." in text
