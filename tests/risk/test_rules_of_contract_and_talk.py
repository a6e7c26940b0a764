"""Rules about contracts, price, payments, service and people: raised, not yet raised, worded."""

import pytest

from customers.models import RiskFlag
from tests.factories import make_contact, make_payment, make_term
from tests.risk.facts import (
    ahead,
    days_ago,
    keys,
    moment,
    night,
    only,
    payer,
    said,
    standing_flags,
    talk,
    use,
)

pytestmark = pytest.mark.django_db


def typical_customers(weekly: int = 40) -> None:
    """Five customers on the plan who use this much."""
    for number in range(5):
        use(payer(f"Typical {number}"), weekly, weeks=range(10))


def contractor(**fields):
    return payer("Contractor", **fields)


@pytest.mark.parametrize("days, raised", [(60, True), (61, False), (0, True)])
def test_a_notice_date_within_days_with_low_use_is_raised(days, raised):
    only("contract_ends", days=60)
    typical_customers()
    customer = contractor(notice_by=ahead(days), contract_ends_on=ahead(days + 90))
    use(customer, 10, weeks=range(10))

    night()

    assert keys(customer) == (["contract_ends"] if raised else [])


def test_a_notice_date_is_said_with_its_numbers():
    only("contract_ends", days=60)
    typical_customers()
    customer = contractor(notice_by=ahead(23), contract_ends_on=ahead(110))
    use(customer, 10, weeks=range(10))

    night()

    assert said(customer) == [
        (
            "Notice can be given until 8 Jul 2025, 23 days ahead, and use is low: "
            "10 a week where 40 is typical."
        )
    ]


@pytest.mark.parametrize(
    "contract, raised",
    [
        ({"contract_ends_on": ahead(20)}, True),
        ({"contract_ends_on": ahead(20), "auto_renews": False}, True),
        ({"contract_ends_on": ahead(20), "auto_renews": True}, False),
        ({"contract_ends_on": ahead(20), "notice_by": days_ago(10)}, True),
        ({"contract_ends_on": days_ago(1)}, False),
        # has given notice already: the end is known and nothing follows
        ({"contract_ends_on": ahead(20), "ends_on": ahead(20)}, False),
    ],
)
def test_the_day_to_decide_follows_from_the_contract(contract, raised):
    only("contract_ends", days=60)
    typical_customers()
    contractor_on_record = contractor(**contract)

    night()

    assert keys(contractor_on_record) == (["contract_ends"] if raised else [])


@pytest.mark.parametrize("weekly, raised", [(20, True), (21, False)])
def test_use_up_to_half_of_what_is_typical_is_low(weekly, raised):
    only("contract_ends", low_percent=50)
    typical_customers(40)
    customer = contractor(contract_ends_on=ahead(20))
    use(customer, weekly, weeks=range(10))

    night()

    assert keys(customer) == (["contract_ends"] if raised else [])


@pytest.mark.parametrize("days, level", [(40, 0), (30, 1), (7, 2)])
def test_a_contract_grows_graver_as_its_day_comes_near(days, level):
    only("contract_ends", days=60)
    typical_customers()
    customer = contractor(contract_ends_on=ahead(days))

    night()

    [flag] = standing_flags(customer)
    assert (flag.level, flag.severity) == (level, 3 + level)


@pytest.mark.parametrize("arr, raised", [(1260, True), (1259, False), (1100, False)])
def test_a_price_rise_ahead_is_raised_from_its_percentage_on(arr, raised):
    only("price_rise", rise_percent=5)
    customer = payer(arr=1200, ends_on=ahead(30))
    make_term(customer.subscriptions.get(), arr=arr, starts_on=ahead(30))

    night()

    assert said(customer) == (
        ["The price goes up 5% on 15 Jul 2025, from €1,200.00 to €1,260.00 a year."]
        if raised
        else []
    )


@pytest.mark.parametrize(
    "term, raised",
    [
        ({"arr": 2400, "quantity": 2}, False),  # twice the units at the same price
        ({"arr": 2400, "plan": "enterprise"}, False),  # another plan
        ({"arr": 2400, "starts_on": ahead(61)}, False),  # too far ahead
        ({"arr": 2400, "starts_on": ahead(60)}, True),
    ],
)
def test_only_a_higher_price_of_the_same_thing_is_a_price_rise(term, raised):
    only("price_rise", days=60)
    customer = payer(arr=1200, ends_on=ahead(20))
    make_term(customer.subscriptions.get(), **({"starts_on": ahead(20)} | term))

    night()

    assert keys(customer) == (["price_rise"] if raised else [])


@pytest.mark.parametrize(
    "payments, raised",
    [
        ([(30, "paid"), (1, "failed")], True),
        ([(30, "paid"), (0, "failed")], False),
        ([(30, "failed"), (2, "paid")], False),
        ([(10, "recovered")], False),
        ([(10, "written_off")], True),
    ],
)
def test_the_latest_payment_tells_whether_money_is_missing(payments, raised):
    only("payment_failed", days=1)
    customer = payer()
    for days, status in payments:
        make_payment(customer, due_on=days_ago(days), status=status)

    night()

    assert keys(customer) == (["payment_failed"] if raised else [])


def test_a_failed_payment_names_amount_and_day():
    only("payment_failed")
    customer = payer()
    make_payment(customer, due_on=days_ago(3), status="failed", amount_minor=12_345)

    night()

    assert said(customer) == ["The payment of €123.45 due on 12 Jun 2025 failed."]


