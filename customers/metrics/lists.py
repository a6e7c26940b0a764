"""The customers behind a figure, and the movements behind a sum.

    movements(question, kind="churn")            # [Movement(on, customer_id, kind, arr_minor)]
    customers_behind("lost_customers", question)  # [Behind(customer_id, arr_minor, on)]
    balance_steps(question)                       # {customer_id: [Step(on, arr_minor, state)]}
    movement_columns(question)                    # the same as movements, as an Arrow table
    behind_columns("lost_customers", question)    # the same as customers_behind

`customer_id` is our own key (`Customer.pk`). Amounts are ARR in minor units.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Literal

import pyarrow as pa
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from customers.metrics import asides, engine
from customers.metrics.definitions import DEFINITIONS
from customers.metrics.engine import Workbench
from customers.metrics.question import Question
from customers.models import Customer

KINDS = ("new", "reactivation", "expansion", "contraction", "fx", "churn", "pause", "resume")
STANDING = {"start", "end", "paused"}
LOST = {"lost", "voluntary", "involuntary", "unexplained"}
IDS_AT_ONCE = 50_000
CONTRACTS = {"not_renewed", "undecided", "terminated_early"}
State = Literal["active", "paused", "none"]
BEHIND = pa.schema([("customer_id", pa.int64()), ("arr_minor", pa.int64()), ("on", pa.date32())])


@dataclass(frozen=True)
class Movement:
    """A change of one customer's balance on a day; losses are negative."""

    on: date
    customer_id: int
    kind: str
    arr_minor: int


@dataclass(frozen=True)
class Behind:
    """A customer that a figure counts, with its amount there, and the day it happened if any."""

    customer_id: int
    arr_minor: int
    on: date | None


@dataclass(frozen=True)
class Step:
    """What a customer pays from a day on."""

    on: date
    arr_minor: int
    state: State


def movements(
    question: Question, kind: str | None = None, terms: pa.Table | None = None
) -> list[Movement]:
    """Movements within the question's periods, by day and customer.

    `kind` None means all. Raises RuleError for an unknown kind.
    """
    found = movement_columns(question, kind, terms)
    return [Movement(**row) for row in found.to_pylist()]


def movement_columns(
    question: Question, kind: str | None = None, terms: pa.Table | None = None
) -> pa.Table:
    """`movements` as columns: on, customer_id, kind, arr_minor."""
    if kind is not None and kind not in KINDS:
        raise RuleError(
            _("“%(kind)s” is no kind of movement. Choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(KINDS)}
        )
    with engine.opened(question, terms) as bench:
        found = bench.columns("movements", kind=kind)
    return found.rename_columns(["on", "customer_id", "kind", "arr_minor"])


def customers_behind(key: str, question: Question, terms: pa.Table | None = None) -> list[Behind]:
    """Customers that the figure `key` of the question's first period counts, most money first.

    Empty for a figure that stands for no list. Raises KeyError for an unknown key.
    """
    found = behind_columns(key, question, terms)
    return [Behind(**row) for row in found.to_pylist()]


def behind_columns(key: str, question: Question, terms: pa.Table | None = None) -> pa.Table:
    """`customers_behind` as columns: a million customers weigh 24 MB."""
    behind = DEFINITIONS[key].behind
    if not behind:
        return BEHIND.empty_table()
    one = dataclasses.replace(question, periods=question.periods[:1])
    with engine.opened(one, terms) as bench:
        bench.run("standings")
        found = bench.columns(prepare(bench, behind), behind=behind)
    on = found["day"].cast(pa.int32()).cast(pa.date32())
    return pa.table([found["customer_id"], found["arr"], on], schema=BEHIND)


def prepare(bench: Workbench, behind: str) -> str:
    """Lay out what the list needs, and name its question."""
    if behind in STANDING:
        return "behind_standing"
    if behind in KINDS:
        return "behind_movement"
    if behind in LOST:
        bench.stream("cancellations", bench.source.cancellations())
        asides.lay_out_lost(bench)
        return "behind_lost"
    if behind in CONTRACTS:
        bench.stream("contracts", bench.source.contracts())
        return "behind_contracts"
    return prepare_rarely(bench, behind)


def prepare_rarely(bench: Workbench, behind: str) -> str:
    if behind == "silent":
        asides.read_use(bench)
    elif behind == "top10":
        bench.stream("groups", bench.source.edges())
    elif behind == "under_notice":
        bench.stream("cancellations", bench.source.cancellations())
        bench.run("notices")
    return f"behind_{behind}"


def balance_steps(question: Question, terms: pa.Table | None = None) -> dict[int, list[Step]]:
    """What each customer asked about paid since when, up to the last period, in order."""
    found: dict[int, list[Step]] = defaultdict(list)
    with engine.opened(question, terms) as bench:
        for customer, on, arr, state in bench.run("balance_steps").fetchall():
            found[customer].append(Step(on, arr, state))
    return dict(found)


def external_ids(customers: Iterable[int]) -> dict[int, str]:
    """What other systems call these customers."""
    wanted = sorted(set(customers))
    found: dict[int, str] = {}
    for some in batched(wanted, IDS_AT_ONCE):
        found.update(Customer.objects.filter(pk__in=some).values_list("pk", "external_id"))
    return found
