"""Parent companies in a file: never in a circle, whatever its length and whichever ids it uses."""

from collections.abc import Iterable

import pytest
from django.utils import timezone

from customers.models import Customer, CustomerAlias
from tests.factories import make_customer
from tests.importing.conftest import Take, counts, refusals
from tests.importing.test_undo import undo

HEADER = "customer_id,parent_id\n"
CIRCLE = (
    "Following the parents leads back to this customer. Give one of them another parent, or none."
)


def rows(pairs: Iterable[tuple[object, object]]) -> str:
    return HEADER + "".join(f"{one},{parent}\n" for one, parent in pairs)


def parents() -> dict[str, str | None]:
    return dict(Customer.objects.values_list("external_id", "parent__external_id"))


def former_id(external_id: str, customer: Customer) -> None:
    CustomerAlias.objects.create(
        external_id=external_id, customer=customer, name="Merged", merged_at=timezone.now()
    )


@pytest.mark.parametrize("long", [2, 50, 51, 64, 2_000])
def test_circle_of_any_length_is_refused(take: Take, long: int) -> None:
    taken = take("customers", rows((n, (n + 1) % long) for n in range(long)))
    assert counts(taken) == (0, 0, 0, long)
    assert refusals(taken)[0] == (2, "parent_id", "1", CIRCLE)
    assert not Customer.objects.exists()


def test_long_chain_is_none(take: Take) -> None:
    taken = take("customers", rows((n, n + 1 if n < 2_000 else "") for n in range(2_001)))
    assert counts(taken) == (2_001, 0, 0, 0)
    assert parents()["1999"] == "2000"


def test_circle_through_customers_outside_the_file_is_refused(take: Take) -> None:
    above = None
    for number in range(60):
        above = make_customer(external_id=f"C{number}", parent=above)
    taken = take("customers", rows([("C0", "C59")]))
    assert refusals(taken) == [(2, "parent_id", "C59", CIRCLE)]


def test_own_former_id_as_parent_is_refused(take: Take) -> None:
    former_id("OLD", make_customer(external_id="NEW"))
    taken = take("customers", rows([("NEW", "OLD"), ("X", "X")]))
    assert refusals(taken) == [
        (2, "parent_id", "OLD", "It is a former id of this customer. Name another, or none."),
        (3, "parent_id", "X", "A customer can't be its own parent. Name another, or none."),
    ]


def test_circle_through_former_ids_is_refused(take: Take) -> None:
    former_id("OLD", make_customer(external_id="NEW"))
    taken = take("customers", rows([("NEW", "SUB"), ("SUB", "OLD")]))
    assert refusals(taken) == [
        (2, "parent_id", "SUB", CIRCLE),
        (3, "parent_id", "OLD", CIRCLE),
    ]


def test_former_id_of_the_parent_means_the_parent(take: Take) -> None:
    former_id("OLD", make_customer(external_id="NEW"))
    take("customers", rows([("SUB", "OLD")]))
    assert parents() == {"NEW": None, "SUB": "NEW"}


def test_refused_rows_leave_no_circle_behind(take: Take) -> None:
    first = make_customer(external_id="A")
    make_customer(external_id="B", parent=first)
    text = rows([("A", "B"), ("B", "nowhere"), ("C", "")])
    taken = take("customers", text, skip_refused=True)
    assert [row[:3] for row in refusals(taken)] == [
        (2, "parent_id", "B"),
        (3, "parent_id", "nowhere"),
    ]
    assert parents() == {"A": None, "B": "A", "C": None}


def test_refused_circle_leaves_none_behind(take: Take) -> None:
    make_customer(external_id="B", parent=make_customer(external_id="A"))
    text = rows([("A", "B"), ("B", "C"), ("C", "B")])
    taken = take("customers", text, skip_refused=True)
    assert counts(taken) == (0, 0, 0, 3)
    assert parents() == {"A": None, "B": "A"}


def test_subsidiaries_of_a_refused_row_are_refused(take: Take) -> None:
    text = rows([("A", "A"), ("B", "A"), ("C", "B"), ("D", "")])
    taken = take("customers", text, skip_refused=True)
    assert [(line, why) for line, _column, _value, why in refusals(taken)][1:] == [
        (3, "Its parent company stands on line 2, which is refused. Mend that line first."),
        (4, "Its parent company stands on line 3, which is refused. Mend that line first."),
    ]
    assert parents() == {"D": None}


def test_taking_a_file_back_closes_no_circle(take: Take) -> None:
    below = make_customer(external_id="B")
    make_customer(external_id="A", parent=below)
    taken = take("customers", "customer_id,name,parent_id\nA,New name,\n")
    Customer.objects.filter(pk=below.pk).update(parent=Customer.objects.get(external_id="A"))
    assert undo(taken) == {"changed_since": 1}
    assert parents() == {"A": None, "B": "A"}
