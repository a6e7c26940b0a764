"""Nights at once, and a person who acts while a night is at work."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from churnapp.common.errors import RuleError
from customers.models import Interaction, RiskFlag
from customers.risk.flags import ONE_AT_A_TIME, renew_flags
from customers.services.flags import acknowledge_flag, resolve_flag
from tests.factories import make_payment, make_user
from tests.risk.facts import NOW, TODAY, days_ago, night, only, payer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of these in threads of their own; gives what each returned or raised."""
    results: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except RuleError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def late_payer():
    only("payment_failed")
    customer = payer()
    make_payment(customer, due_on=days_ago(5), status="failed")
    return customer


def the_flag() -> RiskFlag:
    return RiskFlag.objects.select_related("rule").get()


def test_nights_at_once_raise_each_flag_once(late_payer):
    def renew() -> int:
        return renew_flags(as_of=TODAY, now=NOW).raised

    assert sorted(at_once(renew, renew, renew)) == [0, 0, 1]
    assert RiskFlag.objects.count() == 1


def test_what_a_person_does_while_a_night_runs_is_kept(late_payer):
    night()
    alice = make_user()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        runs = threading.Thread(target=lambda: (night(), connection.close()))
        runs.start()
        acknowledge_flag(the_flag(), by=alice, now=NOW)
    runs.join()

    assert (the_flag().state, the_flag().changed_by) == ("acknowledged", alice)


def test_of_two_people_at_once_one_is_told(late_payer):
    night()
    alice, bob = make_user(), make_user()
    flag, same = the_flag(), the_flag()

    results = at_once(
        lambda: acknowledge_flag(flag, by=alice, now=NOW),
        lambda: resolve_flag(same, by=bob, now=NOW),
    )

    assert [type(result) for result in results].count(RuleError) == 1
    assert Interaction.objects.count() == 1
