"""The choices that a question offers: its own, or the organisation's reasons for leaving."""

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


def offers_of(content: Content, question: Question, language: str) -> list[Offer]:
    """The choices of a question in a language, in their order."""
    if question.source == REASONS:
        return offered_reasons(language)
    name = f"c.{question.key}"
    return [Offer(key, content.text(f"{name}.{key}", language)) for key in question.choices]


def reasons_in_use() -> QuerySet[CancellationReason]:
    return CancellationReason.objects.filter(retired_at=None, merged_into=None)


def offered_reasons(language: str) -> list[Offer]:
    """The organisation's own reasons for leaving that are in use; something else, without any."""
    newest = ReasonVersion.objects.filter(reason__in=reasons_in_use()).order_by(
        "reason_id", "-version"
    )
    versions = newest.distinct("reason_id").select_related("reason")
    in_order = sorted(versions, key=lambda version: (version.reason.position, version.reason.key))
    offers = [
        Offer(
            version.reason.key,
            version.labels.get(language) or version.labels.get("en") or version.reason.key,
            version.asks,
        )
        for version in in_order
    ]
    return offers or [Offer(OTHER, _("Something else"))]
