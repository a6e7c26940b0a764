"""A customer's page: what it tells, what it costs, and what everybody may do there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.common import formats
from customers.models import Customer
from tests.factories import (
    SINCE,
    make_cancellation,
    make_contact,
    make_customer,
    make_flag,
    make_import,
    make_interaction,
    make_payment,
    make_reason,
    make_rule,
    make_subscription,
    make_task,
    make_term,
    make_usage,
    stand,
    today_here,
)

TODAY = today_here()
HTMX = {"HX-Request": "true"}


def page_of(customer: Customer) -> str:
    return reverse("customers:detail", args=[customer.pk])


def rich_customer(count: int) -> Customer:
    """A customer with `count` of everything."""
    customer = make_customer("Acme", attributes={"industry": "shipping"})
    for number in range(count):
        make_subscription(customer, contract_ends_on=TODAY + timedelta(days=number + 1))
        make_contact(customer)
        make_task(customer)
        make_interaction(customer, contact=make_contact(customer))
        make_usage(customer, TODAY - timedelta(days=number), feature=f"f{number % 8}")
        make_flag(customer, subject=str(number), rule=make_rule(f"rule-{number % 5}"))
        make_payment(customer, status="failed", due_on=TODAY - timedelta(days=number))
        day = TODAY + timedelta(days=number)
        make_cancellation(customer, effective_on=day, source=make_import())
    stand(customer)
    return customer


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same(alices_client, count):
    customer = rich_customer(count)
    with CaptureQueriesContext(connection) as asked:
        assert alices_client.get(page_of(customer)).status_code == 200
    assert len(asked) == 18
    with CaptureQueriesContext(connection) as asked:
        alices_client.get(reverse("customers:timeline", args=[customer.pk]), headers=HTMX)
    assert len(asked) == 7


def test_the_page_tells_the_whole_story(alices_client, alice):
    customer = make_customer("Acme", owner=alice, attributes={"industry": "shipping"})
    make_subscription(customer, arr=1200, contract_ends_on=date(2030, 5, 1))
    make_contact(customer, name="Siri Lund", role="champion")
    make_task(customer, what="Call Siri")
    make_interaction(customer, kind="ticket", summary="It hangs", status="open", complaint=True)
    make_usage(customer, TODAY, feature="reports")
    stand(customer)
    text = alices_client.get(page_of(customer)).content.decode()
    for told in ("€100.00", "Pro", "1 May 2030", "Siri Lund", "champion", "Call Siri", "It hangs",
                 "complaint", "Reports", "industry", "shipping", "MRR over time"):  # fmt: skip
        assert told in text


def test_a_customer_without_anything_has_a_page(alices_client):
    text = alices_client.get(page_of(make_customer("Nobody & <b>Sons</b>"))).content.decode()
    assert "Nobody &amp; &lt;b&gt;Sons" in text
    for told in ("No subscription yet", "No use is recorded", "Nothing to do", "never paid"):
        assert told in text


def test_who_only_reads_gets_no_way_to_change(client, charlie):
    customer = rich_customer(2)
    client.force_login(charlie)
    text = client.get(page_of(customer)).content.decode()
    for act in ("Record a cancellation", "Start", "Add", "Correct", "Withdraw", "Done:"):
        assert f">{act}<" not in text
    assert 'method="post"' not in text.split('<main id="main"')[1].split("</main>")[0]


def test_the_chart_shows_each_step_of_revenue(alices_client):
    customer = make_customer()
    subscription = make_subscription(
        customer, arr=1200, starts_on=date(2024, 1, 1), ends_on=date(2024, 7, 1)
    )
    make_term(subscription, arr=2400, starts_on=date(2024, 7, 1))
    columns = alices_client.get(page_of(customer)).context["revenue"].columns
    assert [column.readings[0].text for column in columns] == ["€100", "€200"]


def test_an_end_today_shows_in_the_chart_and_leaves_nothing_to_cancel(alices_client):
    customer = make_customer()
    make_subscription(customer, arr=1200, starts_on=date(2024, 1, 1), ends_on=TODAY)
    response = alices_client.get(page_of(customer))
    assert [c.readings[0].text for c in response.context["revenue"].columns] == ["€100", "€0"]
    assert "Record a cancellation" not in response.content.decode()


def test_what_is_known_ahead_is_dashed(alices_client):
    customer = make_customer()
    make_subscription(customer, arr=1200, ends_on=TODAY + timedelta(days=20))
    chart = alices_client.get(page_of(customer)).context["revenue"]
    assert [path.dashed for path in chart.paths] == [False, True]
    assert [column.readings[0].text for column in chart.columns] == ["€100", "€0"]


def test_history_shows_what_was_believed_before(alices_client):
    customer = make_customer()
    subscription = make_subscription(customer, arr=1200, superseded_at=timezone.now())
    make_term(subscription, arr=2400, recorded_at=timezone.now())
    address = reverse("customers:term_history", args=[subscription.pk])
    text = alices_client.get(address).content.decode()
    assert "€100.00" in text
    assert "€200.00" in text
    assert "believed now" in text
    assert (
        "€100.00" not in alices_client.get(page_of(customer)).content.decode().split("<dialog")[0]
    )


def test_a_contract_that_ran_out_is_undecided_and_no_end(alices_client):
    customer = make_customer()
    make_subscription(customer, contract_ends_on=TODAY - timedelta(days=3))
    assert "expired, undecided" in alices_client.get(page_of(customer)).content.decode()


def test_imported_changes_of_revenue_stand_on_the_timeline(alices_client):
    customer = make_customer()
    source = make_import("subscriptions")
    make_subscription(
        customer, arr=1200, starts_on=date(2024, 1, 1), ends_on=date(2024, 7, 1), source=source
    )
    reason = make_reason("price")
    make_cancellation(
        customer, effective_on=date(2024, 7, 1), comment="Too dear", reason=reason, source=source
    )
    text = alices_client.get(page_of(customer)).content.decode()
    assert "Started paying: €100.00 a month." in text
    assert "Stopped paying: €100.00 a month." in text
    assert "Too dear" in text


@pytest.mark.parametrize(
    "kind, shown",
    [
        ("", {"a note", "a call", "a ticket", "a complaint", "Task: Call", "Warning"}),
        ("note", {"a note"}),
        ("talk", {"a call"}),
        ("ticket", {"a ticket", "a complaint"}),
        ("complaint", {"a complaint"}),
        ("risk", {"Warning"}),
        ("event", {"Task: Call"}),
        ("nonsense", set()),
    ],
)
def test_the_timeline_can_be_narrowed(alices_client, kind, shown):
    customer = make_customer()
    make_interaction(customer, kind="note", summary="a note")
    make_interaction(customer, kind="call", summary="a call")
    make_interaction(customer, kind="ticket", summary="a ticket", status="closed")
    make_interaction(customer, kind="ticket", summary="a complaint", complaint=True)
    make_interaction(customer, kind="event", verb="task_added", facts={"what": "Call"}, summary="")
    make_flag(customer)
    address = reverse("customers:timeline", args=[customer.pk])
    text = alices_client.get(f"{address}?kind={kind}").content.decode()
    every = {"a note", "a call", "a ticket", "a complaint", "Task: Call", "Warning"}
    assert {words for words in every if words in text.split("<main")[1]} >= shown
    assert not {w for w in every - shown if f">{w}" in text.split("timeline-filters")[1]} - {
        "Warning"
    }


def test_every_entry_of_a_long_timeline_comes_once(alices_client):
    customer = make_customer()
    for number in range(60):
        at = SINCE + timedelta(hours=number // 3)
        make_interaction(customer, kind="note", occurred_at=at, summary=f"note {number}.")
    address, seen = reverse("customers:timeline", args=[customer.pk]), []
    before = ""
    for _ in range(3):
        page = alices_client.get(address, {"before": before}).context["timeline"]
        seen += [entry.text for entry in page.entries]
        before = page.before
    assert before == ""
    assert sorted(seen) == sorted(f"note {number}." for number in range(60))


def test_a_cursor_that_nobody_gave_begins_anew(alices_client):
    customer = make_customer()
    make_interaction(customer, kind="note", summary="a note")
    address = reverse("customers:timeline", args=[customer.pk])
    for before in ("nonsense", "2024-01-01_3", "2024-01-01T00:00:00+00:00_x", "_"):
        assert b"a note" in alices_client.get(address, {"before": before}).content


def test_unknown_events_are_shown_as_they_are(alices_client):
    customer = make_customer()
    make_interaction(customer, kind="event", verb="rocket_launched", facts={})
    make_interaction(customer, kind="event", verb="subscription_started", facts={"plan": "Pro"})
    text = alices_client.get(page_of(customer)).content.decode()
    assert "Rocket launched" in text
    assert "Subscription started" in text


def test_a_customer_that_is_not_there_is_a_404(alices_client):
    assert alices_client.get(reverse("customers:detail", args=[10**9])).status_code == 404


@pytest.mark.parametrize("part, told", [(False, True), (True, False)])
def test_who_leaves_soon_is_told_at_the_top(alices_client, part, told):
    customer = make_customer("Acme")
    subscription = make_subscription(customer)
    day = TODAY + timedelta(days=40)
    make_cancellation(customer, effective_on=day, subscription=subscription if part else None)
    make_cancellation(make_customer("Gone"), effective_on=TODAY)
    text = alices_client.get(page_of(customer)).content.decode()
    top = text.split('<ul class="headline">')[1].split("</ul>")[0]
    assert (f"Leaves on {formats.day(day)}" in top) is told
    gone = alices_client.get(page_of(Customer.objects.get(name="Gone"))).content.decode()
    assert "Leaves on" not in gone
