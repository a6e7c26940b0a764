"""What a caller wants sent: a draft becomes one waiting row, however often it is handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from churnapp.models import Organisation, User
from customers.mail.hours import after_quiet_hours, zone_of
from customers.mail.links import PrivateLink
from customers.models import Contact, Customer, MailBatch, MailPurpose, OutgoingEmail, SendingRate

CHUNK = 1_000


@dataclass(frozen=True)
class Draft:
    """One mail to be queued. `dedupe_key` makes it one: a second draft of that key does nothing.

    `subject`, `text` and `html` are rendered but for `[[link:NAME]]`; `links` holds each NAME.
    It waits as the rules of sending say, so that it can be called back, and until `due_at` where
    that is later. With `patient_until` it waits that long for the contact budget, instead of being
    given up. What a person writes names them in `written_by`: they stand as its sender and get the
    replies. `kind`, such as `survey.nps`, says under which of the reader's topics it falls.
    """

    dedupe_key: str
    purpose: str
    to_email: str
    subject: str
    text: str
    html: str = ""
    customer: Customer | None = None
    contact: Contact | None = None
    to_name: str = ""
    language: str = "en"
    links: Mapping[str, PrivateLink] = field(default_factory=dict)
    due_at: datetime | None = None
    patient_until: datetime | None = None
    batch: MailBatch | None = None
    unsubscribable: bool = False
    written_by: User | None = None
    kind: str = ""


def queue(drafts: Iterable[Draft], *, now: datetime) -> list[OutgoingEmail]:
    """The rows of the drafts, in their order: new ones, and those whose key was there before.

    Call it inside the transaction of the deed, then `deliver_due_mail.delay_on_commit()`.
    """
    wanted = list(drafts)
    rules, organisation = SendingRate.objects.get(pk=1), Organisation.current()
    rows = [_row(draft, rules, organisation, now) for draft in wanted]
    OutgoingEmail.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    keys = [draft.dedupe_key for draft in wanted]
    there: dict[str, OutgoingEmail] = {}
    for chunk in _chunks(keys):
        there |= {
            mail.dedupe_key: mail for mail in OutgoingEmail.objects.filter(dedupe_key__in=chunk)
        }
    return [there[key] for key in keys]


def is_exempt(purpose: str) -> bool:
    """Notices to staff and mails that a person wrote: no quiet hours, no budget."""
    return purpose in {MailPurpose.NOTICE, MailPurpose.PERSONAL}


def _row(
    draft: Draft, rules: SendingRate, organisation: Organisation, now: datetime
) -> OutgoingEmail:
    hold = 0 if draft.purpose == MailPurpose.NOTICE else rules.hold_minutes
    due_at = max(draft.due_at or now, now + timedelta(minutes=hold))
    if not is_exempt(draft.purpose):
        zone = zone_of(draft.customer.country if draft.customer else "", organisation)
        due_at = after_quiet_hours(due_at, zone, rules)
    return OutgoingEmail(
        **{name: getattr(draft, name) for name in _COPIED},
        subject=" ".join(draft.subject.split()),
        links=dict(draft.links),
        due_at=due_at,
    )


_COPIED = (
    "dedupe_key", "purpose", "customer", "contact", "to_email", "to_name", "language", "text",
    "html", "batch", "unsubscribable", "patient_until", "written_by", "kind",
)  # fmt: skip


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
