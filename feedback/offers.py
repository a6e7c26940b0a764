"""The choices that a question offers: its own, or the organisation's reasons for leaving.

Whoever reads a long list chooses what stands first too often. So each invitation has its turn, in
which the reasons stand in an order of its own, the same in its mail and on its page.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import CancellationReason, ReasonCategory, ReasonVersion
from feedback.content import REASONS, Content, Question

OTHER = "other"
OFFERED = (
    *("labels", "asks", "category"),
    *("reason__key", "reason__position", "reason__retired_at", "reason__merged_into"),
)
TURNS = 8  # so that a mail is put together a few times, not once for each of its readers


@dataclass(frozen=True)
class Offer:
    """A choice as offered; `asks` says which words are asked for beside it: feature, competitor."""

    key: str
    label: str
    asks: str = ""


def offers_of(
    content: Content, question: Question, language: str, given: Collection[str] = ()
) -> list[Offer]:
    """The choices of a question in a language, in their order.

    A reason that somebody has `given` is among them also when it is in use no more.
    """
    if question.source == REASONS:
        return offered_reasons(language, given)
    name = f"c.{question.key}"
    return [Offer(key, content.text(f"{name}.{key}", language)) for key in question.choices]


def reasons_in_use() -> QuerySet[CancellationReason]:
    return CancellationReason.objects.filter(retired_at=None, merged_into=None)


def offered_reasons(language: str, given: Collection[str] = ()) -> list[Offer]:
    """The organisation's own reasons for leaving that a customer can state, and those given;
    something else, where there is none.
    """
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    versions = [
        version
        for version in newest.select_related("reason").only(*OFFERED)
        if is_stated_by_customers(version) or version.reason.key in given
    ]
    versions.sort(key=lambda version: (version.reason.position, version.reason.key))
    offers = [
        Offer(
            version.reason.key,
            version.labels.get(language) or version.labels.get("en") or version.reason.key,
            version.asks,
        )
        for version in versions
    ]
    is_else_needed = OTHER in given or not any(map(is_stated_by_customers, versions))
    if is_else_needed and OTHER not in {offer.key for offer in offers}:
        offers.append(Offer(OTHER, _("Something else")))
    return offers


def is_stated_by_customers(version: ReasonVersion) -> bool:
    """Whether a reason in use is one that a customer gives; that a payment failed, we know."""
    if version.category == ReasonCategory.PAYMENT:
        return False
    return version.reason.retired_at is None and version.reason.merged_into_id is None


def turn_of(nonce: str) -> int:
    """The turn of an invitation, for good."""
    return int.from_bytes(sha256(nonce.encode()).digest()[:4]) % TURNS


def in_turn[T](offers: Iterable[T], key_of: Callable[[T], str], turn: int) -> list[T]:
    """What is offered in the order of a turn, something else last.

    A reason that goes or comes leaves the others in their order.
    """

    def place(offer: T) -> tuple[bool, str]:
        key = key_of(offer)
        return key == OTHER, sha256(f"{turn}:{key}".encode()).hexdigest()

    return sorted(offers, key=place)
