"""The organisation's day of a moment."""

from datetime import date, datetime

from churnapp.models import Organisation


def here(moment: datetime) -> date:
    """Which day it is, or was, in the organisation's time zone."""
    return moment.astimezone(Organisation.current().zone).date()
