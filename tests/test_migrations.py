"""The migrations say what the models say, and every one of ours can be taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

OURS = ("customers", "churnapp")


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def table_names() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith(OURS)}


@pytest.mark.django_db(transaction=True)
def test_customers_go_backwards_and_forwards_again():
    before = table_names()
    try:
        call_command("migrate", "customers", "zero", verbosity=0)
        assert not {name for name in table_names() if name.startswith("customers")}
    finally:
        call_command("migrate", verbosity=0)
    assert table_names() == before
