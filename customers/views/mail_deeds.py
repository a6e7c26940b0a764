"""What people did with a mail, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from churnapp.models import AuditEvent, User
from customers.models import OutgoingEmail

WORDS: dict[str, str | Promise] = {
    "mail_called_back": _("called it back"),
    "mail_sent_again": _("sent it again"),
    "mail_settled_sent": _("said that it went out"),
    "mail_settled_not_sent": _("said that it did not go out, and sent it again"),
}


@dataclass(frozen=True)
class MailDeed:
    """Somebody did something; `by` is None for what no person did."""

    by: User | None
    words: str | Promise
    at: datetime


def deeds_of(mail: OutgoingEmail) -> list[MailDeed]:
    """What people did with a mail, the newest first."""
    events = AuditEvent.objects.filter(
        object_kind="outgoingemail", object_id=mail.pk, verb__in=WORDS
    )
    newest = events.select_related("actor").order_by("-pk")
    return [MailDeed(event.actor, WORDS[event.verb], event.at) for event in newest]
