"""Mail that went out, waits, or did not go: the list, one mail, and why it was not sent."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import page_or_fragment, wants_fragment
from churnapp.common.pages import Page, page_number, page_of
from churnapp.common.typed_numbers import fits_bigint
from customers.mail import suppression
from customers.mail.links import PLACE
from customers.mail.reasons import paused_words, why_not
from customers.models import Customer, MailBatch, MailPurpose, OutgoingEmail, SendingRate
from customers.services.mail import failed_of
from customers.views.access import allowed, organisation, person, visible_customers
from customers.views.mail_deeds import deeds_of

State = OutgoingEmail.State
TABS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "uncertain": (_lazy("Uncertain"), (State.UNCERTAIN,)),
    "failed": (_lazy("Failed"), (State.FAILED, State.BOUNCED, State.COMPLAINED)),
    "waiting": (_lazy("Waiting"), (State.QUEUED, State.RETRY, State.CLAIMED)),
    "sent": (_lazy("Sent"), (State.ACCEPTED, State.DELIVERED)),
    "not_sent": (_lazy("Not sent"), (State.SUPPRESSED, State.CANCELLED)),
}
TONES = {
    State.DELIVERED: "pill-good",
    State.BOUNCED: "pill-bad",
    State.COMPLAINED: "pill-bad",
    State.FAILED: "pill-bad",
    State.UNCERTAIN: "pill-warn",
    State.SUPPRESSED: "pill-warn",
}
# What can be done with many at once, by tab: the verb of the form and what its button says.
DEEDS: dict[str, tuple[tuple[str, str | Promise], ...]] = {
    "uncertain": (("went_out", _lazy("They went out")), ("send", _lazy("Send them again"))),
    "failed": (("send", _lazy("Send them again")),),
}
COUNTED = ("uncertain", "failed")
LINKS: dict[str, str | Promise] = {
    "survey": _lazy("private link to the survey"),
    "unsubscribe": _lazy("private link to unsubscribe"),
    "preferences": _lazy("private link to choose what mail they get"),
}
NEWEST = 50  # batches to choose from
PERIODS: dict[int, str | Promise] = {
    1: _lazy("Last 24 hours"),
    7: _lazy("Last 7 days"),
    30: _lazy("Last 30 days"),
    90: _lazy("Last 90 days"),
}


@dataclass(frozen=True)
class Row:
    """A mail as a person reads it; `why` says why the recipient does not have it.

    One that `is_stopped` failed at an address that gets no mail any more.
    """

    mail: OutgoingEmail
    why: str
    is_stopped: bool = False

    @property
    def tone(self) -> str:
        return TONES.get(State(self.mail.state), "")


@dataclass(frozen=True)
class Progress:
    """How many mails of a batch are in each state, and of those how many can be done something to.

    `paused` is "" while it goes out.
    """

    counts: list[tuple[str | Promise, int]]
    waiting: int
    failed: int
    paused: str


def progress_of(batch: MailBatch, mails: QuerySet[OutgoingEmail]) -> Progress:
    rows = mails.filter(batch=batch).order_by().values_list("state").annotate(number=Count("pk"))
    numbers = dict(rows)
    return Progress(
        counts=[(each.label, numbers[each]) for each in State if each in numbers],
        waiting=sum(numbers.get(state, 0) for state in OutgoingEmail.WAITING),
        failed=len(failed_of(batch)) if State.FAILED in numbers else 0,
        paused=paused_words(batch),
    )


class MailList:
    """The answer to one address of the page."""

    def __init__(self, request: HttpRequest) -> None:
        self.query, self.request = request.GET, request
        self.visible = OutgoingEmail.objects.visible_to(person(request), organisation(request))

    @cached_property
    def tab(self) -> str:
        """As asked; without a word the uncertain ones, where there are any."""
        asked = self.query.get("state", "")
        if asked in TABS or asked == "all":
            return asked
        return "uncertain" if self.counts["uncertain"] and not self.is_narrowed else "all"

    @property
    def is_narrowed(self) -> bool:
        narrowing = ("q", "purpose", "customer", "batch", "days")
        return any(self.query.get(name) for name in narrowing)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many need somebody; the others are too many to count for each look."""
        wanted = [state for tab in COUNTED for state in TABS[tab][1]]
        found = self.visible.filter(state__in=wanted).order_by().values_list("state")
        numbers = dict(found.annotate(number=Count("pk")))
        return {tab: sum(numbers.get(state, 0) for state in TABS[tab][1]) for tab in COUNTED}

    @cached_property
    def customer(self) -> Customer | None:
        asked = self.query.get("customer", "")
        if not fits_bigint(asked):
            return None
        return visible_customers(self.request).filter(pk=int(asked)).first()

    @cached_property
    def batch(self) -> MailBatch | None:
        asked = self.query.get("batch", "")
        together = MailBatch.objects.select_related("paused_by")
        return together.filter(pk=int(asked)).first() if fits_bigint(asked) else None

    @cached_property
    def progress(self) -> Progress | None:
        """How far the chosen batch is, of the mails that the reader may see."""
        return progress_of(self.batch, self.visible) if self.batch else None

    @cached_property
    def paused(self) -> str:
        """Why all mail is held back; "" where it is not."""
        return all_paused()

    @cached_property
    def days(self) -> int:
        """How many days back it looks; 0 for all."""
        asked = self.query.get("days", "")
        return int(asked) if asked in {str(days) for days in PERIODS} else 0

    @cached_property
    def found(self) -> QuerySet[OutgoingEmail]:
        found = self.visible
        if self.tab in TABS:
            found = found.filter(state__in=TABS[self.tab][1])
        if self.query.get("purpose") in MailPurpose.values:
            found = found.filter(purpose=self.query["purpose"])
        if self.days:
            found = found.filter(created_at__gte=timezone.now() - timedelta(days=self.days))
        if self.query.get("customer"):
            found = found.filter(customer=self.customer) if self.customer else found.none()
        if self.query.get("batch"):
            found = found.filter(batch=self.batch) if self.batch else found.none()
        sought = self.query.get("q", "").strip()
        if sought and "\0" not in sought:
            found = found.filter(sought_in(sought))
        return found.order_by("-pk")

    @cached_property
    def page(self) -> Page[OutgoingEmail]:
        together = self.found.select_related("customer", "contact", "batch__paused_by")
        return page_of(together, page_number(self.query.get("page")))

    def rows(self) -> list[Row]:
        return [
            Row(mail, why_not(mail, all_paused=self.paused), mail.pk in self.stopped)
            for mail in self.page.rows
        ]

    @cached_property
    def stopped(self) -> set[int]:
        """Of the page, what failed and whose address gets no mail any more."""
        failed = TABS["failed"][1]
        return suppression.stopped(mail for mail in self.page.rows if mail.state in failed)

    def tabs(self) -> list[tuple[str, str | Promise, int, bool]]:
        """Key, label, how many need somebody, whether it is shown."""
        counts = self.counts
        every = [("all", _("All"), 0, self.tab == "all")]
        return [
            (key, label, counts.get(key, 0), key == self.tab)
            for key, (label, _states) in TABS.items()
        ] + every

    def deeds(self) -> tuple[tuple[str, str | Promise], ...]:
        """What the reader may do with many of this tab at once."""
        may = person(self.request).has_perm("customers.send_outgoingemail")
        again = any(mail.pk not in self.stopped for mail in self.page.rows)
        return DEEDS.get(self.tab, ()) if may and again else ()


