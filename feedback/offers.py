"""The choices that a question offers: its own, or the organisation's reasons for leaving."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from customers.models import CancellationReason, ReasonVersion
from feedback.content import REASONS, Content, Question

OTHER = "other"


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
    """The organisation's own reasons for leaving that are in use, and those given; something
    else, where none is in use.
    """
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    versions = [
        version
        for version in newest.select_related("reason")
        if is_in_use(version.reason) or version.reason.key in given
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
    is_else_needed = OTHER in given or not any(is_in_use(version.reason) for version in versions)
    if is_else_needed and OTHER not in {offer.key for offer in offers}:
        offers.append(Offer(OTHER, _("Something else")))
    return offers


def is_in_use(reason: CancellationReason) -> bool:
    return reason.retired_at is None and reason.merged_into_id is None
