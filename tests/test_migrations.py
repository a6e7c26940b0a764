"""The migrations say what the models say, and every one of ours can be taken back."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from customers.models import Contact, Interaction, RiskFlag, Standing, Term, Usage
from tests.factories import (
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_subscription,
    make_usage,
    stand,
)

# The last one first: each stands on those after it.
OURS = ("campaigns", "feedback", "customers", "churnapp")


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def table_names() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith(OURS)}


@pytest.mark.django_db(transaction=True)
def test_all_of_ours_goes_backwards_to_nothing_and_forwards_again():
    before = table_names()
    try:
        for app in OURS:
            call_command("migrate", app, "zero", verbosity=0)
            assert not {name for name in table_names() if name.startswith(app)}
    finally:
        call_command("migrate", verbosity=0)
    assert table_names() == before


@pytest.mark.django_db(transaction=True)
def test_facts_of_an_earlier_version_come_along():
    """Through every migration since roles were made; doubles of one address become one contact."""
    customer = make_customer(external_id="C1")
    make_subscription(customer, ends_on=date(2025, 1, 1))
    make_flag(customer)
    make_usage(customer, date(2024, 5, 1))
    stand(customer)
    try:
        call_command("migrate", "customers", "0010", verbosity=0)
        first = make_contact(customer, email="Anna@example.com")
        double = make_contact(customer, email="anna@example.com")
        make_interaction(customer, contact=double)
        kept = [(model, model.objects.count()) for model in (Term, Usage, Standing, RiskFlag)]
        call_command("migrate", "customers", "0005", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert [(model, model.objects.count()) for model, _count in kept] == kept
    assert Interaction.objects.get().contact == first
    assert Contact.objects.get() == first
