"""The shapes in which facts travel as Arrow."""

import pyarrow as pa

RATE_SCALE = 10**10

TERM_SCHEMA = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("subscription_id", pa.int64()),
        ("kind", pa.string()),
        ("currency", pa.string()),
        ("arr_native_minor", pa.int64()),
        ("rate_e10", pa.int64()),
        ("arr_minor", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("grace_days", pa.int32()),
    ]
)
OWNERS = pa.schema([("subscription_id", pa.int64()), ("customer_id", pa.int64())])
TERMS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("arr", pa.int64()),
        ("is_foreign", pa.bool_()),
        ("starts", pa.int32()),
        ("ends", pa.int32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("grace_days", pa.int32()),
    ]
)
RECORDINGS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("ends", pa.int32()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("superseded_at", pa.timestamp("us", tz="UTC")),
    ]
)
FOREIGN_TERMS = pa.schema(
    [
        ("chain_id", pa.int64()),
        ("currency", pa.string()),
        ("arr_native", pa.int64()),
        ("arr", pa.int64()),
        ("rate_e10", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
    ]
)
CANCELLATIONS = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("effective_on", pa.date32()),
        ("requested_at", pa.timestamp("us", tz="UTC")),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("involuntary", pa.bool_()),
    ]
)
CONTRACTS = pa.schema(
    [
        ("subscription_id", pa.int64()),
        ("chain_id", pa.int64()),
        ("contract_ends_on", pa.date32()),
        ("auto_renews", pa.bool_()),
        ("arr", pa.int64()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
    ]
)
EDGES = pa.schema([("customer_id", pa.int64()), ("parent_id", pa.int64())])
USED = pa.schema([("customer_id", pa.int64()), ("first_on", pa.date32()), ("last_on", pa.date32())])

MEMBERS = pa.schema(
    [("customer_id", pa.int64()), ("signed_up_on", pa.date32()), ("label", pa.string())]
)


def empty(schema: pa.Schema) -> pa.RecordBatchReader:
    return schema.empty_table().to_reader()
