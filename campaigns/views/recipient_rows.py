"""Recipients as people read them: what was done for each, why not, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from campaigns.models import Recipient, StepDone
from campaigns.path_words import KINDS, step_words
from campaigns.paths import Path
from campaigns.sequences.words import why_words
from customers.mail.reasons import why_not

TOGETHER = ("mail__batch__paused_by", "mail__customer", "grant", "task")
TONES = {
    Recipient.State.UNDER_WAY: "pill-accent",
    Recipient.State.DONE: "pill-good",
    Recipient.State.LEFT_OUT: "pill-warn",
}


@dataclass(frozen=True)
class Trace:
    """One step that was done: which it was, what became of it, and why."""

    done: StepDone
    number: int
    kind: str | Promise
    words: str
    became: str
    why: str


@dataclass(frozen=True)
class RecipientRow:
    recipient: Recipient
    why: str
    traces: list[Trace]
    next_step: str
    next_kind: str | Promise

    @property
    def tone(self) -> str:
        return TONES.get(Recipient.State(self.recipient.state), "")

    @property
    def next_at(self) -> datetime | None:
        return self.recipient.due_at if self.recipient.step else None


def rows(
    recipients: Sequence[Recipient], path: Path, offers: Mapping[int, str]
) -> list[RecipientRow]:
    """Recipients of one campaign, with all that was done for them in one question."""
    done = by_recipient(StepDone.objects.filter(recipient__in=recipients).select_related(*TOGETHER))
    return [row(one, path, offers, done.get(one.pk, [])) for one in recipients]


def by_recipient(steps: QuerySet[StepDone]) -> Mapping[int, list[StepDone]]:
    found: defaultdict[int, list[StepDone]] = defaultdict(list)
    for step in steps.order_by("pk"):
        found[step.recipient_id].append(step)
    return found


def row(
    recipient: Recipient, path: Path, offers: Mapping[int, str], done: Iterable[StepDone]
) -> RecipientRow:
    coming = path.step(recipient.step) if recipient.step else None
    return RecipientRow(
        recipient,
        why_words(recipient.why),
        [trace(one, path, offers) for one in done],
        step_words(coming, offers) if coming else "",
        KINDS.get(coming.kind, "") if coming else "",
    )


def trace(done: StepDone, path: Path, offers: Mapping[int, str]) -> Trace:
    step = path.step(done.step)
    became = done.get_outcome_display()
    why = why_words(done.why)
    if done.mail is not None:
        became, why = done.mail.get_state_display(), why_not(done.mail)
    elif done.grant is not None:
        became = done.grant.get_state_display()
    return Trace(
        done,
        path.steps.index(step) + 1 if step else 0,
        KINDS.get(step.kind, step.kind) if step else "",
        step_words(step, offers) if step else done.step,
        became,
        why,
    )
