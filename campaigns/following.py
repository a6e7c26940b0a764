"""Links of campaigns' mails: whose they are, and whether a person or a program followed one.

Following a link changes nothing: it is noted in a log of its own (`LinkHit`), so that figures can
tell people from the programs that look into mail before anybody reads it. What customers want they
say by a form, on the page that the link leads to.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.crypto import constant_time_compare, salted_hmac

from campaigns.models import Content, LinkHit, Recipient, StepDone
from customers.mail.links import token_of

PURPOSE = "campaign"
NOBODY = "0" * 64  # the nonce that is compared where there is no such recipient
WRITTEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})", re.ASCII)
# What speaks for a program; the codes are kept in rows.
HEAD, KNOWN, AT_ONCE, MANY = "head", "known_program", "at_once", "many_at_once"
PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|preview|scan|proxy|fetch|curl|wget|python|java/|go-http|okhttp"
    r"|libwww|headless|safelinks|barracuda|mimecast|proofpoint|symantec|facebookexternal",
    re.IGNORECASE,
)
SOON = timedelta(seconds=5)  # after it was handed over nobody has read a mail
WINDOW, MOST_PEOPLE = timedelta(minutes=1), 4  # whose links one program and network may follow
MOST_HITS = 20  # kept of one step of one recipient


def find_recipient(written: str) -> Recipient | None:
    """Whose link it is; None for one that we have not made, after the same work."""
    read = WRITTEN.fullmatch(written)
    pk, token = (int(read[1]), read[2]) if read else (0, "")
    recipient = Recipient.objects.select_related("campaign").filter(pk=pk).first()
    right = token_of(PURPOSE, recipient.nonce if recipient else NOBODY)
    return recipient if constant_time_compare(token, right) else None


@dataclass(frozen=True)
class Visit:
    """How a link was asked for: by which verb and program, and from which network.

    `content` is what of the library it leads to, if anything.
    """

    method: str
    program: str
    network: str
    content: Content | None = None

    @property
    def source(self) -> str:
        """What is kept of where it comes from: it names nobody, and is the same each time."""
        named = f"{self.network}\n{self.program}"
        return salted_hmac("campaigns.following", named, algorithm="sha256").hexdigest()


def note_hit(recipient: Recipient, step: str, visit: Visit, *, now: datetime) -> LinkHit | None:
    """Note that a link was followed, and by whom; None once it was followed very often.

    One source that follows the links of many people within a minute is a program: so were those
    that it followed before in that minute.
    """
    if LinkHit.objects.filter(recipient=recipient, step=step).count() >= MOST_HITS:
        return None
    because = because_of(recipient, step, visit, now)
    hit = LinkHit.objects.create(
        recipient=recipient,
        step=step,
        at=now,
        because=because,
        source=visit.source,
        content=visit.content,
    )
    lately = LinkHit.objects.filter(source=visit.source, at__gt=now - WINDOW, at__lte=now)
    people = lately.aggregate(people=Count("recipient", distinct=True))["people"]
    if people > MOST_PEOPLE:
        lately.filter(because="").update(because=MANY)
        hit.refresh_from_db(fields=["because"])
    return hit


def because_of(recipient: Recipient, step: str, visit: Visit, now: datetime) -> str:
    """What of the request itself speaks for a program; "" for what a person may have done."""
    if visit.method == "HEAD":
        return HEAD
    if not visit.program or PROGRAMS.search(visit.program):
        return KNOWN
    done = StepDone.objects.filter(recipient=recipient, step=step).select_related("mail").first()
    sent_at = done.mail.sent_at if done and done.mail else None
    return AT_ONCE if sent_at and now < sent_at + SOON else ""
