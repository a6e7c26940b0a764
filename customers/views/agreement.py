"""How far the kinds of reason agree: what is stated, read, thought and seen, pair by pair."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import F, QuerySet
from django.utils.functional import Promise

from churnapp.common.intervals import Interval, wilson
from customers.models import Cancellation, CancellationReason, ReasonKind
from customers.models.reason_view import with_kinds

MOST = 5  # reasons of a cross table
FEW = 20  # departures under which an agreement says little
ASKED = ("both", "same", "differ")
Pair = tuple[int, int]
Address = Callable[..., str]


@dataclass(frozen=True)
class Told:
    """The reason that each kind holds for one departure, None where it is blank."""

    stated: int | None
    text: int | None
    csm: int | None
    behaviour: int | None

    def of(self, kind: str) -> int | None:
        return getattr(self, kind)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Agreement:
    """Two kinds compared where both say something."""

    one: str | Promise
    other: str | Promise
    both: int
    same: int
    chance: float
    href_both: str
    href_same: str
    href_differ: str

    @property
    def differ(self) -> int:
        return self.both - self.same

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960): agreement beyond chance; None where chance alone agrees always."""
        if self.chance == 1:
            return None
        return (self.same / self.both - self.chance) / (1 - self.chance)

    @property
    def tenths(self) -> int:
        """In how many of ten the two agree."""
        return round(10 * self.same / self.both)

    @property
    def tenths_by_chance(self) -> int:
        return round(10 * self.chance)

    @property
    def share(self) -> float | None:
        return self.same / self.both if self.both else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.same, self.both)

    @property
    def is_few(self) -> bool:
        return self.both < FEW


@dataclass(frozen=True)
class Cell:
    """How many state one reason while we think another."""

    count: int
    is_same: bool
    href: str


@dataclass(frozen=True)
class CrossTable:
    """What is stated by what we think, for the reasons that part most often."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def told_of(found: QuerySet[Cancellation]) -> list[Told]:
    """What every departure of a page holds; one question."""
    names = [f"of_{kind}" for kind in ("stated", "text", "csm", "behaviour")]
    return [Told(*row) for row in with_kinds(found.order_by()).values_list(*names)]


def by_chance(pairs: Sequence[Pair]) -> float:
    """The share that would agree if each kind named its reasons as often, but at random."""
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    return sum(left[reason] * right[reason] for reason in left) / len(pairs) ** 2


def pairs_of(told: Iterable[Told], one: str, other: str) -> list[Pair]:
    found = ((each.of(one), each.of(other)) for each in told)
    return [(left, right) for left, right in found if left is not None and right is not None]


def agreements(told: Sequence[Told], address: Address) -> list[Agreement]:
    """Every two kinds that speak of the same departure at least once."""
    made = []
    for one, other in combinations(ReasonKind, 2):
        pairs = pairs_of(told, one, other)
        ways = {name: address(agree=f"{one.value}.{other.value}.{name}") for name in ASKED}
        if pairs:
            same = sum(left == right for left, right in pairs)
            made.append(
                Agreement(
                    one=one.label,
                    other=other.label,
                    both=len(pairs),
                    same=same,
                    chance=by_chance(pairs),
                    href_both=ways["both"],
                    href_same=ways["same"],
                    href_differ=ways["differ"],
                )
            )
    return made


def cross_table(
    told: Sequence[Told], word: Callable[[int], tuple[str, str]], address: Address
) -> CrossTable | None:
    """Stated by our own view; None while the two never part. `word` gives wording and key."""
    pairs = Counter(pairs_of(told, ReasonKind.STATED, ReasonKind.CSM))
    parted: Counter[int] = Counter()
    for (stated, csm), count in pairs.items():
        if stated != csm:
            parted[stated] += count
            parted[csm] += count
    chosen = [reason for reason, _count in parted.most_common(MOST)]
    if not chosen:
        return None
    words = {reason: word(reason) for reason in chosen}

    def cell(stated: int, csm: int) -> Cell:
        way = address(stated=words[stated][1], csm=words[csm][1])
        return Cell(pairs[stated, csm], stated == csm, way)

    return CrossTable(
        columns=tuple(words[reason][0] for reason in chosen),
        rows=tuple((words[one][0], tuple(cell(one, two) for two in chosen)) for one in chosen),
    )


def of_kinds(
    chosen: QuerySet[Cancellation], reasons: dict[str, list[str]], agree: Sequence[str]
) -> QuerySet[Cancellation]:
    """Those of which a kind names one of some reasons, and two kinds agree or part."""
    asked = {kind: keys for kind, keys in reasons.items() if keys}
    compared = [parts for parts in (text.split(".") for text in agree) if is_comparison(parts)]
    if not asked and not compared:
        return chosen
    found = with_kinds(chosen)
    for kind, keys in asked.items():
        found = found.filter(
            **{
                f"of_{kind}__in": list(
                    CancellationReason.objects.filter(key__in=keys).values_list("pk", flat=True)
                )
            }
        )
    for one, other, how in compared:
        found = found.filter(**{f"of_{one}__isnull": False, f"of_{other}__isnull": False})
        if how == "same":
            found = found.filter(**{f"of_{one}": F(f"of_{other}")})
        elif how == "differ":
            found = found.exclude(**{f"of_{one}": F(f"of_{other}")})
    return found


def is_comparison(parts: Sequence[str]) -> bool:
    """Whether an address names two kinds, and how they compare."""
    return len(parts) == len(ASKED) and {*parts[:2]} <= {*ReasonKind.values} and parts[2] in ASKED
