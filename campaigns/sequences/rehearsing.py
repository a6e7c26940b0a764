"""What a campaign would do, tried out for real in a transaction that is rolled back."""

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from campaigns.models import Campaign, Recipient, StepDone
from campaigns.paths import OFFERING, Path
from campaigns.sequences.doing import Doing, do
from campaigns.sequences.entering import enter
from churnapp.models import Organisation
from customers.mail.pressure import spent
from customers.models import Contact, Customer, OutgoingEmail, SendingRate

MOST_ASKED = 5_000  # people of whom it is asked whether they had enough mail lately
STRONGEST = 101  # above every campaign: a preview is kept from nobody by another one


@dataclass(frozen=True)
class Rehearsal:
    """Who would come in now, and who would be left out why; keys are as the engine keeps them."""

    treated: int
    held_out: int
    left_out: dict[str, int]
    variants: dict[str, int]
    languages: dict[str, int]
    lacking: dict[str, int]
    over_budget: int
    asked_of: int

    @property
    def audience(self) -> int:
        return self.treated + self.held_out + sum(self.left_out.values())


@dataclass(frozen=True)
class Shown:
    """The mail that a customer's contact would get; or none, and the code of why."""

    mail: OutgoingEmail | None
    why: str = ""
    variant: str = ""
    language: str = ""


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is written inside is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rehearse(campaign: Campaign, now: datetime) -> Rehearsal:
    """Draw a draft's audience as the launch would. Raises RuleError for one that can't be read.

    Languages are drawn as if the path had all of ours; which of them it lacks is told apart.
    """
    path = Path.read(campaign.path)
    every = [code for code, _name in settings.LANGUAGES]
    tried = copy.copy(campaign)
    tried.path = replace(path, languages=tuple(dict.fromkeys((*path.languages, *every)))).written()
    with rolled_back():
        enter(tried, now)
        return _counted(tried, path, now)


def _counted(campaign: Campaign, path: Path, now: datetime) -> Rehearsal:
    rows = Recipient.objects.filter(campaign=campaign).order_by()
    treated = rows.filter(state=Recipient.State.UNDER_WAY)
    spoken = Counter(treated.values_list("language", flat=True))
    people = list(Contact.objects.filter(campaigns__in=treated)[:MOST_ASKED])
    return Rehearsal(
        treated=treated.count(),
        held_out=rows.filter(held_out=True).count(),
        left_out=Counter(rows.filter(state=Recipient.State.LEFT_OUT).values_list("why", flat=True)),
        variants=Counter(treated.values_list("variant", flat=True)),
        languages={code: count for code, count in spoken.items() if code in path.languages},
        lacking={code: count for code, count in spoken.items() if code not in path.languages},
        over_budget=len(spent(people, SendingRate.objects.get(pk=1), now=now)) if people else 0,
        asked_of=len(people),
    )


@dataclass(frozen=True)
class Wish:
    """As whom a mail is looked at; without a variant or a language, as they would be drawn.

    With a `reason`, as if they had left for it.
    """

    step: str
    customer: Customer
    variant: str = ""
    language: str = ""
    reason: str = ""


def mail_as(campaign: Campaign, wish: Wish, now: datetime) -> Shown:
    """The mail of a step exactly as the engine would write it, with the offers before it made.

    Raises RuleError for words that no mail can hold.
    """
    path = Path.read(campaign.path)
    if wish.reason:
        path = path.to_leavers(wish.reason)
    with rolled_back():
        recipient = _let_in(campaign, wish, now)
        if recipient is None or recipient.state == Recipient.State.LEFT_OUT:
            return Shown(None, recipient.why if recipient else "nobody")
        said = (recipient.variant, recipient.language)
        for step in path.steps:
            if step.kind == OFFERING or step.key == wish.step:
                do(Doing(campaign, path, step, Organisation.current(), now), [recipient.pk])
            if step.key == wish.step:
                break
        done = StepDone.objects.select_related("mail__batch").filter(
            recipient=recipient, step=wish.step
        )
        told = done.first()
        why = "" if told is None else told.why
        return Shown(told.mail if told else None, why, *said)


def _let_in(campaign: Campaign, wish: Wish, now: datetime) -> Recipient | None:
    """The customer as if they came in now, whatever else they are in; never held out."""
    tried = copy.copy(campaign)
    tried.audience = urlencode({"customer_id": wish.customer.external_id})
    tried.holdout_percent, tried.strength = 0, STRONGEST
    tried.fix = None  # who was told before is shown what the others are told
    there = Recipient.objects.filter(campaign=campaign, customer=wish.customer)
    there.delete()
    enter(tried, now)
    recipient = there.first()
    if recipient is not None and (wish.variant or wish.language):
        recipient.variant = wish.variant or recipient.variant
        recipient.language = wish.language or recipient.language
        recipient.save(update_fields=["variant", "language"])
    return recipient
