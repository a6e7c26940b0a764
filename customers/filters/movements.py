"""Who began to pay, left or will have to decide, by days and by distance from today."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.filters.choosing import register
from customers.filters.groups import Group
from customers.filters.kinds import Question, When, days

FIRST_PAID = "standing__first_paid_on"
LOST = "standing__lost_on"


def within_last(path: str) -> Question:
    """Whose day at the end of `path` lies at most so many days back, today included."""

    def asks(number: int, when: When) -> Q:
        first = when.today - timedelta(days=number)
        return Q(**{f"{path}__gte": first, f"{path}__lte": when.today})

    return asks


def within_next(path: str) -> Question:
    """Whose day at the end of `path` lies at most so many days ahead, today included."""

    def asks(number: int, when: When) -> Q:
        last = when.today + timedelta(days=number)
        return Q(**{f"{path}__gte": when.today, f"{path}__lte": last})

    return asks


register(
    "signed_up_in_days",
    days(_("Signed up in the last … days"), within_last("signed_up_on")),
    Group.FACTS,
)
register(
    "paying_from",
    django_filters.DateFilter(FIRST_PAID, "gte", label=_("Paying since, from")),
    Group.MONEY,
)
register(
    "paying_to",
    django_filters.DateFilter(FIRST_PAID, "lte", label=_("Paying since, until")),
    Group.MONEY,
)
register(
    "lost_in_days",
    days(
        _("Lost in the last … days"),
        within_last(LOST),
        help_text=_("Who pays again by now is not lost."),
    ),
    Group.MONEY,
)
register(
    "contract_ends_in_days",
    days(_("Contract ends in the next … days"), within_next("standing__contract_ends_on")),
    Group.MONEY,
)
register(
    "notice_in_days",
    days(_("Notice is due in the next … days"), within_next("standing__notice_by")),
    Group.MONEY,
)
register(
    "known_end_in_days",
    days(
        _("Known to end in the next … days"),
        within_next("standing__next_end_on"),
        help_text=_("A subscription ends then and nothing follows it."),
    ),
    Group.MONEY,
)
