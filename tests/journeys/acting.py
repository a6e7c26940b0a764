"""A company that acts on churn, believable enough to look at: offers, campaigns, fixes, ways out.

Names are as long as people make them, sums reach from nothing to a million, and everything that a
page can show stands somewhere: every kind, every state, and why something did not happen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.db.models import Model
from django.utils import timezone

from campaigns.models import Campaign, CancelFlow, CancelVisit, Fix, FixTold, Offer, Recipient
from campaigns.ready_paths import READY
from churnapp.models import User
from customers.models import CancellationReason, Customer, MailBatch
from tests.access.addresses import make_library, make_referrals
from tests.campaign_factories import (
    NEEDED,
    make_answer,
    make_campaign,
    make_cancel_visit,
    make_fix,
    make_flow,
    make_grant,
    make_recipient,
    make_sales_offer,
)
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_feature,
    make_mail,
    make_organisation,
    make_plan,
    make_reason,
    make_segment,
    make_subscription,
    make_task,
    make_user,
    stand,
    today_here,
)
from tests.feedback_factories import make_comment_theme, make_response, make_theme

LONG = "Andelsselskabet for Fjernvarmeforsyning og Vedvarende Energi i Nordvestsjælland A.m.b.a."
NAMES = (
    "Havbris Rederi AS", "Nordlys Bygg AB", "Fjordkraft Eiendom", "Å", LONG, "Skagen Fisk ApS",
    "Lindqvist & Söner", "Bergtatt Reiser", "Kystlinjen Transport", "Malmö Dagligvaror",
)  # fmt: skip
ARR = (0, 1_200, 11_988, 1_000_000, 48_000.5, 360)
TEXTS = {
    "en": {
        "title": "Half the price until you are through the winter",
        "text": "We know that money is tight.\n\nYou keep everything that you have.",
        "button": "Yes, please",
    },
    "nb": {
        "title": "Halv pris til vinteren er over",
        "text": "Vi vet at det er trange tider.\n\nDu beholder alt du har.",
        "button": "Ja takk",
    },
    "da": {
        "title": "Halv pris, til vinteren er ovre",
        "text": "Vi ved, at pengene er små.\n\nDu beholder alt, hvad du har.",
        "button": "Ja tak",
    },
    "sv": {
        "title": "Halva priset tills vintern är över",
        "text": "Vi vet att det är knapert.\n\nDu behåller allt du har.",
        "button": "Ja tack",
    },
}
LABELS = {
    "price": ("It costs too much", "Det er for dyrt", "Det er for dyrt", "Det är för dyrt"),
    "rival": ("We go to somebody else", "Vi bytter", "Vi skifter", "Vi byter"),
    "part": ("Something is missing", "Noe mangler", "Noget mangler", "Något saknas"),
    "calls": ("We need a hand", "Vi trenger hjelp", "Vi har brug for hjælp", "Vi behöver hjälp"),
}
ASKS = {"rival": "competitor", "part": "feature"}


@dataclass
class Company:
    """What stands in the database, and who may look at it."""

    boss: User
    customers: list[Customer]
    reasons: dict[str, CancellationReason]
    offers: list[Offer]
    now: datetime

    def next_customers(self, count: int) -> list[Customer]:
        return list(islice(cycle(self.customers), count))


def make_company(boss: User) -> Company:
    """Sixty customers in four countries, a third of whom have left."""
    make_organisation(name="Lysbro Programvare AS")
    languages = ("en", "nb", "da", "sv")
    reasons = {
        key: make_reason(
            key, labels=dict(zip(languages, labels, strict=True)), asks=ASKS.get(key, "")
        )
        for key, labels in LABELS.items()
    }
    customers = []
    for number in range(60):
        name = f"{NAMES[number % 10]} {number // 10 or ''}".strip()
        customer = make_customer(name, country=("NO", "DK", "SE", "GB")[number % 4], owner=boss)
        make_contact(customer, name="Kari Nordmann", language=("nb", "da", "sv", "en")[number % 4])
        left_on = today_here() - timedelta(days=100 + number) if number % 3 == 0 else None
        make_subscription(customer, arr=ARR[number % 6], ends_on=left_on)
        if left_on:
            reason = list(reasons.values())[number % 4]
            make_cancellation(customer, effective_on=left_on, reason=reason, comment="Too slow.")
        customers.append(customer)
    stand()
    return Company(boss, customers, reasons, make_offers(), timezone.now())


def make_offers() -> list[Offer]:
    """One of each kind: the first with a budget, one without any, one that is stopped."""
    offers = [
        make_sales_offer(kind, name=f"{kind.capitalize()} for customers who stay", texts=TEXTS)
        for kind in (*NEEDED, "loyalty", "call")
    ]
    first, second, third, *_rest = offers
    first.name = "Half the price for a quarter, for everybody who left over the price last winter"
    first.budget_minor, first.most_in_total = 100_000_000, 1_000_000
    first.approved_at = first.stopped_at = None
    first.save()
    second.fixed_cost_minor, second.budget_minor = 0, 0
    second.save()
    third.stopped_at = third.changed_at
    third.save()
    return offers


def make_grants(company: Company) -> Model:
    """The first offer made to many, in every state; the last one is open."""
    states = ("accepted", "declined", "expired", "taken_back", "accepted", "open")
    for number, customer in enumerate(company.next_customers(30)):
        made_at = company.now - timedelta(days=3 + number)
        grant = make_grant(
            company.offers[0],
            contact=customer.contacts.get(),
            state=states[number % 6],
            made_at=made_at,
            expires_at=made_at + timedelta(days=60),
            cost_minor=(0, 99_99, 2_500_000)[number % 3],
        )
    return grant


def make_segments() -> Model:
    north = make_segment(
        "Everybody in Norway and Sweden who left over the price and paid more than a thousand",
        query="country=NO&country=SE&state=lost&reason=price",
        description="For the win-back in spring. Ask Bob before you change it.",
    )
    make_segment("Frozen on Friday", frozen_at=timezone.now())
    make_segment("In it both", query=f"segment={north.pk}&state=active")
    make_segment("Gone", archived_at=timezone.now())
    return north


def make_fixes(company: Company) -> Fix:
    """One that many left over and were told of, one that is tied to nothing."""
    make_fix(name="Tied to nothing")
    theme = make_theme("slow", "sluggish")
    words = {"en": "faster exports", "nb": "raskere eksport", "sv": "snabbare export"}
    fix = make_fix(
        name="Exports of more than a hundred thousand rows no longer time out",
        words=words,
        feature=make_feature("exports", name="Exports"),
        fixed_on=today_here(),
    )
    fix.reasons.add(company.reasons["price"], company.reasons["part"])
    fix.themes.add(theme)
    for customer in company.customers[1:20:3]:
        said = make_response(contact=customer.contacts.get(), comment="The exports are slow.")
        make_comment_theme(response=said, theme=theme)
    for customer in company.customers[:9:3]:
        FixTold.objects.create(fix=fix, customer=customer, told_at=company.now)
    return fix


def make_campaigns(company: Company) -> dict[str, Campaign]:
    """A draft, and one in each other state with figures: won, and nothing to tell."""
    kinds = ("retention", "renewal", "onboarding", "news", "loyalty", "referral", "check_in")
    for kind in kinds:
        make_campaign(kind=kind, name=f"Ready {kind}", path=READY[kind])
    draft = make_campaign(
        kind="win_back",
        name="Everybody who left over the price last winter, with half the price for a quarter",
        path=with_variants(company.offers[0]),
        audience="state=lost",
        holdout_percent=10,
        note="Agreed with Siri. If it works we do it each spring.",
    )
    running = make_campaign(**ran("Spring win-back", company.now), path=draft.path)
    people_in(running, company)
    for name, fields in {
        "Held": {"paused_at": company.now, "paused_by": company.boss, "paused_because": "A word"},
        "Over": {"state": "finished", "finished_at": company.now},
        "To come": {"state": "scheduled", "starts_at": company.now + timedelta(days=3)},
    }.items():
        make_campaign(**ran(name, company.now) | fields, path=draft.path)
    return {"draft": draft, "running": running, "empty": make_campaign(path={}, audience="")}


def ran(name: str, now: datetime) -> dict[str, object]:
    return {
        "name": name,
        "kind": "win_back",
        "state": "running",
        "goal": "returned",
        "horizon_days": 30,
        "holdout_percent": 25,
        "launched_at": now - timedelta(days=90),
        "batch": MailBatch.objects.create(name=name),
    }


def with_variants(offer: Offer) -> dict[str, object]:
    """The ready way to win back, with an offer, a branch, a wait and two variants."""
    ready = READY["win_back"]
    mail, *rest = ready["steps"]
    steps = [
        {"key": "deal", "kind": "offer", "offer": offer.pk},
        mail | {"leads_to": "offer"},
        {"key": "quiet", "kind": "until", "asks": "silence", "days": 7, "at_most_days": 30},
        {"key": "asked", "kind": "branch", "asks": "clicked", "yes": "call", "no": rest[0]["key"]},
        *rest,
        {
            "key": "call",
            "kind": "task",
            "what": "Call them: they have looked at the offer",
            "days": 2,
        },
    ]
    variants = [
        {"key": "a", "name": "Plain", "weight": 1},
        {"key": "b", "name": "With a picture of everybody who works here", "weight": 3},
    ]
    return dict(ready) | {"steps": steps, "variants": variants}


def people_in(campaign: Campaign, company: Company) -> None:
    """Sixty, in every state; of the treated many came back, of the held out few."""
    entered = company.now - timedelta(days=80)
    ways = ("done", "under_way", "held_out", "exited", "done", "held_out", "left_out", "done")
    for number, customer in enumerate(company.customers):
        state = ways[number % 8]
        recipient = make_recipient(
            campaign,
            contact=customer.contacts.get(),
            state=state,
            held_out=state == "held_out",
            variant="ab"[number % 2],
            step="call" if state == "under_way" else "",
            why={"exited": "unsubscribed", "left_out": "stronger"}.get(state, ""),
            entered_at=entered,
            arrived_at=entered,
        )
        if state not in {"held_out", "left_out"}:
            write_to(recipient, company.offers[0], entered)
        if number % 3 == 0 and (state != "held_out" or number % 2):
            day = (entered + timedelta(days=3 + number % 20)).date()
            make_subscription(customer, arr=ARR[number % 6], starts_on=day)


def write_to(recipient: Recipient, offer: Offer, at: datetime) -> None:
    """The offer was made, the mail sent and followed, or not."""
    accepted = recipient.pk % 3 == 0
    grant = make_grant(
        offer,
        contact=recipient.contact,
        made_at=at,
        state="accepted" if accepted else "expired",
        cost_minor=4_500,
    )
    recipient.steps.create(step="deal", at=at, outcome="offered", grant=grant)
    mail = make_mail(contact=recipient.contact, state="delivered", sent_at=at)
    recipient.steps.create(step="mail1", at=at, outcome="mailed", mail=mail)
    recipient.hits.create(step="mail1", at=at, because="" if accepted else "too_fast", source="x")
    task = make_task(recipient.customer, what="Call them")
    recipient.steps.create(step="call", at=at, outcome="task", task=task)


def make_ways_out(company: Company) -> CancelFlow:
    """A flow with an answer of each kind and forty visits; one that is off."""
    make_flow(name="For those who pay much, and who may speak with somebody", on_since=None)
    make_flow(name="Old", archived_at=company.now)
    flow = make_flow(name="For everybody", holdout_percent=20, texts={"en": TEXTS["en"]})
    make_answer(flow, "offer", reason=company.reasons["price"], offer=company.offers[0])
    make_answer(flow, "call", reason=company.reasons["calls"], texts=TEXTS)
    make_answer(flow, "help", texts=TEXTS, address="https://example.com/help")
    for number, customer in enumerate(company.next_customers(40)):
        make_cancel_visit(flow, contact=customer.contacts.get(), **visited(number, company))
    return flow


def visited(number: int, company: Company) -> dict[str, object]:
    """What became of the visit of that number."""
    at = company.now - timedelta(days=40 + number)
    fields: dict[str, object] = {
        "made_at": at,
        "entered_at": at,
        "reason": list(company.reasons.values())[number % 4],
        "held_out": number % 5 == 0,
        "clicks": 2,
        "comment": "It hangs whenever we export more than a few thousand rows. " * (number % 3),
    }
    ways = (
        {"state": "left", "left_at": at, "ends_on": at.date() + timedelta(days=30)},
        {"state": "saved", "saved_at": at, "saved_by": "offer"},
        {"state": "saved", "saved_at": at, "saved_by": "stayed"},
        {"entered_at": None, "reason": None, "clicks": 0},
    )
    return fields | ways[number % 4]


def open_visit(flow: CancelFlow, key: str) -> CancelVisit:
    """Somebody with a subscription who stands at the first page of the flow."""
    customer = make_customer(f"{LONG} ({key})", owner=make_user())
    make_plan("pro", name="Professional, with everything that there is")
    make_subscription(customer, arr=1_000_000, plan="pro")
    stand(customer)
    return make_cancel_visit(flow, contact=make_contact(customer, name="Kari Nordmann"))


def make_acting_rows(boss: User) -> tuple[Company, dict[str, Model]]:
    """Rows by the word before their key in an address, as `make_rows` names them."""
    company = make_company(boss)
    grant = make_grants(company)
    segment = make_segments()
    fix = make_fixes(company)
    campaigns = make_campaigns(company)
    flow = make_ways_out(company)
    visit = CancelVisit.objects.filter(flow=flow, state="left").latest("pk")
    rows = {
        "judged": campaigns["running"],
        "customers": company.customers[3],
        "segments": segment,
        "offers/made": grant,
        "offers": company.offers[0],
        "campaigns/fixes": fix,
        "draft": campaigns["draft"],
        "campaigns": campaigns["running"],
        "empty": campaigns["empty"],
        "cancel-flows/visits": visit,
        "cancel-flows": flow,
        **make_referrals(company.customers[3]),
        **make_library(company.customers[3]),
    }
    return company, rows
