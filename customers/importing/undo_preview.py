"""What taking an import back would do, counted without doing it; by the codes of the report."""

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from churnapp.common.describing import options
from customers.models import (
    Customer,
    FxRate,
    Import,
    Payment,
    Plan,
    RowBefore,
    Spend,
    Subscription,
    Term,
    Usage,
)

SOURCED: dict[str, type[Payment | Spend | FxRate | Usage]] = {
    Import.Kind.PAYMENTS: Payment,
    Import.Kind.SPEND: Spend,
    Import.Kind.RATES: FxRate,
    Import.Kind.USAGE: Usage,
}
TERMS = options(Term).db_table


def what_stays(file_import: Import) -> dict[str, int]:
    """Customers and plans that came with its terms: history keeps the terms, and so them."""
    terms = Term.objects.filter(source=file_import)
    with_terms = {
        Customer: Exists(
            Subscription.objects.filter(
                Exists(terms.filter(subscription=OuterRef("pk"))), customer=OuterRef("row_id")
            )
        ),
        Plan: Exists(terms.filter(plan=OuterRef("row_id"))),
    }
    counted = {
        _code("kept_for_history", model): _made(file_import, model).filter(has_terms).count()
        for model, has_terms in with_terms.items()
    }
    return _some(counted)


def what_goes(file_import: Import) -> dict[str, int]:
    """What is believed no more or again, deleted and put back, if nothing changed since."""
    rows = RowBefore.objects.filter(file_import=file_import)
    believed = Term.objects.standing().filter(source=file_import)
    counted = {
        "term_superseded": believed.count(),
        "term_brought_back": rows.filter(table=TERMS).count(),
    }
    made = Count("pk", filter=Q(before__isnull=True))
    for table, new, all_of_it in (
        rows.exclude(table=TERMS)
        .values_list("table")
        .annotate(made=made, count=Count("pk"))
        .order_by("table")
    ):
        counted[f"row_deleted {table}"] = new
        counted[f"row_restored {table}"] = all_of_it - new
    if file_import.kind in SOURCED:
        model = SOURCED[file_import.kind]
        changed = counted.get(_code("row_restored", model), 0)
        written = model.objects.filter(source=file_import).count()
        counted[_code("row_deleted", model)] = max(0, written - changed)
    for code, kept in what_stays(file_import).items():
        counted[code.replace("kept_for_history", "row_deleted")] -= kept
    return _some(counted)


def _made(file_import: Import, model: type[Model]) -> QuerySet[RowBefore]:
    return RowBefore.objects.filter(
        file_import=file_import, table=options(model).db_table, before__isnull=True
    )


def _code(code: str, model: type[Model]) -> str:
    return f"{code} {options(model).db_table}"


def _some(counted: dict[str, int]) -> dict[str, int]:
    return {code: count for code, count in counted.items() if count > 0}
