"""Why a customer is at risk, told once: flags of one theme stand behind the gravest of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from customers.models import RiskFlag
from customers.risk.rules import BY_KEY
from customers.risk.sentences import rule_name, sentence


@dataclass(frozen=True)
class WordedFlag:
    """A flag with its sentence in the reader's language."""

    flag: RiskFlag
    sentence: str

    @property
    def rule_name(self) -> str:
        return rule_name(self.flag.rule)

    @property
    def as_list(self) -> list[RiskFlag]:
        return [self.flag]


@dataclass(frozen=True)
class Reason:
    """What one theme has against a customer: the gravest flag, and the others of its kind."""

    theme: str
    main: WordedFlag
    others: tuple[WordedFlag, ...]

    @property
    def flags(self) -> tuple[WordedFlag, ...]:
        return (self.main, *self.others)


def reasons_of(flags: Iterable[RiskFlag], *, today: date) -> list[Reason]:
    """Flags of one customer as reasons, the gravest first; `flag.rule` must be loaded."""
    ordered = sorted(flags, key=lambda flag: (theme_of(flag), -flag.severity, flag.pk))
    told = []
    for theme, group in groupby(ordered, key=theme_of):
        main, *others = (WordedFlag(flag, sentence(flag, today=today)) for flag in group)
        told.append(Reason(theme, main, tuple(others)))
    return sorted(told, key=lambda reason: -reason.main.flag.severity)


def theme_of(flag: RiskFlag) -> str:
    """The theme of a flag's rule; a rule that is no longer known is a theme of its own."""
    rule = BY_KEY.get(flag.rule.key)
    return str(rule.theme.value) if rule else flag.rule.key
