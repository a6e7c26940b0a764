"""Files of spend: what a month of a channel cost."""

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind, Target

PURPOSES = choices(
    acquisition="marketing sales new vervning anskaffelse hvervning värvning akquise neukunden",
    retention="keeping fastholdelse bevaring behålla kundenbindung bestandskunden",
)

KIND = Kind(
    name="spend",
    columns=(
        Column("month", Reads.MONTH, required=True),
        Column("channel", required=True),
        Column("amount", Reads.NUMBER, required=True),
        Column("currency", Reads.CURRENCY),
        Column("purpose", Reads.CHOICE, choices=PURPOSES),
    ),
    resolve=("spend/resolve.sql",),
    compare=("spend/compare.sql",),
    target=Target(
        table="customers_spend",
        columns={
            "month_on": "", "channel": "", "purpose": "", "currency": "", "amount_minor": "*",
        },
        digested=False,
        called="channel || ' ' || month_on",
    ),
)  # fmt: skip
