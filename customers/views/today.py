"""Today: one ranked list of what waits for somebody, to act on, put off or hand on."""

from collections import Counter
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from churnapp.common import formats
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.models import Customer, OutgoingEmail, RiskRule, Task
from customers.models.customer import CustomerQuerySet
from customers.views.access import (
    allowed,
    organisation,
    person,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.mail_trouble import mail_trouble
from customers.views.queue import KINDS, MOST, Item, drawers, owned, queue

MINE, EVERYONE = "mine", "everyone"
SHOWN = 50
MAY_SEND = "customers.send_outgoingemail"


@require_GET
@allowed("customers.view_customer")
def today(request: HttpRequest) -> HttpResponse:
    """The queue of the person who asks; managers also see a colleague's, and everyone's."""
    visible = visible_customers(request)
    whose = whose_queue(request, visible)
    items = queue(*scope(request, visible, whose), today=today_here())
    kind = request.GET.get("kind", "")
    chosen = [item for item in items if kind not in KINDS or kind in item.kinds]
    shown = how_many(request)
    context: dict[str, Any] = {
        "drawers": drawers(chosen[:shown]),
        "left_out": max(0, len(chosen) - shown),
        "more": shown + SHOWN,
        "most": MOST if is_cut(items) else None,
        "ran_at": RiskRule.objects.aggregate(last=Max("ran_at"))["last"],
        "tabs": tabs(items, kind),
        "kind": kind,
        "whose": whose,
        "people": people(request),
        "today": today_here(),
        "currency": reporting_currency(request),
        "back": request.get_full_path(),
        "uncertain": uncertain_mails(request),
        "mail": mail_trouble() if person(request).has_perm(MAY_SEND) else None,
        "has_customers": bool(items) or visible.exists(),
    }
    return render(request, "customers/today.html", context)


def uncertain_mails(request: HttpRequest) -> int:
    """Mails of which somebody who may decide has to say whether they went out."""
    if not person(request).has_perm(MAY_SEND):
        return 0
    mails = OutgoingEmail.objects.visible_to(person(request), organisation(request))
    return mails.filter(state=OutgoingEmail.State.UNCERTAIN).count()


def whose_queue(request: HttpRequest, visible: CustomerQuerySet) -> str:
    """`mine`, `everyone`, or a colleague's number; who owns no customer begins with everyone's."""
    asked = request.GET.get("whose", "")
    if may_look_around(request) and (asked == EVERYONE or fits_bigint(asked)):
        return asked
    if asked == MINE or owned(visible, person(request)).exists():
        return MINE
    return EVERYONE


def may_look_around(request: HttpRequest) -> bool:
    return person(request).has_perm("customers.bulk_change_customer")


def how_many(request: HttpRequest) -> int:
    """How many items the page shows: more where the address asks for more."""
    asked = request.GET.get("shown", "")
    return max(SHOWN, int(asked)) if fits_bigint(asked) else SHOWN


def scope(
    request: HttpRequest, visible: CustomerQuerySet, whose: str
) -> tuple[CustomerQuerySet, QuerySet[Task]]:
    """The customers and the tasks that a queue is about."""
    user = person(request)
    tasks = Task.objects.visible_to(user, organisation(request))
    if whose == EVERYONE:
        return visible, tasks
    if fits_bigint(whose):
        return visible.filter(owner=int(whose)), tasks.filter(assignee=int(whose))
    return owned(visible, user), tasks.filter(assignee=user)


def tabs(items: list[Item], kind: str) -> list[tuple[str, Any, str, bool]]:
    """Key, label, number and whether it is shown, for every kind of item.

    Where a kind has more than were looked at, the sum of all would say nothing and is left out.
    """
    counts = kinds_in(items)
    whole = "" if is_cut(items) else formats.number(len(items))
    every = ("", _("Everything"), whole, kind not in KINDS)
    return [
        every,
        *(
            (key, label, counted(counts[key], is_more=counts[key] >= MOST), key == kind)
            for key, label in KINDS.items()
        ),
    ]


def kinds_in(items: list[Item]) -> Counter[str]:
    return Counter(kind for item in items for kind in item.kinds)


def is_cut(items: list[Item]) -> bool:
    """Whether of some kind there may be more than were looked at."""
    return any(count >= MOST for count in kinds_in(items).values())


def counted(number: int, *, is_more: bool) -> str:
    """A number, with a plus where more were not looked at."""
    return formats.number(number) + ("+" if is_more else "")


def people(request: HttpRequest) -> list[tuple[str, Any]]:
    """Whose queue one may look at."""
    if not may_look_around(request):
        return []
    owns = Exists(Customer.objects.filter(owner=OuterRef("pk")))
    others = User.objects.filter(owns, is_active=True)
    ordered = others.exclude(pk=person(request).pk).order_by("name", "email")
    named = [(str(one.pk), one) for one in ordered]
    return [(MINE, _("Mine")), (EVERYONE, _("Everyone’s")), *named]