@pytest.mark.parametrize(
    "complaint, raised",
    [
        ({"status": "open"}, True),
        ({"status": "pending"}, True),
        ({"status": "closed"}, False),
        ({"status": "open", "closed_at": moment(1)}, False),
        ({"status": ""}, True),
        ({"status": "open", "complaint": False}, False),
    ],
)
def test_a_complaint_stands_until_it_is_settled(complaint, raised):
    only("open_complaint")
    customer = payer()
    talk(customer, 5, **({"kind": "ticket", "complaint": True} | complaint))

    night()

    assert keys(customer) == (["open_complaint"] if raised else [])


@pytest.mark.parametrize("days, level", [(6, 0), (7, 1), (14, 2)])
def test_a_complaint_grows_graver_with_its_age(days, level):
    only("open_complaint", days=7)
    customer = payer()
    talk(customer, days, kind="email", complaint=True, status="open")

    night()

    assert standing_flags(customer)[0].level == level


def test_each_complaint_is_a_flag_and_says_its_age():
    only("open_complaint")
    customer = payer()
    talk(customer, 9, kind="email", complaint=True, status="open")
    talk(customer, 1, kind="email", complaint=True, status="open")

    night()

    assert sorted(said(customer)) == [
        "A complaint has been open for 1 day, since 14 Jun 2025.",
        "A complaint has been open for 9 days, since 6 Jun 2025.",
    ]


@pytest.mark.parametrize(
    "ticket, sentence",
    [
        (
            {"status": "open"},
            "1 request has waited longer than 3 days for a first reply, since 9 Jun 2025.",
        ),
        ({"status": "open", "first_reply_at": moment(5)}, None),
        (
            {"status": "closed", "first_reply_at": moment(2)},
            "1 request waited longer than 3 days for a first reply.",
        ),
        ({"status": "", "first_reply_at": None}, None),
    ],
)
def test_slow_replies_are_counted_waiting_ones_first(ticket, sentence):
    only("slow_reply", days=3)
    customer = payer()
    talk(customer, 6, kind="ticket", **ticket)
    talk(payer("Other"), 6, kind="ticket", status="closed", first_reply_at=moment(6, 13))

    night()

    assert said(customer) == ([sentence] if sentence else [])


def test_a_request_may_wait_for_exactly_its_days():
    only("slow_reply", days=3)
    customer = payer()
    ticket = talk(customer, 10, kind="ticket", status="closed")
    ticket.first_reply_at = moment(7)
    ticket.save()

    night()

    assert keys(customer) == []


@pytest.mark.parametrize(
    "answer, raised",
    [
        ({"score": 6}, True),
        ({"score": 7}, False),
        ({"score": 2, "facts": {"kind": "csat"}}, True),
        ({"score": 3, "facts": {"kind": "csat"}}, False),
        ({"score": 3, "facts": {"kind": "ces"}}, True),
        ({"score": None, "sentiment": -1}, True),
        ({"score": None, "sentiment": 0}, False),
    ],
)
def test_an_answer_is_judged_on_its_own_scale(answer, raised):
    only("bad_answer")
    customer = payer()
    talk(customer, 10, kind="answer", **answer)

    night()

    assert keys(customer) == (["bad_answer"] if raised else [])


def test_only_the_last_answer_counts():
    only("bad_answer")
    happy, unhappy = payer(), payer()
    talk(happy, 20, kind="answer", score=2)
    talk(happy, 10, kind="answer", score=9)
    talk(unhappy, 20, kind="answer", score=9)
    talk(unhappy, 10, kind="answer", score=4)

    night()

    assert said(happy) == []
    assert said(unhappy) == ["The last answer, on 5 Jun 2025, was 4 of 10; the one before was 9."]


@pytest.mark.parametrize("days, raised", [(180, True), (181, False)])
def test_an_old_answer_is_forgotten(days, raised):
    only("bad_answer", days=180)
    customer = payer()
    talk(customer, days, kind="answer", score=1)

    night()

    assert keys(customer) == (["bad_answer"] if raised else [])


@pytest.mark.parametrize("days, raised", [(120, True), (119, False)])
def test_no_contact_is_raised_after_its_days(days, raised):
    only("no_contact", days=120)
    customer = payer()
    talk(customer, days)
    talk(customer, 1, kind="note")
    talk(payer("Other"), 1)

    night()

    assert said(customer) == (["No contact for 120 days, since 15 Feb 2025."] if raised else [])


def test_a_customer_nobody_ever_talked_to_is_raised():
    only("no_contact", days=120)
    customer = payer(starts_on=days_ago(150))
    talk(payer("Other"), 1)

    night()

    assert said(customer) == ["No contact in 150 days as a customer."]


@pytest.mark.parametrize(
    "champions, raised",
    [
        ([days_ago(10)], True),
        ([days_ago(0)], True),
        ([ahead(1)], False),
        ([None], False),
        ([days_ago(10), None], False),
        ([days_ago(365)], True),
        ([days_ago(366)], False),
    ],
)
def test_a_champion_who_left_is_raised_unless_there_is_another(champions, raised):
    only("champion_left", days=365)
    customer = payer()
    for left_on in champions:
        make_contact(customer, role="champion", left_on=left_on)
    make_contact(customer, role="user")

    night()

    assert keys(customer) == (["champion_left"] if raised else [])


def test_a_champion_who_left_is_not_named_in_the_facts():
    only("champion_left")
    customer = payer()
    contact = make_contact(customer, role="champion", name="Kari", left_on=days_ago(10))

    night()

    assert said(customer) == ["The champion left on 5 Jun 2025, and no other is known."]
    assert RiskFlag.objects.get().facts == {"left_on": "2025-06-05", "contact_id": contact.pk}
