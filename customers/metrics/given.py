"""Terms from memory: for figures "as if", and for tests without a database."""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q

from customers.metrics.costs import Spending
from customers.metrics.question import Question
from customers.metrics.schemas import (
    CANCELLATIONS,
    CONTRACTS,
    EDGES,
    FOREIGN_TERMS,
    MEMBERS,
    OWNERS,
    RATE_SCALE,
    RECORDINGS,
    TERM_SCHEMA,
    TERMS,
    USED,
    empty,
)
from customers.models import Term


def terms_table(terms: Iterable[Term]) -> pa.Table:
    """Terms, saved or not, as an Arrow table of `TERM_SCHEMA`; each knows its subscription."""
    rows = [
        {
            "customer_id": term.subscription.customer_id,
            "subscription_id": term.subscription_id,
            "kind": term.kind,
            "currency": term.currency,
            "arr_native_minor": term.arr_native_minor,
            "rate_e10": int(term.fx_rate * RATE_SCALE),
            "arr_minor": term.arr_minor,
            "starts_on": term.starts_on,
            "ends_on": term.ends_on,
            "recorded_at": term.recorded_at,
            "grace_days": term.plan.lapse_grace_days if term.plan else None,
        }
        for term in terms
    ]
    return pa.Table.from_pylist(rows, schema=TERM_SCHEMA)


class Given:
    """Terms from memory, of `TERM_SCHEMA`; nothing else is known of these customers."""

    def __init__(self, question: Question, terms: pa.Table) -> None:
        self.question = question
        self.table = terms.cast(TERM_SCHEMA)

    def longest_grace(self) -> int:
        own = pc.max(self.table["grace_days"]).as_py()
        return max(own or 0, self.question.basis.lapse_grace_days)

    def owners(self) -> pa.RecordBatchReader:
        pairs = self.table.group_by(["subscription_id", "customer_id"]).aggregate([])
        return pairs.select(OWNERS.names).cast(OWNERS).to_reader()

    def terms(self) -> pa.RecordBatchReader:
        kind = self.table["kind"]
        chosen = self.table.filter(pc.is_in(kind, pa.array(["paid", "paused"])))
        arr = pc.if_else(pc.equal(chosen["kind"], "paid"), chosen["arr_minor"], None)
        is_foreign = pc.not_equal(chosen["currency"], self.question.basis.currency)
        shaped = chosen.append_column("arr", arr).append_column("is_foreign", is_foreign)
        for name in ("starts", "ends"):
            shaped = shaped.append_column(name, shaped[f"{name}_on"].cast(pa.int32()))
        return shaped.select(TERMS.names).cast(TERMS).to_reader()

    def recordings(self) -> pa.RecordBatchReader:
        return empty(RECORDINGS)

    def foreign_terms(self) -> pa.RecordBatchReader:
        paid = self.table.filter(pc.equal(self.table["kind"], "paid"))
        paid = paid.filter(pc.not_equal(paid["currency"], self.question.basis.currency))
        shaped = paid.append_column("chain_id", paid["subscription_id"])
        shaped = shaped.append_column("arr_native", paid["arr_native_minor"])
        shaped = shaped.append_column("arr", paid["arr_minor"])
        return shaped.select(FOREIGN_TERMS.names).cast(FOREIGN_TERMS).to_reader()

    def cancellations(self) -> pa.RecordBatchReader:
        return empty(CANCELLATIONS)

    def contracts(self) -> pa.RecordBatchReader:
        return empty(CONTRACTS)

    def edges(self) -> pa.RecordBatchReader:
        return empty(EDGES)

    def used(self, windows: Q) -> pa.RecordBatchReader:  # noqa: ARG002
        return empty(USED)

    def members(self, group: str | None) -> pa.RecordBatchReader:  # noqa: ARG002
        return empty(MEMBERS)

    def first_used_on(self) -> date | None:
        return None

    def spending(self) -> Spending:
        return Spending({})
