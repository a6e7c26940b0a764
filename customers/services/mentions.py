"""Take in what is said of us, find out whose it is, and see to it that it is answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.matching import FREE_DOMAINS, matching_parameters
from customers.models import Complaint, Customer, Interaction, Mention
from customers.models.customer import CustomerQuerySet
from customers.models.mention import sentiment_of
from customers.services.ledger import database_clock
from customers.services.staff import check_at_work
from customers.services.traces import Deed, audit

SQL = Path(__file__).parent.parent / "sql"
MATCH = (SQL / "mentions_match.sql").read_text("utf-8")
TELL = (SQL / "mentions_tell.sql").read_text("utf-8")
HOST = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/:?#\s]+)", re.IGNORECASE)
MOST_CANDIDATES = 20
Matched = Mention.Matched


@dataclass(frozen=True)
class Arrangement:
    """Who answers a mention by when, and how it sounds."""

    owner: User | None
    reply_by: date | None
    sentiment: int | None


@transaction.atomic
def add_mention(values: Mapping[str, Any], *, website: str = "", by: User | None) -> Mention:
    """Take a mention in and match it. Raises RuleError for an id that is there, or the future.

    It is matched by what is given of its author; several customers that fit are left to a person.
    """
    mention = Mention(**values)
    now = database_clock()
    if mention.occurred_at > now:
        raise RuleError(_("It can't have happened in the future."), field="occurred_at")
    if mention.replied_at and mention.replied_at < mention.occurred_at:
        raise RuleError(_("The reply can't come before the mention."), field="replied_at")
    check_at_work(mention.owner, field="owner")
    mention.domain = domain_of(website, mention.author_email)
    if mention.sentiment is None:
        mention.sentiment = sentiment_of(mention.rating)
    if mention.customer is not None:
        mention.matched_by = Matched.CUSTOMER_ID
    try:
        with transaction.atomic():
            mention.save(force_insert=True)
    except IntegrityError as error:
        raise RuleError(_("There is a mention with this id."), field="external_id") from error
    _run(MATCH, mention)
    _run(TELL, mention)
    audit(Deed("mention_added", by, now), mention, {"kind": [None, mention.kind]})
    mention.refresh_from_db()
    return mention


def domain_of(website: str, email: str) -> str:
    """The domain of a website, else that of an address; in lower case, without www."""
    found = HOST.match(website.strip())
    domain = found.group(1) if found else email.rpartition("@")[2]
    return domain.lower()[:253]


def candidates(mention: Mention, visible: CustomerQuerySet) -> CustomerQuerySet:
    """Customers that it may be about, by any trait: for a person to choose from."""
    fits = Q()
    if mention.author_email:
        fits |= Q(contacts__email__iexact=mention.author_email)
    if mention.domain and mention.domain not in FREE_DOMAINS:
        fits |= Q(contacts__email__iendswith=f"@{mention.domain}")
    if mention.company:
        fits |= Q(name__icontains=mention.company)
    if not fits:
        return visible.none()
    return visible.filter(fits).order_by("name", "pk").distinct()[:MOST_CANDIDATES]


@transaction.atomic
def match_mention(mention: Mention, customer: Customer, *, by: User | None) -> Mention:
    """Say whose it is; it goes on the customer's timeline. Raises RuleError if that is known."""
    _take(mention, customer=customer, matched_by=Matched.PERSON)
    _run(MATCH, mention)
    _run(TELL, mention)
    _tell(mention, "mention_matched", by, {"customer": [None, customer.external_id]})
    return mention


@transaction.atomic
def set_apart(mention: Mention, *, by: User | None) -> Mention:
    """Say that no customer of ours said it. Raises RuleError if it belongs to one."""
    _take(mention, matched_by=Matched.NOBODY)
    _tell(mention, "mention_set_apart", by)
    return mention


@transaction.atomic
def unmatch_mention(mention: Mention, *, by: User | None) -> Mention:
    """Take back whose it is, and take it off the timeline. Raises RuleError if that is not known,

    or if a complaint was made of it.
    """
    entry = Interaction.objects.filter(external_id=mention.entry_id)
    if Complaint.objects.filter(entry__in=entry).exists():
        raise RuleError(_("A complaint was made of this mention: it stays with its customer."))
    known = Mention.objects.filter(pk=mention.pk).exclude(customer=None, matched_by="")
    if not known.update(customer=None, contact=None, matched_by=""):
        raise RuleError(_("Nobody has said yet whose this is."))
    entry.delete()
    mention.customer, mention.contact, mention.matched_by = None, None, ""
    _tell(mention, "mention_unmatched", by)
    return mention


@transaction.atomic
def arrange_mention(mention: Mention, arrangement: Arrangement, *, by: User | None) -> Mention:
    """Say who answers it by when, and how it sounds."""
    if arrangement.owner and arrangement.owner.pk != mention.owner_id:
        check_at_work(arrangement.owner, field="owner")
    mention.owner, mention.reply_by = arrangement.owner, arrangement.reply_by
    mention.sentiment = arrangement.sentiment
    mention.save(update_fields=["owner", "reply_by", "sentiment"])
    _run(TELL, mention)
    owner = mention.owner and mention.owner.email
    _tell(mention, "mention_arranged", by, {"owner": [None, owner]})
    return mention


@transaction.atomic
def mark_replied(mention: Mention, *, by: User | None, text: str = "", url: str = "") -> Mention:
    """Record that it is answered, with what and where. Raises RuleError if it is already."""
    reply = {"replied_at": database_clock(), "reply_text": text, "reply_url": url}
    if not Mention.objects.filter(pk=mention.pk, replied_at=None).update(**reply):
        raise RuleError(_("This mention is answered already."))
    for name, value in reply.items():
        setattr(mention, name, value)
    _run(TELL, mention)
    _tell(mention, "mention_replied", by)
    return mention


@transaction.atomic
def take_back_reply(mention: Mention, *, by: User | None) -> Mention:
    """Take back that it is answered, and with what. Raises RuleError if it is not."""
    none = {"replied_at": None, "reply_text": "", "reply_url": ""}
    if not Mention.objects.filter(pk=mention.pk).exclude(replied_at=None).update(**none):
        raise RuleError(_("This mention is not answered yet."))
    for name, value in none.items():
        setattr(mention, name, value)
    _run(TELL, mention)
    _tell(mention, "mention_reply_withdrawn", by)
    return mention


def _take(mention: Mention, **values: Any) -> None:
    """Match it if nobody has done so, else raise RuleError."""
    if not Mention.objects.unmatched().filter(pk=mention.pk).update(**values):
        raise RuleError(_("Somebody matched this mention meanwhile. Look at it again."))
    for name, value in values.items():
        setattr(mention, name, value)


def _run(statement: str, mention: Mention) -> None:
    params = matching_parameters() | {
        "mention_id": mention.pk,
        "import_id": None,
        "moment": database_clock(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _tell(
    mention: Mention, verb: str, by: User | None, changes: dict[str, Any] | None = None
) -> None:
    audit(Deed(verb, by, database_clock()), mention, changes or {})
