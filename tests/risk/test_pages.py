"""The at-risk list, a customer's panel and the rules, as people use them."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.forms.risk import token_of
from customers.models import Cancellation, RiskFlag
from tests.factories import (
    make_customer,
    make_flag,
    make_organisation,
    make_plan,
    make_rule,
    make_subscription,
    make_user,
    stand,
    today_here,
)

pytestmark = pytest.mark.django_db
LIST = reverse("customers:risk")


def endangered(name="Fjord", *, arr=1200, keys=("payment_failed",), **fields):
    """A paying customer with flags of these rules."""
    severity = fields.pop("severity", 3)
    customer = make_customer(name, **fields)
    make_subscription(customer, arr=arr)
    for key in keys:
        facts = FACTS.get(key, {})
        make_flag(customer, rule=make_rule(key), severity=severity, facts=facts)
    stand(customer)
    return customer


FACTS = {
    "payment_failed": {
        "due_on": "2025-06-01", "amount_minor": 9900, "currency": "EUR", "written_off": False,
    },
    "use_fell": {
        "before": 41.0, "now": 16.0, "percent": 61, "feature": "Reports", "single": True,
    },
    "feature_use_fell": {"before": 30.0, "now": 6.0, "percent": 80, "feature": "Export"},
    "champion_left": {"left_on": "2025-05-01", "contact_id": 1},
}  # fmt: skip


def flags_of(customer):
    return list(RiskFlag.objects.filter(customer=customer).select_related("rule").order_by("pk"))


def tokens_of(customer):
    return ",".join(token_of(flag) for flag in flags_of(customer))


def names_on(response):
    return [row.customer.name for row in response.context["listing"].rows]


def url(name, customer):
    return reverse(f"customers:{name}", args=[customer.pk])


def test_customers_come_by_risk_times_value(alices_client):
    endangered("Small and grave", arr=100, severity=5)
    endangered("Large and mild", arr=10_000, severity=1)
    endangered("Large and grave", arr=10_000, severity=4)

    found = names_on(alices_client.get(LIST))

    assert found == ["Large and grave", "Large and mild", "Small and grave"]


def test_orders_by_risk_alone_and_by_value_alone(alices_client):
    endangered("Small and grave", arr=100, severity=5)
    endangered("Large and mild", arr=10_000, severity=1)

    by_risk = names_on(alices_client.get(LIST, {"sort": "risk"}))
    by_value = names_on(alices_client.get(LIST, {"sort": "mrr"}))

    assert by_risk == ["Small and grave", "Large and mild"]
    assert by_value == ["Large and mild", "Small and grave"]


def test_a_customer_stands_once_with_all_its_reasons_and_kinds_together(alices_client):
    endangered(keys=("use_fell", "feature_use_fell", "payment_failed", "champion_left"))

    response = alices_client.get(LIST)

    [row] = response.context["listing"].rows
    assert [(reason.theme, len(reason.others)) for reason in row.reasons] == [
        ("payment", 0),
        ("people", 0),
        ("use", 1),
    ]
    page = response.content.decode()
    assert "Use of Reports fell 61%, from 41 to 16 a week." in page
    assert "1 more of this kind" in page
    assert "The payment of €99.00 due on 1 Jun 2025 failed." in page


@pytest.mark.parametrize(
    "query, found",
    [
        ({"rule": "champion_left"}, ["B"]),
        ({"rule": ["champion_left", "payment_failed"]}, ["A", "B"]),
        ({"severity": "4"}, ["A"]),
        ({"rule": "champion_left", "severity": "4"}, []),
        ({"plan": "basic"}, ["B"]),
        ({"owner": "me"}, ["A"]),
        ({"q": "b"}, ["B"]),
        ({"country": "SE"}, ["B"]),
    ],
)
def test_filters_narrow_the_list(alices_client, alice, query, found):
    endangered("A", severity=5, owner=alice)
    other = endangered("B", severity=2, keys=("champion_left",), country="SE")
    other.subscriptions.get().terms.update(plan=make_plan("basic"))
    stand(other)

    assert sorted(names_on(alices_client.get(LIST, query))) == found


@pytest.mark.parametrize("query", [{"severity": "9"}, {"rule": "no-such"}, {"flags": "odd"}])
def test_a_filter_that_makes_no_sense_is_named_and_finds_nobody(alices_client, query):
    endangered()

    response = alices_client.get(LIST, query)

    assert response.status_code == 200
    assert names_on(response) == []
    assert list(response.context["listing"].filter.errors) == list(query)


def test_only_customers_one_may_see_are_listed(alices_client, alice):
    make_organisation(csm_sees_own_only=True)
    endangered("Mine", owner=alice)
    other = endangered("Not mine")

    assert names_on(alices_client.get(LIST)) == ["Mine"]
    for name in ("risk_panel", "snooze_flags", "resolve_flags"):
        assert alices_client.get(url(name, other)).status_code == 404
    for name in ("acknowledge_flags", "reopen_flags"):
        assert alices_client.post(url(name, other)).status_code == 404


def test_who_gave_notice_is_not_listed(alices_client):
    customer = endangered("Leaving")
    effective_on = today_here() + timedelta(days=30)
    Cancellation.objects.create(
        customer=customer, effective_on=effective_on, recorded_at=timezone.now()
    )

    assert names_on(alices_client.get(LIST)) == []


def test_who_left_is_not_listed(alices_client):
    customer = endangered("Gone")
    customer.subscriptions.get().terms.update(ends_on=today_here())
    stand(customer)

    assert names_on(alices_client.get(LIST)) == []


def test_worked_on_and_snoozed_flags_have_their_own_lists(alices_client, alice):
    for name, state in (("Open", "open"), ("Busy", "acknowledged"), ("Later", "snoozed")):
        customer = endangered(name)
        until = today_here() + timedelta(days=3) if state == "snoozed" else None
        RiskFlag.objects.filter(customer=customer).update(
            state=state, snoozed_until=until, changed_by=alice
        )
        stand(customer)

    def listed(**query):
        return sorted(names_on(alices_client.get(LIST, query)))

    assert listed() == ["Busy", "Open"]
    assert listed(flags="open") == ["Open"]
    assert listed(flags="acknowledged") == ["Busy"]
    assert listed(flags="snoozed") == ["Later"]


def test_being_on_it_shows_and_can_be_undone(alices_client, alice):
    customer = endangered(keys=("payment_failed", "champion_left"))
    data = {"flags": tokens_of(customer), "next": LIST}

    response = alices_client.post(url("acknowledge_flags", customer), data, follow=True)

    assert "Alice Berg is on it" in response.content.decode()
    [message] = response.context["messages"]
    alices_client.post(message.extra_tags)
    assert {flag.state for flag in flags_of(customer)} == {"open"}


def test_snoozing_takes_the_customer_off_the_list(alices_client):
    customer = endangered()
    until = today_here() + timedelta(days=7)
    data = {"flags": tokens_of(customer), "next": LIST, "until": until.isoformat()}

    response = alices_client.post(url("snooze_flags", customer), data, follow=True)

    assert names_on(response) == []
    assert flags_of(customer)[0].snoozed_until == until


def test_snoozing_to_yesterday_keeps_what_was_typed(alices_client):
    customer = endangered()
    data = {"flags": tokens_of(customer), "until": "2020-01-01", "note": "Ask again"}

    response = alices_client.post(url("snooze_flags", customer), data)

    assert response.status_code == 422
    assert response.context["form"].errors["until"] == ["Choose a day after today, within a year."]
    assert "Ask again" in response.content.decode()


def test_the_dialog_names_the_warnings_and_closes_those_chosen(alices_client):
    customer = endangered(keys=("payment_failed", "champion_left"))
    offered = tokens_of(customer)
    first, second = offered.split(",")

    page = alices_client.get(url("resolve_flags", customer), {"flags": offered}).content.decode()
    assert "The payment of €99.00 due on 1 Jun 2025 failed." in page
    assert page.count('type="checkbox"') == page.count(" checked") - 1 == 2  # and one outcome

    refused = alices_client.post(
        url("resolve_flags", customer), {"offered": offered, "outcome": "solved"}
    )
    assert refused.context["form"].errors["flags"] == ["Choose at least one warning."]
    assert refused.content.decode().count('type="checkbox"') == 2

    data = {"offered": offered, "flags": [second], "outcome": "solved"}
    alices_client.post(url("resolve_flags", customer), data)
    states = {str(flag.pk): flag.state for flag in flags_of(customer)}
    assert states[first.partition(".")[0]] == "open"
    assert states[second.partition(".")[0]] == "resolved"


@pytest.mark.parametrize("outcome, dismissal", [("solved", ""), ("wrong", "wrong")])
def test_resolving_asks_what_came_of_it(alices_client, outcome, dismissal):
    customer = endangered()
    data = {"flags": tokens_of(customer), "outcome": outcome, "note": "Paid", "next": LIST}

    alices_client.post(url("resolve_flags", customer), data)

    [flag] = flags_of(customer)
    assert (flag.state, flag.dismissal, flag.note) == ("resolved", dismissal, "Paid")


def test_the_second_person_is_told_and_nothing_is_overwritten(alices_client, client, bob):
    customer = endangered()
    seen = tokens_of(customer)
    alices_client.post(url("acknowledge_flags", customer), {"flags": seen})
    client.force_login(bob)

    response = client.post(
        url("resolve_flags", customer), {"flags": seen, "outcome": "solved", "note": "Mine"}
    )

    assert response.status_code == 422
    assert "Alice Berg changed this" in response.content.decode()
    assert flags_of(customer)[0].state == "acknowledged"


@pytest.mark.parametrize(
    "flags",
    [
        "",
        "nonsense",
        "1.2",
        "1.2025-01-01",
        "999999.2025-01-01T00:00:00+00:00",
        "9" * 30 + ".2025-01-01T00:00:00+00:00",
        "9" * 4400 + ".2025-01-01T00:00:00+00:00",
    ],
    ids=len,
)
def test_flags_that_make_no_sense_change_nothing(alices_client, flags):
    customer = endangered()

    alices_client.post(url("acknowledge_flags", customer), {"flags": flags})
    response = alices_client.post(
        url("resolve_flags", customer), {"flags": flags, "outcome": "solved"}
    )

    assert response.status_code == 422
    assert flags_of(customer)[0].state == "open"
    asked = alices_client.get(url("snooze_flags", customer), {"flags": flags})
    assert asked.status_code == 200
    number = flags.partition(".")[0]
    assert alices_client.post(f"{url('reopen_flags', customer)}?flag={number}").status_code == 302


def test_flags_of_another_customer_can_not_be_named(alices_client):
    mine, other = endangered("Mine"), endangered("Other")

    alices_client.post(url("acknowledge_flags", mine), {"flags": tokens_of(other)})

    assert flags_of(other)[0].state == "open"


def test_an_action_leads_back_to_our_pages_only(alices_client):
    customer = endangered()
    data = {"flags": tokens_of(customer), "next": "https://elsewhere.example/"}

    response = alices_client.post(url("acknowledge_flags", customer), data)

    assert response.url == reverse("customers:detail", args=[customer.pk])


def test_viewers_read_and_change_nothing(client, charlie):
    customer = endangered()
    client.force_login(charlie)

    assert "I’m on it" not in client.get(LIST).content.decode()
    for name in ("acknowledge_flags", "snooze_flags", "resolve_flags", "reopen_flags"):
        assert client.post(url(name, customer)).status_code == 403


def test_the_panel_tells_what_stands_and_what_was(alices_client, alice):
    customer = endangered(keys=("payment_failed", "champion_left"))
    flag = flags_of(customer)[1]
    RiskFlag.objects.filter(pk=flag.pk).update(
        state="resolved", closed_on=flag.raised_on, dismissal="expected", changed_by=alice
    )

    page = alices_client.get(url("risk_panel", customer)).content.decode()

    assert "The payment of €99.00 due on 1 Jun 2025 failed." in page
    assert "1 earlier warning" in page
    assert "known and expected · Alice Berg" in page


def test_the_export_holds_what_the_list_shows(client, bob):
    endangered("=Fjord", keys=("payment_failed", "champion_left"))
    endangered("Other", country="SE")
    client.force_login(bob)

    response = client.get(reverse("customers:risk_export"), {"country": "NO"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(text))
    assert (row["Customer"], row["MRR"], row["Risk"]) == ("'=Fjord", "100.00", "6")
    assert "The champion left on 1 May 2025" in row["Reasons"]
    assert "The payment of €99.00" in row["Reasons"]


def test_csms_may_not_export(alices_client):
    assert alices_client.get(reverse("customers:risk_export")).status_code == 403


def test_nobody_at_risk_says_why_the_list_is_empty(alices_client):
    page = alices_client.get(LIST).content.decode()

    assert "Nobody is at risk" in page
    assert reverse("customers:risk_rules") in page


@pytest.mark.parametrize("customers", [1, 30])
def test_the_list_costs_the_same(alices_client, alice, customers, django_assert_num_queries):
    for number in range(customers):
        owner = make_user(name=f"Owner {number}")
        customer = endangered(f"C{number}", keys=("payment_failed", "champion_left"), owner=owner)
        RiskFlag.objects.filter(customer=customer).update(state="acknowledged", changed_by=owner)

    with django_assert_num_queries(11):
        alices_client.get(LIST)
    with django_assert_num_queries(7):
        alices_client.get(LIST, headers={"HX-Request": "true"})


@pytest.mark.parametrize("flags", [1, 12])
def test_the_panel_costs_the_same(alices_client, alice, flags, django_assert_num_queries):
    customer = endangered()
    for number in range(flags):
        rule = make_rule("feature_use_fell")
        make_flag(customer, rule=rule, subject=f"f{number}", facts=FACTS["feature_use_fell"])
        make_flag(
            customer, rule=rule, subject=f"g{number}", state="resolved", changed_by=alice,
            closed_on=datetime(2025, 2, 1, tzinfo=UTC).date(),
        )  # fmt: skip

    with django_assert_num_queries(7):
        alices_client.get(url("risk_panel", customer), headers={"HX-Request": "true"})
