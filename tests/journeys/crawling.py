"""Which addresses are pages, rows that fill them, and a look at each of them in every width.

A new address is a page unless it is named here as something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from campaigns.models import Campaign, StepDone
from churnapp.models import User
from customers.models import Customer, Import, MailBatch, RefusedRow
from customers.services.imports import keep_upload
from tests.access.addresses import Address, addresses, make_rows
from tests.access.routes import PAGES, PUBLIC
from tests.campaign_factories import (
    mail_step,
    make_campaign,
    make_grant,
    make_recipient,
    make_sales_offer,
    path_of,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_flag,
    make_interaction,
    make_mail,
    make_payment,
    make_reason,
    make_rule,
    make_subscription,
    make_task,
    make_usage,
    stand,
    today_here,
)
from tests.journeys.conftest import Problems, broken_rules, width_and_room

DOWNLOADS = {
    "campaign_results:export",
    "campaign_results:export_all",
    "customers:export",
    "customers:export_cancellations",
    "customers:export_complaints",
    "customers:export_insights",
    "customers:export_losses",
    "customers:export_offers",
    "customers:export_mentions",
    "customers:export_members",
    "customers:risk_export",
    "customers:import_refused",
    "surveys:export",
    "offers:export",
    "campaigns:export",
    "cancel_flows:export",
    "referrals:export",
    "library:export",
    "cancel_flows:evidence",
}
PARTS = {
    "customers:count",
    "customers:choices",
    "customers:more_filters",
    "customers:preview_segment",
    "customers:segment_size",
    "customers:price_a_year",
    "customers:risk_panel",
    "customers:mail_frame",
    "survey_builder:mail_frame",
    "campaigns:size",
    "campaigns:preview_frame",
    "campaigns:fix_audience",
}
NO_PAGES = {"healthz", "readyz", "prometheus", "set_language"}
# These lead somebody who is signed in, or who is not, to another page.
FOR_STRANGERS = {"account_signup", "account_login"}
FOR_SIGNED_IN = {"account_logout"}
# Asked only of a file that is kept, which `make_draft` makes.
OF_A_DRAFT = {"customers:import_columns"}
# Where a bare address lacks what it needs, a page says so.
STATUS = {
    "customers:cohort_customers": 400,
    "campaigns_public:follow": 404,
    "campaigns_public:follow_content": 404,
}
QUERIES = {
    "campaign_results:people": [("?reached=goal&arm=holdout", 200)],
    "customers:overview": [("?to=2025-03", 200), ("?to=nonsense", 400)],
    "customers:cohorts": [("?measure=mrr", 200)],
    "customers:cohort_customers": [("?start=2024-01&age=2", 200)],
    "customers:list": [("?q=nobody-of-this-name", 200)],
}
WIDTHS = (1280, 390)
type Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (
    (1280, "light"), (390, "dark"), (390, "light"), (1280, "dark"),
)  # fmt: skip
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
# Everything unfolded but menus, and no colour on its way to another one.
PREPARE = """() => {
    for (const part of document.querySelectorAll("details:not([data-menu])")) part.open = true;
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important; }");
    document.adoptedStyleSheets = [still];
}"""
NO_DATE = '{"code": "not_a_day"}'
FILE = b"Kundenr;Abonnement;Produkt;Startdato;Beloep;Valuta\nC1;S1;Pro;2024-01-01;100,50;EUR\n"


@dataclass
class Crawl:
    """One tab that looks at one page after the other, and all that it disliked."""

    page: Page
    problems: Problems
    in_full: bool = False
    disliked: list[str] = field(default_factory=list)
    looks: Iterator[Look] = field(default_factory=lambda: cycle(LOOKS))

    def visit(self, path: str, status: int = 200) -> None:
        """Open a page, and look whether it is the one that answers, and as it should."""
        answer = self.page.goto(path)
        self.settle()
        self.note(path, said_wrongly(answer, status))

    def not_whole(self) -> list[str]:
        """What every page has and this one lacks."""
        needed = {"a doctype": "document.doctype", "a title": "document.title.trim()"}
        needed["one h1"] = "document.querySelectorAll('h1').length === 1"
        return [
            f"lacks {what}"
            for what, test in needed.items()
            if not self.page.evaluate(f"!!({test})")
        ]

    def look(self, name: str, part: str = "html") -> None:
        """Nothing is too wide, and axe likes it: in one width and colour, in turn, or `in_full`."""
        self.page.evaluate(PREPARE)
        self.note(name, self.not_whole())
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide, room = width_and_room(self.page)
            self.note(f"{name} at {width}", [f"is {wide} px wide"] if wide > room else [])
        for width, theme in LOOKS if self.in_full else [next(self.looks)]:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=theme)
            self.page.locator(f"html[data-bs-theme={theme}], html:not([data-bs-theme])").wait_for()
            self.note(f"{name} at {width}, {theme}", broken_rules(self.page, part=part))
        self.page.emulate_media(color_scheme="light")

    def settle(self) -> None:
        expect(self.page.locator(BUSY)).to_have_count(0)

    def note(self, name: str, *wrong: list[str]) -> None:
        """Keep what is wrong, with the problems of the browser since the last time."""
        found, self.problems.found = self.problems.found, []
        self.disliked += [f"{name}: {line}" for lines in (*wrong, found) for line in lines]

    def told(self) -> str:
        return "\n".join(self.disliked)


def said_wrongly(answer: Response | None, status: int) -> list[str]:
    if answer and answer.request.redirected_from:
        return [f"leads on to {answer.url}"]
    said = answer.status if answer else None
    return [] if said == status else [f"answered {said}, not {status}"]


def declared_pages(*, public: bool) -> list[Address]:
    """The pages of those who are signed in, or of strangers."""
    left_out = (
        DOWNLOADS | PARTS | NO_PAGES | OF_A_DRAFT | (FOR_SIGNED_IN if public else FOR_STRANGERS)
    )
    return [
        address
        for address in addresses()
        if "GET" in PAGES.get(address.name, {})
        and address.name not in left_out
        and (PAGES[address.name]["GET"] == PUBLIC or not public)
    ]


def paths(of: list[Address], rows: dict[str, Model]) -> list[tuple[str, int]]:
    """Every path to go to, and the status that it answers with."""
    found = []
    for address in of:
        path = address.filled(rows)
        found.append((path, STATUS.get(address.name, 200)))
        found += [(path + query, status) for query, status in QUERIES.get(address.name, [])]
    return found


def make_full_rows(owner: User) -> dict[str, Model]:
    """One row behind each address, and enough around it that the pages have something to show."""
    rows = make_rows(owner)
    customer = rows["customers"]
    day = today_here()
    make_flag(customer, rule=make_rule("use_fell"), state="resolved", closed_on=day, note="Fine")
    make_contact(customer, name="Siri Lund", role="champion", left_on=day - timedelta(days=20))
    make_interaction(customer, kind="ticket", summary="It hangs", status="open", complaint=True)
    make_payment(customer, due_on=day - timedelta(days=9), status="failed")
    make_task(customer, what="Send the offer", assignee=owner, due_on=day - timedelta(days=1))
    for week in range(8):
        make_usage(customer, day - timedelta(days=7 * week), count=9 + week)
    make_subscription(customer, arr=600, contract_ends_on=day + timedelta(days=30))
    leaving = make_customer("Havbris Rederi AS", country="SE", owner=owner)
    make_subscription(leaving, arr=3_000, ends_on=day - timedelta(days=3))
    make_cancellation(
        leaving,
        effective_on=day - timedelta(days=3),
        reason=make_reason("too-dear"),
        comment="Too dear for what it does.",
        competitor="Rival",
    )
    make_campaigns(customer)
    RefusedRow.objects.create(
        file_import=rows["imports"], line=3, column="Startdato", value="i går", reason=NO_DATE
    )
    rows["judged"] = run_a_campaign(make_campaign())
    stand()
    return rows


def make_campaigns(customer: Customer) -> None:
    """Campaigns with a path that has every kind of step, one of them with somebody on it."""
    path = path_of(
        {"key": "o", "kind": "offer", "offer": make_sales_offer().pk},
        mail_step(leads_to="https://example.com/"),
        {"key": "u", "kind": "until", "asks": "silence", "days": 7, "at_most_days": 9, "no": "end"},
        {"key": "b", "kind": "branch", "asks": "clicked", "yes": "t", "no": "again"},
        {"key": "w", "kind": "wait", "days": 0},
        mail_step("again"),
        {"key": "t", "kind": "task", "what": "Call them"},
        languages=["en", "nb"],
        variants=[{"key": "a", "name": "A", "weight": 1}, {"key": "b", "name": "B", "weight": 1}],
    )
    Campaign.objects.update(path=path, earlier=[path_of()])
    campaign = Campaign.objects.exclude(recipients__customer=customer).latest("pk")
    on_it = make_recipient(campaign, customer=customer, step="b")
    done = {"recipient": on_it, "at": on_it.entered_at}
    StepDone.objects.create(step="o", outcome="not_offered", why="limit", **done)
    mail = make_mail(customer, state="suppressed", error_code="unsubscribe")
    StepDone.objects.create(step="hello", outcome="mailed", mail=mail, **done)
    left_out = make_customer("Left Out AS")
    make_recipient(on_it.campaign, customer=left_out, state="left_out", why="nobody", step="")


def run_a_campaign(campaign: Campaign) -> Campaign:
    """Let it have been judged: two variants, two reasons, a holdout, an offer that was accepted."""
    entered = timezone.now() - timedelta(days=60)
    reasons = [make_reason("dear"), make_reason("gone")]
    for number in range(24):
        recipient = make_recipient(
            campaign,
            held_out=(held_out := number % 4 == 0),
            state="held_out" if held_out else "done",
            variant="ab"[number % 2],
            entered_at=entered,
        )
        customer, back_on = recipient.customer, (entered + timedelta(days=number)).date()
        make_cancellation(customer, reason=reasons[number % 2])
        make_subscription(customer, ends_on=(entered - timedelta(days=9)).date())
        if number % 5:
            make_subscription(customer, starts_on=back_on + timedelta(days=1))
    grant = make_grant(customer=customer, state="accepted", made_at=entered, cost_minor=900)
    recipient.steps.create(step="deal", at=entered, outcome="offered", grant=grant)
    campaign.state, campaign.launched_at = "running", entered
    campaign.goal, campaign.horizon_days, campaign.holdout_percent = "returned", 30, 25
    campaign.batch = MailBatch.objects.create(name="Campaign")
    campaign.save()
    return campaign


def make_draft(owner: User) -> Import:
    """An upload whose columns are not named yet."""
    return keep_upload(SimpleUploadedFile("terms.csv", FILE), "subscriptions", by=owner)