def sought_in(sought: str) -> Q:
    """A whole address where it is one, else a part of subject, recipient or customer."""
    if "@" in sought:
        return Q(to_email__iexact=sought)
    parts = ("subject", "to_name", "to_email", "customer__name")
    wanted = Q()
    for part in parts:
        wanted |= Q(**{f"{part}__icontains": sought})
    return wanted


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_outgoingemail")
def mails(request: HttpRequest) -> HttpResponse:
    """Mails as the address asks for them, what needs somebody first."""
    listed = MailList(request)
    context: dict[str, Any] = {"listed": listed, "rows": listed.rows(), "deeds": listed.deeds()}
    if not wants_fragment(request):
        context |= around()
    template = page_or_fragment(request, "customers/mails.html", "customers/_mails.html")
    return render(request, template, context)


def around() -> dict[str, Any]:
    """What stands around the list: paused batches, the newest ones to choose, and filters."""
    paused = MailBatch.objects.exclude(paused_at=None).select_related("paused_by")
    return {
        "periods": PERIODS.items(),
        "batches": MailBatch.objects.order_by("-pk")[:NEWEST],
        "paused_batches": [
            (batch, paused_words(batch)) for batch in paused.order_by("-paused_at")[:20]
        ],
        "purposes": MailPurpose.choices,
        "computed_at": timezone.now(),
    }


def all_paused() -> str:
    """By whom and why all mail is held back; "" where it is not."""
    return paused_words(SendingRate.objects.select_related("paused_by").get(pk=1))


def mail_or_404(request: HttpRequest, pk: int) -> OutgoingEmail:
    visible = OutgoingEmail.objects.visible_to(person(request))
    return get_object_or_404(
        visible.select_related("customer", "contact", "batch__paused_by"), pk=pk
    )


@require_GET
@allowed("customers.view_outgoingemail")
def one_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: its words without its private links, what became of it, what can be done."""
    mail = mail_or_404(request, pk)
    stopped = mail.state in TABS["failed"][1] and bool(suppression.stopped([mail]))
    context = {
        "mail": mail,
        "row": Row(mail, why_not(mail, all_paused=all_paused()), stopped),
        "deeds": deeds_of(mail),
        "text": without_links(mail.text),
        "events": mail.events.order_by("-pk")[:50],
        "waits": mail.state in OutgoingEmail.WAITING,
        "failed": mail.state == State.FAILED and not stopped,
        "uncertain": mail.state == State.UNCERTAIN,
    }
    return render(request, "customers/mail.html", context)


def without_links(text: str) -> str:
    """The words as the recipient has them; a private link is theirs alone and is only named."""
    return PLACE.sub(lambda found: f"[{LINKS.get(found[1], _('private link'))}]", text)
