"""One entry of a timeline, as a row."""

from datetime import datetime
from typing import Any, NamedTuple


class InteractionRow(NamedTuple):
    """What was said, or, with a `verb` and its `facts`, what was done."""

    customer_id: int
    kind: str
    occurred_at: datetime
    summary: str = ""
    contact_id: int | None = None
    external_id: str | None = None
    sentiment: int | None = None
    status: str = ""
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    complaint: bool = False
    author_id: str | None = None
    verb: str = ""
    facts: dict[str, Any] = {}
