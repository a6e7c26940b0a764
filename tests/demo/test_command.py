"""`manage.py demo_company`, on a real database."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from churnapp.models import Organisation, User
from churnapp.permissions import ROLES
from customers.models import (
    Cancellation,
    CompetitorOffer,
    Complaint,
    Contact,
    Customer,
    FxRate,
    Interaction,
    Mention,
    Payment,
    Segment,
    Spend,
    Standing,
    Subscription,
    Task,
    Term,
    Usage,
)
from customers.rivals import named
from customers.segments import members
from tests.factories import make_customer, make_subscription

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo_company", "--today=2026-11-22", *arguments, stdout=out)
    return out.getvalue()


def test_it_fills_every_table_that_pages_show() -> None:
    demo("--customers=120")
    assert Customer.objects.count() == 120
    assert Standing.objects.filter(state="active").count() > 50
    for model in (
        Cancellation, Contact, FxRate, Interaction, Payment, Spend, Subscription, Task, Term, Usage,
    ):  # fmt: skip
        assert model.objects.exists(), model
    organisation = Organisation.current()
    assert (organisation.name, organisation.currency) == ("Lysbro", "NOK")


def test_its_competitors_are_those_that_customers_name() -> None:
    demo("--customers=400")
    assert CompetitorOffer.objects.count() >= 10
    by_name = Cancellation.objects.with_rival().filter(named(["Planvind"]))
    assert {"Planvind", "Planvind ApS"} <= set(by_name.values_list("competitor", flat=True))


def test_complaints_are_worked_on_and_mentions_are_matched_answered_or_left() -> None:
    demo("--customers=400")
    work = Complaint.objects.select_related("entry")
    settled = [each for each in work if each.resolved_at]
    assert len(work) > len(settled) > 5
    assert all(each.resolution for each in settled)
    assert all(each.entry.occurred_at < each.resolved_at for each in settled)
    assert {each.confirmed for each in settled} >= {True, None}
    heard = Mention.objects.all()
    assert len(heard) > 30
    assert {each.customer is None for each in heard} == {True, False}
    assert {each.kind for each in heard} == set(Mention.Kind.values)
    assert heard.filter(replied_at=None, sentiment=-1).exclude(owner=None).exists()


def test_each_role_signs_in_with_the_password_printed() -> None:
    printed = demo("--customers=5")
    for role in ROLES:
        found = re.search(rf"{role}@demo\.example +(\S+)", printed)
        assert found
        assert Client().login(email=f"{role}@demo.example", password=found[1])
        user = User.objects.get(email=f"{role}@demo.example")
        assert [group.name for group in user.groups.all()] == [role]


def test_the_csm_has_customers_and_tasks() -> None:
    demo("--customers=400")
    csm = User.objects.get(email="csm@demo.example")
    assert csm.customers.filter(standing__state="active").count() > 20
    assert csm.tasks.filter(done_at=None).exists()
    sizes = {one.name: members(one, csm).count() for one in Segment.objects.all()}
    assert len(sizes) == 4
    assert all(sizes.values()), sizes


def test_a_second_run_adds_nothing() -> None:
    demo("--customers=30", "--password=first-of-all")
    terms = list(Term.objects.order_by("pk").values_list())
    assert "here already" in demo("--customers=60", "--password=second-of-all")
    assert list(Term.objects.order_by("pk").values_list()) == terms
    assert Client().login(email="csm@demo.example", password="first-of-all")


def test_logins_sets_the_password_anew() -> None:
    demo("--customers=5", "--password=first-of-all")
    assert "second-of-all" in demo("--logins", "--password=second-of-all")
    assert Client().login(email="csm@demo.example", password="second-of-all")


def test_it_stays_away_from_customers_of_ones_own() -> None:
    make_customer("Real customer")
    with pytest.raises(CommandError, match="--add"):
        demo("--customers=5")
    assert Customer.objects.count() == 1


def test_it_joins_other_customers_when_asked_and_keeps_the_currency() -> None:
    make_subscription(arr=100)
    demo("--customers=20", "--add")
    assert Customer.objects.count() == 21
    assert Organisation.current().currency == "EUR"
    assert FxRate.objects.filter(currency="NOK").exists()
    assert not FxRate.objects.filter(currency="EUR").exists()


def test_new_rows_can_follow_it() -> None:
    demo("--customers=20")
    assert make_subscription().pk > Subscription.objects.order_by("pk")[0].pk


def test_a_currency_without_rates_is_refused() -> None:
    Organisation.objects.update(name="Ours", currency="JPY")
    with pytest.raises(CommandError, match="JPY"):
        demo("--customers=5")
    assert not Customer.objects.exists()


def test_no_customers_is_no_company() -> None:
    with pytest.raises(CommandError, match="at least 1"):
        demo("--customers=0")
