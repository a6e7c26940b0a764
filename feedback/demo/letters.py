"""The mails that asked and reminded, as rows, and the addresses that turned out not to exist."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from churnapp.models import Organisation
from customers.mail.suppression import address_hmac
from customers.models import OutgoingEmail, Suppression
from feedback.demo.replies import Fate, Reply, State
from feedback.inviting.invitations import draft
from feedback.inviting.letters import Writer
from feedback.models import Invitation

CHUNK = 1_000
REMINDER_WAIT = timedelta(minutes=1)
# Older mails keep their words, not their HTML, which is most of their weight.
WITH_HTML = timedelta(days=10)
COPIED = (
    "dedupe_key", "purpose", "customer", "contact", "to_email", "to_name", "language", "subject",
    "text", "batch", "unsubscribable",
)  # fmt: skip


def load_mails(pairs: list[tuple[Reply, Invitation]], now: datetime) -> None:
    """Write the mails of invitations that are there, and tie each to the one that asked."""
    desk = Desk(now, Writer(Organisation.current()))
    mails = [mail for reply, row in pairs for mail in desk.write(reply, row)]
    OutgoingEmail.objects.bulk_create(mails, batch_size=CHUNK)
    written = OutgoingEmail.objects.filter(pk__in=[mail.pk for mail in mails])
    gone_at = Coalesce(F("sent_at"), Value(now))
    written.update(created_at=gone_at, changed_at=gone_at)
    surveys = {row.survey_id for _reply, row in pairs}
    Invitation.objects.filter(survey__in=surveys, mail=None).update(mail=Subquery(that_asked()))
    close_addresses(mail for mail in mails if mail.state == State.BOUNCED)


def that_asked() -> QuerySet[Any, Any]:
    """The mail of an invitation, by its key."""
    key = Concat(Value("invitation:"), Cast(OuterRef("pk"), CharField()), Value(":mail"))
    return OutgoingEmail.objects.filter(dedupe_key=key).values("pk")


def close_addresses(bounced: Iterable[OutgoingEmail]) -> None:
    """No mail any more to addresses that do not exist."""
    reason = Suppression.Reason.HARD_BOUNCE
    Suppression.objects.bulk_create(
        [
            Suppression(address_hmac=address_hmac(mail.to_email), reason=reason, mail=mail)
            for mail in bounced
        ],
        ignore_conflicts=True,
    )


@dataclass
class Desk:
    """Writes mails in the words of the surveys."""

    now: datetime
    writer: Writer

    def write(self, reply: Reply, row: Invitation) -> Iterator[OutgoingEmail]:
        """The mail that asks, and the one that reminds of it."""
        yield self.mail("mail", row, reply.fate, reply.ask.due_at)
        if reply.reminded_at:
            fate = Fate(State.DELIVERED, reply.reminded_at + REMINDER_WAIT)
            yield self.mail("reminder", row, fate, reply.reminded_at)

    def mail(self, words: str, row: Invitation, fate: Fate, due_at: datetime) -> OutgoingEmail:
        written = draft(words, row, self.writer)
        is_new = due_at > self.now - WITH_HTML
        return OutgoingEmail(
            **{name: getattr(written, name) for name in COPIED},
            html=written.html if is_new else "",
            links=dict(written.links),
            due_at=due_at,
            state=fate.state,
            claimed_at=fate.sent_at,
            begun_at=fate.sent_at,
            sent_at=fate.sent_at,
            attempts=int(fate.sent_at is not None),
            error="550 No such user here" if fate.state == State.BOUNCED else "",
        )
