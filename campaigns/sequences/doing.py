"""What each kind of step does for many recipients at once: a few statements, whatever their number.

Every one leaves exactly one row of `StepDone` a recipient and moves them on, in the transaction of
the caller: killed anywhere, nothing of it is there, and it is done anew.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from campaigns import granting
from campaigns.letters import LINK, REFERRAL, framed, names_of, needs_offer
from campaigns.library.mailing import NOTE as NOTE_CONTENTS
from campaigns.library.mailing import Shelf
from campaigns.models import Campaign, Offer, Recipient, ReferralProgram, StepDone
from campaigns.paths import BRANCH, MAIL, OFFERING, TASK, UNTIL, WAIT, WEBHOOK, Path, Step, Words
from campaigns.sequences import sql
from campaigns.sequences.conditions import met_by
from campaigns.sequences.given import given
from campaigns.sequences.wording import groups
from churnapp.common.personal import ERASED
from churnapp.models import Organisation
from customers.mail.audience import Letter, queue_rows
from customers.models import MailPurpose

LOOKS_AGAIN = timedelta(hours=1)  # how often it is asked whether a wait is over
PATIENCE = timedelta(days=7)  # how long a mail waits for the contact budget
MAILS_TO, NOTE_MAILS, NOTE_OFFERS = map(sql.read, ("mails_to", "note_mails", "note_offers"))
GIVE_TASKS, CALL, NOTE, MOVE = map(sql.read, ("give_tasks", "call", "note", "move"))
MAKE_LINKS = sql.read("make_links")
Outcome = StepDone.Outcome


@dataclass(frozen=True)
class Doing:
    """A step of a campaign, due now for some recipients, by their keys."""

    campaign: Campaign
    path: Path
    step: Step
    organisation: Organisation
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.organisation.zone).date()

    def values(self, recipients: Sequence[int]) -> dict[str, Any]:
        return {
            "campaign": self.campaign.pk,
            "step": self.step.key,
            "now": self.now,
            "recipients": list(recipients),
        }

    def move(self, recipients: Sequence[int], goal: str, due_at: datetime | None = None) -> None:
        if recipients:
            values = {"next": goal, "due_at": due_at or self.now}
            sql.run(MOVE, self.values(recipients) | values)

    def note(self, recipients: Sequence[int], outcome: str) -> None:
        if recipients:
            sql.run(NOTE, self.values(recipients) | {"outcome": outcome})


def do(doing: Doing, recipients: Sequence[int]) -> None:
    """Do a step for these recipients, and move them on."""
    DO[doing.step.kind](doing, recipients)


def mail(doing: Doing, recipients: Sequence[int]) -> None:
    """A mail to each, in their language, of their variant or about why they left."""
    leads = [
        queue_letter(doing, chosen, words, language)
        for (words, language), chosen in groups(doing.path, doing.step, recipients).items()
    ]
    told = {
        "erased": ERASED[1],
        "zone": doing.organisation.timezone,
        "needs_offer": needs_offer(doing.step.leads_to),
    }
    sql.run(NOTE_MAILS, doing.values(recipients) | told)
    if any(leads):
        sql.run(NOTE_CONTENTS, doing.values(recipients))
    doing.move(recipients, doing.path.after(doing.step))


def queue_letter(doing: Doing, chosen: Sequence[int], words: Words, language: str) -> bool:
    """Queue it for each; whether it leads to something of the library."""
    step, sender = doing.step, doing.organisation.name
    written = framed(words, step.leads_to, sender, language)
    letter = Letter(
        subject=written.subject,
        text=written.text,
        html=written.html,
        language=language,
        purpose=MailPurpose.CAMPAIGN,
        kind=doing.campaign.kind_of_mail,
        batch=doing.campaign.batch,
        patient_until=doing.now + PATIENCE,
        names=names_of(words),
    )
    if REFERRAL in written.text:
        make_links(doing, chosen)
    shelf = Shelf.of(written.texts, language, doing.today)
    holds = "\n".join(written.texts)
    places = {
        "given": given(holds, doing.campaign, shelf, doing.organisation.timezone),
        "links": shelf.links(written.texts, step.key),
        "joined": shelf.joined,
        "condition": shelf.condition,
    }
    rows = sql.composed(
        MAILS_TO.format(**places),
        doing.values(chosen)
        | {"has_link": LINK in written.text, "needs_offer": needs_offer(step.leads_to)},
    )
    queue_rows((rows, []), letter, now=doing.now)
    return shelf.leads_on


def make_links(doing: Doing, chosen: Sequence[int]) -> None:
    """The referral link that a mail names, for each who has none yet, where a program is on."""
    program = ReferralProgram.objects.on().first()
    if program is not None:
        sql.run(MAKE_LINKS, doing.values(chosen) | {"program": program.pk})


def wait(doing: Doing, recipients: Sequence[int]) -> None:
    """They come to the next step in so many days."""
    doing.note(recipients, Outcome.WAITED)
    due_at = doing.now + timedelta(days=doing.step.days)
    doing.move(recipients, doing.path.after(doing.step), due_at)


def branch(doing: Doing, recipients: Sequence[int]) -> None:
    """They go the one way or the other."""
    yes = met_by(doing.step, list(recipients), doing.now)
    for told, outcome in ((True, Outcome.YES), (False, Outcome.NO)):
        group = [pk for pk in recipients if (pk in yes) == told]
        doing.note(group, outcome)
        doing.move(group, doing.path.after(doing.step, yes=told))


def until(doing: Doing, recipients: Sequence[int]) -> None:
    """Those for whom it has come to pass go on; who has waited long enough goes the other way."""
    step = doing.step
    met = met_by(step, list(recipients), doing.now)
    there = [pk for pk in recipients if pk in met]
    doing.note(there, Outcome.WAITED)
    doing.move(there, doing.path.after(step))
    others = Recipient.objects.filter(pk__in=[pk for pk in recipients if pk not in met])
    latest = doing.now - timedelta(days=step.at_most_days)
    late = list(others.filter(arrived_at__lte=latest).values_list("pk", flat=True))
    if step.at_most_days:
        doing.note(late, Outcome.LATE)
        doing.move(late, doing.path.after(step, yes=False))
        others = others.exclude(pk__in=late)
    others.update(due_at=doing.now + LOOKS_AGAIN)


def offer(doing: Doing, recipients: Sequence[int]) -> None:
    """The offer is made to each to whom its own rules allow it."""
    made = Offer.objects.get(pk=doing.step.offer or 0)
    chosen = Recipient.objects.filter(pk__in=recipients).order_by("pk")
    people = list(chosen.values_list("customer_id", "contact_id"))
    key = f"campaign:{doing.campaign.pk}:{doing.step.key}"
    refused = granting.grant(made, people, key=key, now=doing.now)
    values = {"refused": json.dumps(refused)}
    sql.run(NOTE_OFFERS, doing.values(recipients) | values)
    doing.move(recipients, doing.path.after(doing.step))


def task(doing: Doing, recipients: Sequence[int]) -> None:
    """A task for the owner of each."""
    values = {
        "what": doing.step.what,
        "due_on": doing.today + timedelta(days=doing.step.days),
        "page": f"/campaigns/{doing.campaign.pk}/",
    }
    sql.run(GIVE_TASKS, doing.values(recipients) | values)
    doing.move(recipients, doing.path.after(doing.step))


def webhook(doing: Doing, recipients: Sequence[int]) -> None:
    """Another program is told of each; its calls are tried until it takes them."""
    sql.run(CALL, doing.values(recipients) | {"webhook": doing.step.webhook})
    doing.move(recipients, doing.path.after(doing.step))


DO: Mapping[str, Callable[[Doing, Sequence[int]], None]] = {
    MAIL: mail,
    WAIT: wait,
    BRANCH: branch,
    UNTIL: until,
    OFFERING: offer,
    TASK: task,
    WEBHOOK: webhook,
}
