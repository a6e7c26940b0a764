"""The four kinds of reason of a departure, side by side as a page shows them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from churnapp.common import formats
from customers.models import Cancellation, ReasonKind, ReasonView, RiskFlag
from customers.risk.sentences import sentence


@dataclass(frozen=True)
class Kind:
    """What one kind holds, blank where nothing speaks; `why` is what a suggestion rests on."""

    kind: str
    label: str | Promise
    words: str = ""
    suggested: bool = False
    why: str | Promise = ""
    reason: int | None = None
    since: datetime | None = None
    asks: str = ""


@dataclass(frozen=True)
class Headline:
    """The reason that figures count by: `words`, whose it is and since when, as a sentence."""

    words: str
    asks: str
    whose: str


def headline_of(gone: Cancellation, kinds: Iterable[Kind]) -> Headline | None:
    """What counts of a departure, and why; None where no reason is known."""
    version = gone.reason_version
    if version is None:
        return None
    told = [kind for kind in kinds if kind.reason == gone.reason_id and not kind.suggested]
    return Headline(str(version), version.asks, whose(told[0] if told else None, gone))


def whose(kind: Kind | None, gone: Cancellation) -> str:
    """Which of the kinds the headline is, and of which day."""
    if kind is None:
        return _("Counts: the reason that was recorded on %(day)s.") % {
            "day": formats.day(timezone.localdate(gone.recorded_at))
        }
    day = formats.day(timezone.localdate(kind.since or gone.recorded_at))
    sentences = {
        ReasonKind.STATED: _("Counts: the customer's answer of %(day)s."),
        ReasonKind.CSM: _("Counts: our own view of %(day)s."),
        ReasonKind.TEXT: _("Counts: what their words say, confirmed on %(day)s."),
        ReasonKind.BEHAVIOUR: _("Counts: what was seen before, confirmed on %(day)s."),
    }
    return sentences[ReasonKind(kind.kind)] % {"day": day}


def kinds_of(departures: Iterable[Cancellation], *, today: date) -> dict[int, list[Kind]]:
    """The four kinds of each departure; two questions, however many there are."""
    by_id = {gone.pk: gone for gone in departures}
    standing: dict[int, dict[str, ReasonView]] = defaultdict(dict)
    said: set[int] = set()  # of which somebody has ever given a view
    views = ReasonView.objects.telling().filter(cancellation__in=by_id)
    for view in views.select_related("reason_version"):
        if not view.suggested:
            said.add(view.cancellation_id)
        if view.superseded_at is None:
            standing[view.cancellation_id][view.kind] = view
    told = [view for views in standing.values() for view in views.values()]
    sentences = sentences_of(told, today)
    return {pk: kinds(gone, standing[pk], sentences, said=pk in said) for pk, gone in by_id.items()}


def kinds(
    gone: Cancellation, views: dict[str, ReasonView], sentences: dict[int, str], *, said: bool
) -> list[Kind]:
    made = []
    for kind in ReasonKind:
        view = views.get(kind)
        if view:
            made.append(kind_told(view, sentences))
        elif kind == ReasonKind.STATED and not said and gone.reason_version:
            version = gone.reason_version
            made.append(
                Kind(kind, kind.label, str(version), reason=gone.reason_id, asks=version.asks)
            )
        else:
            made.append(Kind(kind, kind.label))
    return made


def kind_told(view: ReasonView, sentences: dict[int, str]) -> Kind:
    version, kind = view.reason_version, ReasonKind(view.kind)
    return Kind(
        kind,
        kind.label,
        str(version or ""),
        view.suggested,
        why(view, sentences),
        reason=view.reason_id,
        since=view.recorded_at,
        asks=version.asks if version else "",
    )


def why(view: ReasonView, sentences: dict[int, str]) -> str | Promise:
    """The customer's own words, or the warnings of that time."""
    if words := view.evidence.get("words"):
        return format_lazy("{label}: {words}", label=_("Their words"), words=", ".join(words))
    flags = view.evidence.get("flags", [])
    return " ".join(sentences[pk] for pk in flags if pk in sentences)


def sentences_of(views: Iterable[ReasonView], today: date) -> dict[int, str]:
    ids = [pk for view in views for pk in view.evidence.get("flags", [])]
    if not ids:
        return {}
    flags = RiskFlag.objects.filter(pk__in=ids).select_related("rule")
    return {flag.pk: sentence(flag, today=today) for flag in flags}
