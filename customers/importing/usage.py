"""Files of usage: how much of which feature a customer used on a day."""

from customers.importing.columns import Column, Reads
from customers.importing.kinds import Kind, Target

KIND = Kind(
    name="usage",
    columns=(
        Column("customer_id"),
        Column("subscription_id", longest=400),
        Column("feature", required=True),
        Column("day", Reads.DAY, required=True),
        Column("count", Reads.WHOLE, below=10**11),
    ),
    one_of=("customer_id", "subscription_id"),
    resolve=("usage/resolve.sql",),
    compare=("usage/compare.sql",),
    before=("usage/before.sql",),
    target=Target(
        table="customers_usage",
        columns={"customer_id": "", "feature_id": "", "day": "", "count": "*"},
        digested=False,
        called="feature_key || ' ' || day",
    ),
    touched="SELECT DISTINCT customer_id FROM decided WHERE outcome <> 'unchanged'",
)
