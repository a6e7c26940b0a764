"""The sample company goes in with the five commands of the documentation, and twice is once."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from customers.models import Cancellation, Customer, Interaction, Subscription, Term, Usage
from tests.factories import make_organisation

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "importing.md"


def commands(folder: Path) -> list[list[str]]:
    """The documented commands, with the files where they lie."""
    lines = re.findall(r"^manage\.py importcsv (\w+ ravenstack_.*)", DOCS.read_text(), re.MULTILINE)
    words = [shlex.split(line) for line in lines]
    return [[kind, str(folder / name), *rest] for kind, name, *rest in words]


def run(command: list[str]) -> str:
    out = StringIO()
    call_command("importcsv", *command, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_five_commands_and_a_second_time(shared: Path) -> None:
    make_organisation(currency="USD")
    found = commands(shared / "data" / "ravenstack")
    assert len(found) == 5
    for command in found:
        run(command)
    assert (Customer.objects.count(), Subscription.objects.count()) == (500, 5_000)
    assert Term.objects.filter(kind="trial").count() + Term.objects.filter(kind="paid").count() == (
        Term.objects.count()
    )
    assert Term.objects.count() == 4_987
    assert not Term.objects.filter(kind="trial", arr_minor__gt=0).exists()
    assert (Cancellation.objects.count(), Interaction.objects.count()) == (600, 2_000)
    assert Usage.objects.count() == 24_981
    tables = (Customer, Subscription, Term, Cancellation, Interaction, Usage)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    for command in found:
        assert " 0 created, 0 changed, " in run(command)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
