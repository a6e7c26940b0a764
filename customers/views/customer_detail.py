"""One customer: what they pay and paid, what was said, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, When
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from churnapp.common.htmx import page_or_fragment
from customers.models import (
    Complaint,
    Consent,
    Contact,
    Customer,
    RiskFlag,
    Subscription,
    Term,
    TopicWish,
)
from customers.risk.sentences import sentence
from customers.services.connections import followers
from customers.services.taking_back import ahead
from customers.views.access import (
    allowed,
    reporting_currency,
    today_here,
    visible_customers,
)
from customers.views.history import revenue_chart, usage_chart
from customers.views.kinds import headline_of, kinds_of
from customers.views.revenue import believed_terms, steps
from customers.views.timeline import FILTERS, timeline_page, with_story

MOST_TASKS = 20
MOST_COMPLAINTS = 5


@dataclass(frozen=True)
class SubscriptionLine:
    """A subscription as its terms stand on a day; `term` runs, ran last, or begins next.

    Where it `is_followed`, another one of the customer could continue it.
    """

    subscription: Subscription
    terms: list[Term]
    term: Term
    today: date
    is_followed: bool = False

    @property
    def runs(self) -> bool:
        return runs_on(self.term, self.today)

    @property
    def is_paused(self) -> bool:
        return self.runs and self.term.kind == Term.Kind.PAUSED

    @property
    def is_ahead(self) -> bool:
        return self.term.starts_on > self.today

    @property
    def ends_on(self) -> date | None:
        """The known end of the whole."""
        return self.terms[-1].ends_on

    @property
    def planned(self) -> set[int]:
        """Ids of the terms ahead that can be taken back."""
        return ahead(self.terms, self.today)

    @property
    def is_undecided(self) -> bool:
        """The contract ran out without a word, and it runs on."""
        contract_ends_on = self.subscription.contract_ends_on
        return self.runs and contract_ends_on is not None and contract_ends_on <= self.today


def runs_on(term: Term, day: date) -> bool:
    return term.starts_on <= day and (term.ends_on is None or term.ends_on > day)


def subscription_lines(terms: Iterable[Term], today: date) -> list[SubscriptionLine]:
    """Subscriptions, those that run first, the most valuable on top."""
    lines, terms = [], list(terms)
    could_be_followed = followers(terms)
    for subscription, group in groupby(terms, key=lambda term: term.subscription):
        own = list(group)
        running = [term for term in own if runs_on(term, today)]
        begun = [term for term in own if term.starts_on <= today]
        term = (running or begun[-1:] or own[:1])[0]
        is_followed = subscription.pk in could_be_followed
        lines.append(SubscriptionLine(subscription, own, term, today, is_followed))
    return sorted(lines, key=lambda line: (not line.runs, -line.term.arr_minor))


@require_GET
@allowed("customers.view_customer")
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole story of a customer on one page."""
    together = ("standing__plan", "owner", "parent")
    found = with_story(visible_customers(request)).select_related(*together)
    customer = get_object_or_404(found, pk=pk)
    today, currency = today_here(), reporting_currency(request)
    terms = believed_terms(customer)
    changes = steps(terms)
    lines = subscription_lines(terms, today)
    context = people_and_work(customer) | {
        "customer": customer,
        "standing": getattr(customer, "standing", None),
        "currency": currency,
        "today": today,
        "lines": lines,
        "can_leave": any(line.runs or line.is_ahead for line in lines),
        "revenue": revenue_chart(changes, today=today, currency=currency),
        "usage": usage_chart(customer, today=today),
        "flags": flags_of(customer, today),
        "computed_at": timezone.now(),
        "timeline": timeline_page(customer, today=today, currency=currency),
        "timeline_filters": FILTERS,
    }
    return render(request, "customers/detail.html", context)


def people_and_work(customer: Customer) -> dict[str, Any]:
    """Contacts, tasks, complaints, cancellations and handovers ahead."""
    departures = customer.cancellations.in_force().with_lost_arr()
    cancellations = list(departures.select_related("reason_version", "subscription"))
    today = today_here()
    kinds = kinds_of(cancellations, today=today)
    whole = [gone.effective_on for gone in cancellations if gone.subscription_id is None]
    return {
        "leaves_on": min((day for day in whole if day > today), default=None),
        "contacts": contacts_of(customer),
        "tasks": customer.tasks.filter(done_at=None).select_related("assignee")[:MOST_TASKS],
        "complaints": Complaint.objects.filter(entry__customer=customer)
        .with_all()
        .order_by(F("resolved_at").desc(nulls_first=True), "due_on", "pk")[:MOST_COMPLAINTS],
        "cancellations": [
            (gone, kinds[gone.pk], headline_of(gone, kinds[gone.pk])) for gone in cancellations
        ],
        "handovers": customer.handovers.pending().select_related("to"),
        "subsidiaries": customer.subsidiaries.order_by("name")[:MOST_TASKS],
    }


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """Who is there before who left, each with the purposes of mail that they said no to, and what
    they wish for: `unwanted` topics by language, `no_mail_until` and `one_mail_in` days.
    """
    said = Consent.objects.last_words().filter(contact=OuterRef("pk"), given=False)
    said_no = ArraySubquery(said.order_by("purpose").values("purpose"))
    there_first = (F("left_on").desc(nulls_first=True), "name", "email")
    left = TopicWish.objects.filter(contact=OuterRef("pk"), wanted=False).order_by("topic__place")
    paused = When(mail_wishes__paused_until__gt=Now(), then=F("mail_wishes__paused_until"))
    return customer.contacts.annotate(
        said_no=said_no,
        unwanted=ArraySubquery(left.values("topic__words")),
        no_mail_until=Case(paused),
        one_mail_in=F("mail_wishes__days_between"),
    ).order_by(*there_first)


def flags_of(customer: Customer, today: date) -> list[tuple[RiskFlag, str]]:
    """Standing flags with their sentences, the gravest first."""
    flags = customer.flags.filter(state__in=RiskFlag.STANDING).select_related("rule")
    return [
        (flag, sentence(flag, today=today)) for flag in flags.order_by("-severity", "raised_on")
    ]


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_customer")
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Older entries of a timeline, or those of one kind."""
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    customer = get_object_or_404(with_story(visible_customers(request), kind), pk=pk)
    page = timeline_page(
        customer,
        kind=kind,
        before=before,
        today=today_here(),
        currency=reporting_currency(request),
    )
    fragment = "customers/_timeline_more.html" if before else "customers/_timeline.html"
    template = page_or_fragment(request, "customers/timeline.html", fragment)
    context = {"customer": customer, "timeline": page, "timeline_filters": FILTERS}
    return render(request, template, context)


@require_GET
@vary_on_headers("HX-Request")
@allowed("customers.view_term")
def term_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every term of a subscription that was ever believed, with when it was."""
    visible = Subscription.objects.filter(customer__in=visible_customers(request))
    subscription = get_object_or_404(visible.select_related("customer"), pk=pk)
    terms = subscription.terms.select_related("plan").order_by("-recorded_at", "starts_on")
    context = {
        "subscription": subscription,
        "customer": subscription.customer,
        "terms": terms,
        "currency": reporting_currency(request),
    }
    template = page_or_fragment(
        request, "customers/term_history.html", "customers/_term_history.html"
    )
    return render(request, template, context)
