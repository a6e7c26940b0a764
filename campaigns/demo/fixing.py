"""What Lysbro has put right, and whom it concerns."""

from dataclasses import dataclass
from datetime import timedelta

from campaigns.demo.cast import Cast, morning
from campaigns.models import Fix
from campaigns.services.fixes import record_fix
from customers.filters import segment
from customers.models import CancellationReason, Customer
from feedback.models import Theme


@dataclass(frozen=True)
class Words:
    """What is fixed, how mails name it, and the theme in comments that it is about."""

    name: str
    theme: str
    words: dict[str, str]


APP = Words(
    "The mobile app is fast again",
    "topic:app",
    {
        "en": "the mobile app is fast again",
        "nb": "mobilappen er rask igjen",
        "da": "mobilappen er hurtig igen",
        "sv": "mobilappen är snabb igen",
    },
)
INVOICES = Words(
    "Invoices name what each line is for",
    "topic:invoice",
    {
        "en": "invoices say what each line is for",
        "nb": "fakturaen sier hva hver linje gjelder",
        "da": "fakturaen siger, hvad hver linje dækker",
        "sv": "fakturan säger vad varje rad avser",
    },
)


@dataclass(frozen=True)
class Fixes:
    """The app, which customers are told of; the invoices, which they are not yet."""

    app: Fix
    invoices: Fix

    def heard(self, cast: Cast) -> list[int]:
        return self.found(f"fix_heard={self.app.pk}", cast)

    def left(self, cast: Cast) -> list[int]:
        return self.found(f"fix_left={self.app.pk}", cast)

    def found(self, query: str, cast: Cast) -> list[int]:
        there = segment(query, Customer.objects.filter(pk__in=cast.lives))
        return sorted(there.values_list("pk", flat=True))


def stand_fixes(cast: Cast) -> Fixes:
    """Recorded by the manager some days ago."""
    return Fixes(
        record(cast, APP, ("reliability",), days_ago=12),
        record(cast, INVOICES, (), days_ago=3),
    )


def record(cast: Cast, what: Words, reasons: tuple[str, ...], *, days_ago: int) -> Fix:
    """One of them; tied to another reason where customers are too few to have its theme."""
    at = morning(cast.world, days_ago)
    tied = CancellationReason.objects.filter(key__in=reasons)
    themes = Theme.objects.filter(key=what.theme)
    given = {
        "name": what.name,
        "words": what.words,
        "fixed_on": (at - timedelta(days=2)).date(),
        "feature": None,
        "reasons": tied if tied or themes else CancellationReason.objects.filter(key="other"),
        "themes": themes,
    }
    fix = record_fix(given, by=cast.manager)
    Fix.objects.filter(pk=fix.pk).update(recorded_at=at)
    return fix
