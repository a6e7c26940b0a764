"""Files of exchange rates: units of the reporting currency for one unit."""

from customers.importing.columns import Column, Reads
from customers.importing.kinds import Kind, Target

KIND = Kind(
    name="rates",
    columns=(
        Column("on", Reads.DAY, required=True),
        Column("currency", Reads.CURRENCY, required=True),
        Column("rate", Reads.NUMBER, required=True, below=10**10),
    ),
    resolve=("rates/resolve.sql",),
    target=Target(
        table="customers_fxrate",
        columns={"on": "", "currency": "", "rate": "*"},
        digested=False,
        called="currency || ' ' || \"on\"",
    ),
)
