"""Files of payments: what fell due, and whether it was paid."""

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind, Target

STATUSES = choices(
    paid="succeeded success betalt betald bezahlt ok",
    failed="declined mislykket fejlet misslyckad fehlgeschlagen unpaid",
    recovered="gjenvunnet inddrevet återvunnen eingetrieben",
    written_off="written-off avskrevet afskrevet avskriven abgeschrieben uncollectible",
) | {"written off": "written_off"}

KIND = Kind(
    name="payments",
    columns=(
        Column("customer_id", required=True),
        Column("due_on", Reads.DAY, required=True),
        Column("amount", Reads.NUMBER, required=True),
        Column("currency", Reads.CURRENCY),
        Column("status", Reads.CHOICE, required=True, choices=STATUSES),
    ),
    resolve=("payments/resolve.sql", "unknown_customer.sql"),
    target=Target(
        table="customers_payment",
        columns={
            "customer_id": "",
            "due_on": "",
            "amount_minor": "",
            "currency": "",
            "ordinal": "",
            "status": "status",
        },
        digested=False,
        called="customer_key || ' ' || due_on",
    ),
)
