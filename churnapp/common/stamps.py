"""The signed moment in each form: that we made it, when, and which one it was.

It takes the place of a cookie's token. Whoever holds the private link may answer, so there is
nothing that a forged request from another page could use; what comes without a stamp of ours was
not filled in on our page, and is set aside.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

SALT = "feedback.form"
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Stamp:
    """Which form it is, when it was made, and, of an open link, which version it asks.

    `chosen`: whether it came with the answer clicked in the mail.
    """

    form_id: str
    made_at: datetime
    version: int = 0
    chosen: bool = False


def new_stamp(*, now: datetime, version: int = 0, chosen: bool = False) -> str:
    form_id = secrets.token_urlsafe(12)
    return signing.dumps([form_id, now.timestamp(), version, chosen], salt=SALT)


def read_stamp(text: str) -> Stamp | None:
    """The stamp of a form of ours; None for none, a forged one, or one that is a month old."""
    try:
        form_id, moment, *more = signing.loads(text, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    made_at = datetime.fromtimestamp(moment, tz=timezone.get_default_timezone())
    return Stamp(form_id, made_at, *more)
