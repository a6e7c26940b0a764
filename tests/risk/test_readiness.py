"""A rule without anything to judge by says so; what is too old is not taken for silence."""

import pytest

from customers.models import RiskFlag, RiskRule
from customers.risk.rules import RULES
from customers.risk.sentences import readiness
from tests.factories import make_contact, make_customer, make_feature, make_payment
from tests.risk.facts import ahead, days_ago, keys, moment, night, only, payer, talk, use

pytestmark = pytest.mark.django_db


def words(key):
    return readiness(RiskRule.objects.get(key=key))


def test_rules_that_never_ran_say_so():
    assert words("no_use") == "Not run yet"


def test_with_no_data_at_all_every_rule_says_so_and_raises_nothing():
    make_customer()

    night()

    assert {words(rule.key) for rule in RULES} == {
        "No data to judge by: there are no subscriptions."
    }
    assert not RiskFlag.objects.exists()


@pytest.mark.parametrize(
    "key, reason",
    [
        ("no_use", "no use is recorded"),
        ("use_fell", "no use is recorded"),
        ("contract_ends", "no subscription has a contract or notice date"),
        ("payment_failed", "no payments are recorded"),
        ("open_complaint", "no complaint is recorded"),
        ("slow_reply", "no ticket or mail says when it was answered"),
        ("bad_answer", "no answer to a survey is recorded"),
        ("fell_silent", "no survey that was sent by mail was answered"),
        ("no_contact", "no mail, call, meeting or ticket is recorded"),
        ("champion_left", "no contact is marked as champion"),
    ],
)
def test_each_rule_names_what_it_lacks(key, reason):
    payer()

    night()

    assert words(key) == f"No data to judge by: {reason}."


@pytest.mark.parametrize(
    "key, reason",
    [
        ("feature_untouched", "no plan names its features"),
        ("release_untouched", "no feature of a plan says when it was released"),
    ],
)
def test_rules_about_features_need_features_of_plans(key, reason):
    use(payer(), 5, weeks=range(3))

    night()

    assert words(key) == f"No data to judge by: {reason}."


def test_every_rule_is_ready_once_its_data_is_there():
    customer = payer(contract_ends_on=ahead(100))
    use(customer, 5, weeks=range(3))
    make_feature("alerts", plans=("pro",), released_on=days_ago(10))
    make_payment(customer)
    make_contact(customer, role="champion")
    talk(customer, 3, kind="ticket", complaint=True, status="closed", first_reply_at=moment(2))
    talk(customer, 3, kind="answer", score=9, facts={"mail": 1})

    night()

    assert {words(rule.key) for rule in RULES} == {"Ready"}


@pytest.mark.parametrize(
    "last, said",
    [
        (1, "Ready"),
        (2, "Ready"),
        (3, "Ready; use is recorded until 12 Jun 2025"),
        (35, "Ready; use is recorded until 11 May 2025"),
        (36, "No data to judge by: use is recorded only until 10 May 2025."),
    ],
)
def test_use_that_ends_early_is_an_import_that_lags(last, said):
    customer = payer()
    customer.usage.create(feature=make_feature(), day=days_ago(last), count=1)

    night()

    assert words("no_use") == said


def test_weeks_are_counted_back_from_the_last_day_on_record():
    """An import that lags by ten days makes nobody's use fall."""
    only("use_fell", "no_use")
    customer = payer()
    use(customer, 40, weeks=range(12))
    customer.usage.filter(day__gt=days_ago(10)).delete()

    night()

    assert keys(customer) == []


def test_talk_that_ended_long_ago_is_an_old_import():
    only("no_contact")
    customer = payer()
    talk(customer, 61)

    night()

    assert words("no_contact") == (
        "No data to judge by: the last talk on record is of 15 Apr 2025."
    )


def test_flags_stand_while_records_are_too_old_to_judge():
    only("no_use")
    silent, other = payer("Silent"), payer("Other")
    silent.usage.create(feature=make_feature(), day=days_ago(60), count=1)
    use(other, 5, weeks=range(3))
    night()
    other.usage.all().delete()

    changes = night()

    assert changes.total == 0
    assert keys(silent) == ["no_use"]


def test_flags_go_when_their_records_are_gone():
    only("payment_failed")
    customer = payer()
    make_payment(customer, due_on=days_ago(5), status="failed")
    night()
    customer.payments.all().delete()

    changes = night()

    assert changes.closed == 1
    assert words("payment_failed") == "No data to judge by: no payments are recorded."
