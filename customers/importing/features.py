"""Files of features: what they are called, since when they are there, and in which plans."""

from customers.importing.columns import Column, Reads
from customers.importing.kinds import Kind, Target

KIND = Kind(
    name="features",
    columns=(
        Column("feature", required=True),
        Column("name"),
        Column("released_on", Reads.DAY),
        Column("plans", longest=10_000),
    ),
    resolve=("features/resolve.sql",),
    target=Target(
        table="customers_feature",
        columns={"code": "", "name": "name", "released_on": "released_on"},
        sourced=False,
        also_changed=True,
        called="code",
    ),
    publish=("features/after.sql",),
)
