"""What each page of a visit says in the active language: for the page, and for evidence."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from campaigns.costs import Pays, applies
from campaigns.granting import local_day
from campaigns.leaving.choosing import answer_to
from campaigns.leaving.endings import Ending, endings
from campaigns.leaving.steps import CONFIRM, HELP, REASON
from campaigns.models import CancelVisit, FlowAnswer, Grant, Offer
from campaigns.paying import paying
from campaigns.showing import shown_offer
from churnapp.common import formats
from feedback.offers import Offer as Choice
from feedback.offers import in_turn, offered_reasons, turn_of

Kind = FlowAnswer.Kind


@dataclass(frozen=True)
class Help:
    """What stands beside the way out: an offer, help with an address, or a call."""

    kind: str
    title: str
    text: str
    button: str
    address: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)
    offer_id: int | None = None


@dataclass(frozen=True)
class Page:
    """One page: its words, the reasons it asks for, what it offers, and what ends when."""

    name: str
    title: str
    text: str
    leads_on: str
    stays: str = ""
    choices: Sequence[Choice] = ()
    help: Help | None = None
    ends: Sequence[tuple[str, str]] = ()


def page_of(visit: CancelVisit, name: str, *, language: str, now: datetime) -> Page:
    """The page of that name; the last one where the visit has nothing for it."""
    today = local_day(now)
    if name == REASON:
        return reason_page(visit, language)
    found = help_of(visit, language, now)
    if name == HELP and found is not None:
        return help_page(found)
    return last_page(found, said_endings(endings(visit, today)), by_mail=bool(visit.contact))


def help_page(found: Help) -> Page:
    return Page(HELP, found.title, found.text, _("Go on to cancel"), _("Keep it"), help=found)


def last_page(found: Help | None, ends: Sequence[tuple[str, str]], *, by_mail: bool) -> Page:
    """The last word; `by_mail`: somebody is known who gets the confirmation."""
    said = [_("When you click, it is cancelled.")]
    if by_mail:
        said.append(_("You get a confirmation by mail."))
    return Page(
        CONFIRM,
        _("Cancel now?"),
        " ".join(said),
        _("Cancel now"),
        _("Keep it"),
        help=found,
        ends=ends,
    )


def reason_page(visit: CancelVisit, language: str) -> Page:
    """The first page: why, if they want to say."""
    flow = visit.flow
    given = {visit.reason.key} if visit.reason else set()
    choices = in_turn(
        offered_reasons(language, given), lambda offer: offer.key, turn_of(visit.nonce)
    )
    return Page(
        REASON,
        flow.text("title", language) or _("Cancel"),
        flow.text("text", language) or _("Tell us why, if you like. You need not."),
        _("Go on to cancel"),
        choices=choices,
    )


def help_of(visit: CancelVisit, language: str, now: datetime) -> Help | None:
    """What is shown beside the way out; nothing to those held out, and no offer that is over."""
    if visit.held_out or not visit.answer:
        return None
    if visit.answer == Kind.OFFER:
        return offer_of(visit.grant, language, now) if visit.grant else None
    answer = answer_to(visit.flow, visit.reason)
    if answer is None or answer.kind != visit.answer:
        return None
    return words_of(answer, language)


def words_of(answer: FlowAnswer, language: str) -> Help:
    """Help or a call as it is written."""
    title, text = answer.text("title", language), answer.text("text", language)
    calls = answer.kind == Kind.CALL
    button = answer.text("button", language) or (_("Call me") if calls else _("Open the help"))
    return Help(answer.kind, title, text, button, "" if calls else answer.address)


def offer_of(grant: Grant, language: str, now: datetime) -> Help | None:
    offer, today = grant.offer, local_day(now)
    known = paying([grant.customer_id], today).get(grant.customer_id)
    if known is None or not offer.is_on or not grant.is_open(now) or not applies(offer, known[0]):
        return None
    return offer_words(offer, known[0], today, language)


def offer_words(offer: Offer, pays: Pays, today: date, language: str) -> Help:
    """An offer as somebody sees it who pays so."""
    return Help(
        Kind.OFFER,
        offer.text("title", language),
        offer.text("text", language),
        offer.text("button", language) or _("Accept"),
        rows=shown_offer(offer, pays, today).rows,
        offer_id=offer.pk,
    )


def said_endings(ends: Sequence[Ending]) -> list[tuple[str, str]]:
    """What ends, and how long it can still be used; what a contract decides says so."""
    return [(each.plan or _("Your subscription"), said_ending(each)) for each in ends]


def said_ending(ending: Ending) -> str:
    last = formats.day(ending.on - date.resolution)
    if ending.bound:
        return _("ends after %(day)s, as your contract says") % {"day": last}
    return _("ends after %(day)s") % {"day": last}


def wording_of(page: Page) -> dict[str, Any]:
    """All that the page says, as evidence keeps it."""
    return asdict(page) | {
        "choices": [{"key": each.key, "label": each.label} for each in page.choices],
        "ends": [list(each) for each in page.ends],
    }
