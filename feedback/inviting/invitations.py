"""Make invitations and their mails: the row first, its link's token only when the mail goes out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Q, QuerySet

from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.links import SURVEY, PrivateLink, hash_of, new_nonce, token_of
from customers.models import Contact, MailBatch, MailPurpose, OutgoingEmail
from feedback.content import Content
from feedback.inviting.addressees import Asking, choose
from feedback.inviting.letters import Writer, language_for
from feedback.inviting.occasions import Occasion
from feedback.models import Invitation, SendingRule, Survey, SurveyVersion
from feedback.offers import turn_of

OPEN_FOR = timedelta(days=30)
ANSWERING = timedelta(days=7)  # what a link that was kept waiting is open for at least
CHUNK, LOOKED_AT = 500, 5_000


@dataclass(frozen=True)
class Round:
    """What invitations made together have in common; `prefix` is of the keys that make them one."""

    asking: Asking
    prefix: str
    now: datetime
    rule: SendingRule | None = None
    batch: MailBatch | None = None
    by: User | None = None
    remind_after_days: int | None = None  # where no rule says


@dataclass
class Invited:
    """What a round did: invitations made, and how many customers were left out, by reason."""

    made: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def add(self, made: int, reasons: Iterable[str]) -> None:
        self.made += made
        for reason in reasons:
            self.left_out[reason] = self.left_out.get(reason, 0) + 1


def invite(found: Iterable[Occasion], around: Round) -> Invited:
    """Ask about each occasion that was not asked about yet. Safe to repeat and to run twice."""
    done = Invited()
    for looked_at in batched(found, LOOKED_AT):
        for chunk in batched(new_ones(looked_at, around.prefix), CHUNK):
            done.add(*invite_chunk(chunk, around))
    return done


def new_ones(found: Iterable[Occasion], prefix: str) -> list[Occasion]:
    """Occasions without an invitation, the first of each customer."""
    keyed = {f"{prefix}:{occasion.key}:{occasion.customer_id}": occasion for occasion in found}
    there = Invitation.objects.filter(dedupe_key__in=list(keyed))
    known = set(there.values_list("dedupe_key", flat=True))
    first: dict[int, Occasion] = {}
    for key, occasion in keyed.items():
        if key not in known:
            first.setdefault(occasion.customer_id, occasion)
    return list(first.values())


@transaction.atomic
def invite_chunk(chunk: Sequence[Occasion], around: Round) -> tuple[int, Iterable[str]]:
    """Invitations and mails of some occasions, all or none; and why the others got none.

    One after the other for surveys of a kind: of two rules at once, the second sees whom the first
    asked.
    None of a survey that is archived, or of a rule that was switched off since the round began;
    whoever does so meanwhile waits until these are there.
    """
    version = asked_now(around.asking.survey)
    if version is None or not is_still_on(around.rule):
        return 0, ()
    chosen = choose(around.asking, [each.customer_id for each in chunk], now=around.now)
    content = Content.read(version.content)
    rows = [
        new_invitation(each, chosen.asked[each.customer_id], content, version, around)
        for each in chunk
        if each.customer_id in chosen.asked
    ]
    due = {each.customer_id: each.at for each in chunk}
    return len(keep(rows, due, around.now)), chosen.left_out.values()


def keep(
    rows: Iterable[Invitation], due: Mapping[int, datetime], now: datetime
) -> list[Invitation]:
    """Invitations with their mails, but for those that another run was first to make.

    `due` says by customer when a mail goes, once it has waited as the rules of sending say.
    """
    new = Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    made = Invitation.objects.filter(token_sha256__in=[row.token_sha256 for row in new])
    together = ("contact__customer__owner", "batch", "version", "survey")
    found = list(made.select_related(*together).order_by("pk"))
    write_mails(found, due, now)
    return found


def asked_now(survey: Survey) -> SurveyVersion | None:
    """What a survey in use asks; None where it is archived or asks nothing yet.

    All surveys in use of its kind are held, since they ask the same people.
    """
    published = SurveyVersion.objects.exclude(published_at=None).select_related("survey")
    alike = published.filter(survey__kind=survey.kind, survey__archived_at=None)
    held = alike.select_for_update(no_key=True, of=("survey",)).order_by("survey", "-number")
    return next((version for version in held if version.survey_id == survey.pk), None)


def is_still_on(rule: SendingRule | None) -> bool:
    """Whether a rule, which is held then, is on as it was when it was read; no rule always is."""
    if rule is None:
        return True
    same = SendingRule.objects.filter(pk=rule.pk, on_since=rule.on_since)
    return same.select_for_update(no_key=True).first() is not None


def new_invitation(
    occasion: Occasion,
    contact: Contact,
    content: Content,
    version: SurveyVersion,
    around: Round,
) -> Invitation:
    nonce = new_nonce()
    return Invitation(
        survey=around.asking.survey,
        version=version,
        customer_id=occasion.customer_id,
        contact=contact,
        cancellation_id=occasion.cancellation_id,
        rule=around.rule,
        batch=around.batch,
        dedupe_key=f"{around.prefix}:{occasion.key}:{occasion.customer_id}",
        language=language_for(contact, content),
        nonce=nonce,
        token_sha256=hash_of(token_of(SURVEY, nonce)),
        created_at=around.now,
        created_by=around.by,
        expires_at=max(occasion.at, around.now) + OPEN_FOR,
        remind_after_days=around.remind_after_days,
    )


def write_mails(made: Sequence[Invitation], due: Mapping[int, datetime], now: datetime) -> None:
    """One mail an invitation."""
    writer = Writer(Organisation.current())
    drafts = [draft("mail", each, writer, due.get(each.customer_id)) for each in made]
    for invitation, mail in zip(made, queue(drafts, now=now), strict=True):
        invitation.mail = mail
    Invitation.objects.bulk_update(made, ["mail"])


def draft(
    words: str, invitation: Invitation, writer: Writer, due_at: datetime | None = None
) -> Draft:
    """The mail of an invitation (`words` is `mail`), or one that reminds of it (`reminder`)."""
    contact = invitation.contact
    if contact is None:
        raise ValueError("an invitation without a contact gets no mail")
    key = f"invitation:{invitation.pk}:{words}"
    if words == "reminder":
        key = reminder_key(invitation.pk, invitation.reminders_sent)
    written = writer.letter(
        words, invitation.version, contact, invitation.language, turn_of(invitation.nonce)
    )
    leaves = invitation.cancellation_id is not None  # asked once, or never
    return Draft(
        dedupe_key=key,
        patient_until=invitation.expires_at - ANSWERING if leaves and words == "mail" else None,
        purpose=MailPurpose.SURVEY,
        kind=invitation.survey.kind_of_mail,
        to_email=contact.email,
        to_name=contact.name,
        customer=contact.customer,
        contact=contact,
        language=invitation.language,
        subject=written.subject,
        text=written.text,
        html=written.html,
        links={"survey": link_of(invitation)},
        due_at=due_at,
        batch=invitation.batch,
        unsubscribable=True,
    )


def link_of(invitation: Invitation) -> PrivateLink:
    return {
        "path": "/s/{token}",
        "purpose": SURVEY,
        "nonce": invitation.nonce,
        "until": invitation.expires_at.astimezone(UTC).isoformat(),
    }


def reminder_key(invitation: int, number: int) -> str:
    """What a reminder is sent once by."""
    return f"invitation:{invitation}:reminder:{number}"


def call_back_void(now: datetime) -> int:
    """Mails that wait to ask about a departure that was withdrawn, or turned out involuntary; those
    whose link has expired while they were held up; and those of archived surveys, which were on
    their way out when these were archived, and failed.
    """
    withdrawn = Q(cancellation__withdrawn_at__isnull=False) | Q(cancellation__involuntary=True)
    over = Q(survey__archived_at__isnull=False) | Q(expires_at__lte=now)
    gone = waiting().filter(withdrawn | over)
    return call_back(gone.values_list("pk", flat=True), now)


def waiting() -> QuerySet[Invitation]:
    """Invitations whose mail has not gone out."""
    return Invitation.objects.filter(called_back_at=None, mail__state__in=OutgoingEmail.WAITING)


@transaction.atomic
def call_back(invitations: Iterable[int], now: datetime) -> int:
    """Stop the mails of invitations that have not gone out; how many that were."""
    mails = OutgoingEmail.objects.filter(
        pk__in=Invitation.objects.filter(pk__in=list(invitations)).values("mail"),
        state__in=OutgoingEmail.WAITING,
    )
    stopped = list(mails.select_for_update().values_list("pk", flat=True))
    OutgoingEmail.objects.filter(pk__in=stopped).call_back()
    return Invitation.objects.filter(mail__in=stopped).update(called_back_at=now)
