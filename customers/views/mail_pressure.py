"""Contact pressure: the one budget, who is at it now, and what was held back this week by what."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from customers.mail.pressure import counted
from customers.mail.reasons import BY_CODE
from customers.models import (
    MailPurpose,
    MailWishes,
    OutgoingEmail,
    SendingRate,
)
from customers.views.access import allowed, organisation, person, visible_customers
from customers.views.mail_settings import budget
from customers.views.mail_topics import unwanted

LOOKED_AT = timedelta(days=7)
SOURCES = (MailPurpose.SURVEY, MailPurpose.CAMPAIGN, MailPurpose.PERSONAL)


@dataclass(frozen=True)
class HeldBack:
    """One reason why mails of this week were not sent, and how many by source."""

    why: str
    numbers: tuple[int, ...]

    @property
    def all(self) -> int:
        return sum(self.numbers)


@require_GET
@allowed("customers.view_outgoingemail")
def mail_pressure(request: HttpRequest) -> HttpResponse:
    """The budget, who has used it up, what people wish for, and why mails were not sent."""
    rules, now = SendingRate.objects.get(pk=1), timezone.now()
    context: dict[str, Any] = {
        "budget": budget(rules),
        "sources": [source.label for source in SOURCES],
        "held": held_back(request, now),
        "at_limit": at_limit(request, rules, now),
        "wishes": wishes(request, now),
        "topics": unwanted(request),
    }
    return render(request, "customers/mail_pressure.html", context)


def held_back(request: HttpRequest, now: datetime) -> list[HeldBack]:
    """The most frequent reason first."""
    visible = OutgoingEmail.objects.visible_to(person(request), organisation(request))
    rows = visible.filter(
        state=OutgoingEmail.State.SUPPRESSED, created_at__gte=now - LOOKED_AT, purpose__in=SOURCES
    )
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    grouped = rows.order_by().values_list("error_code", "purpose").annotate(mails=Count("pk"))
    for code, purpose, mails in grouped:
        numbers[code][purpose] = mails
    found = [
        HeldBack(str(BY_CODE.get(code, code)), tuple(by.get(source, 0) for source in SOURCES))
        for code, by in numbers.items()
    ]
    return sorted(found, key=lambda row: (-row.all, row.why))


def at_limit(request: HttpRequest, rules: SendingRate, now: datetime) -> int:
    """How many contacts have got as many mails as one person may, of those that may be seen.

    What was begun lately was changed since: that index makes it cost what was sent lately.
    """
    since = now - timedelta(days=rules.contact_days)
    mails = counted(rules.contact_days, now).filter(changed_at__gte=since, contact__isnull=False)
    people = mails.filter(customer__in=visible_customers(request)).order_by().values("contact")
    return people.annotate(mails=Count("pk")).filter(mails__gte=rules.most_a_contact).count()


def wishes(request: HttpRequest, now: datetime) -> dict[str, int]:
    """How many contacts are on a break now, and how many want mail less often."""
    theirs = MailWishes.objects.filter(contact__customer__in=visible_customers(request))
    return theirs.aggregate(
        paused=Count("pk", filter=Q(paused_until__gt=now)),
        rarely=Count("pk", filter=Q(days_between__isnull=False)),
    )
