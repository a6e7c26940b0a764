"""Replies to an answer as rows to read: who wrote when, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from churnapp.common import formats
from customers.mail.reasons import why_not
from customers.models import OutgoingEmail

MAY_REPLY = "customers.send_outgoingemail"
State = OutgoingEmail.State
TONES = {
    State.ACCEPTED: "pill-good",
    State.DELIVERED: "pill-good",
    State.BOUNCED: "pill-bad",
    State.COMPLAINED: "pill-bad",
    State.FAILED: "pill-bad",
    State.UNCERTAIN: "pill-warn",
    State.SUPPRESSED: "pill-bad",
}


@dataclass(frozen=True)
class ReplyRow:
    """One reply; `why` says what stands against it having arrived, if anything does."""

    mail: OutgoingEmail

    @property
    def words(self) -> str:
        facts = {
            "name": self.mail.written_by or _("somebody"),
            "at": formats.moment(self.mail.sent_at or self.mail.created_at),
        }
        if self.mail.sent_at and not self.is_lost:
            return _("Sent by %(name)s on %(at)s.") % facts
        return _("Written by %(name)s on %(at)s.") % facts

    @property
    def is_lost(self) -> bool:
        return self.mail.state in OutgoingEmail.NOT_DELIVERED

    @property
    def state(self) -> str:
        return _("not delivered") if self.is_lost else str(self.mail.get_state_display())

    @property
    def tone(self) -> str:
        return TONES.get(State(self.mail.state), "")

    @property
    def why(self) -> str:
        return why_not(self.mail)

    @property
    def waits(self) -> bool:
        return self.mail.state in OutgoingEmail.WAITING


def rows_of(mails: Iterable[OutgoingEmail]) -> list[ReplyRow]:
    return [ReplyRow(mail) for mail in mails]
