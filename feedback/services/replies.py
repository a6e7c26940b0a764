"""Reply to an answer: a personal mail by a named colleague, which waits a moment to be called back.

It is counted in no contact budget and knows no quiet hours, as a person decides on it; who gets no
mail at all gets none of these either.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.models import Contact, OutgoingEmail
from customers.services.ledger import database_clock
from customers.services.mail import ring
from customers.services.personal_mail import (
    Around,
    Letter,
    drafted,
    tell_timeline,
    why_not_reached,
)
from customers.services.tasks import settle_task, unsettle_task
from customers.services.traces import Deed, audit
from feedback.models import Response
from feedback.services.reply_words import language_of, without_quotation

REPLY = "reply"


@dataclass(frozen=True)
class Reply:
    """What a colleague wrote; `number` is how many replies there were when they began."""

    subject: str
    text: str
    number: int


def replies_to(response: Response) -> QuerySet[OutgoingEmail]:
    """The replies to an answer, called back ones too, in their order."""
    found = OutgoingEmail.objects.filter(dedupe_key__startswith=f"{REPLY}:{response.pk}:")
    return found.select_related("written_by", "batch").order_by("pk")


def why_no_reply(response: Response, *, today: date) -> str:
    """Why nobody can reply to an answer, as a sentence; "" where they can."""
    contact = response.contact
    if contact is None:
        return _("Nobody knows who answered, so there is no address to reply to.")
    return why_not_reached(contact, today)


@transaction.atomic
def send_reply(response: Response, reply: Reply, *, by: User) -> OutgoingEmail:
    """Queue a reply and put it on the timeline; the same form sent twice is one mail.

    The task about the answer is done with it. Raises RuleError where nobody can reply, for empty
    words, and where somebody has replied since.
    """
    held = Response.objects.select_for_update(of=("self",), no_key=True).select_related("contact")
    response = held.get(pk=response.pk)
    now = database_clock()
    why = why_no_reply(response, today=now.astimezone(Organisation.current().zone).date())
    if why or response.contact is None:
        raise RuleError(why)
    draft = written(response, response.contact, reply, by)
    known = list(replies_to(response))
    if reply.number < len(known) and is_same(known[reply.number], draft):
        return known[reply.number]
    if reply.number != len(known):
        raise RuleError(_("Somebody has replied meanwhile. Look at the answer, then send yours."))
    (mail,) = queue([draft], now=now)
    tell_timeline(mail, without_quotation(reply.text), now=now, by=by)
    audit(Deed("answer_replied_to", by, now), response, {"mail": [None, mail.pk]})
    if response.task is not None:
        settle_task(response.task, because=f"{REPLY}:{mail.pk}", by=by)
    ring()
    return mail


def take_back_reply(mail: OutgoingEmail, *, by: User | None) -> None:
    """A mail was called back: where it was the reply that did a task, the task is open again."""
    about, _colon, rest = mail.dedupe_key.partition(":")
    pk = rest.partition(":")[0]
    if about != REPLY or mail.state != OutgoingEmail.State.CANCELLED or not pk.isdecimal():
        return
    response = Response.objects.select_related("task").filter(pk=pk).first()
    if response is not None and response.task is not None:
        unsettle_task(response.task, because=(f"{REPLY}:{mail.pk}",), by=by)


def is_same(mail: OutgoingEmail, draft: Draft) -> bool:
    """Whether a mail is what this draft would be: a second click, not a second reply."""
    return (mail.written_by, mail.subject, mail.text) == (
        draft.written_by,
        draft.subject,
        draft.text,
    )


def written(response: Response, contact: Contact, reply: Reply, by: User) -> Draft:
    """The mail, which has no button: it only answers."""
    language = language_of(response)
    with translation.override(language):
        around = Around(
            key=f"{REPLY}:{response.pk}:{reply.number}",
            customer=response.customer,
            language=language,
            why=_("You get this mail because you answered us."),
        )
        return drafted(Letter(reply.subject, reply.text), contact, around, by=by)
