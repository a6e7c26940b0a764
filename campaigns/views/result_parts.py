"""The effect by reason, by variant and by offer, with a guard against ranking chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from campaigns.effect_words import best_words, stratum_words
from campaigns.effects import strata, variants
from campaigns.effects.rates import Effect
from campaigns.models import Campaign, Offer
from campaigns.paths import Path
from campaigns.results.asking import Asked
from campaigns.results.funnel import OfferMade, offers_made
from campaigns.results.outcomes import Outcomes
from campaigns.views.result_figures import ArmFigure, between_points
from churnapp.common import formats
from churnapp.common.charts.forest import Forest, Item, forest
from customers.models import ReasonVersion


@dataclass(frozen=True)
class PartRow:
    """One part: both arms, its effect, and what may be said of it."""

    name: str
    treated: ArmFigure
    holdout: ArmFigure
    effect: Effect
    words: str


@dataclass(frozen=True)
class PairRow:
    """Two variants against each other."""

    names: str
    text: str
    between: str
    is_told: bool


@dataclass(frozen=True)
class OfferRow:
    name: str
    found: OfferMade


class ResultParts:
    """What the results of one campaign are divided by."""

    def __init__(self, outcomes: Outcomes, asked: Asked) -> None:
        self.outcomes, self.asked = outcomes, asked

    @property
    def campaign(self) -> Campaign:
        return self.outcomes.campaign

    @property
    def may_say(self) -> bool:
        return self.outcomes.is_readable and self.outcomes.compares

    @cached_property
    def reasons(self) -> list[PartRow]:
        """By reason, the most frequent first; nothing where all have the same."""
        found = self.outcomes.by_reason
        if len(found) < 2 or not self.outcomes.compares:
            return []
        names = reason_names([key for key in found if key])
        by_name = {
            names.get(key, _("No reason known")) if key else _("No reason known"): one
            for key, one in found.items()
        }
        rows = [
            PartRow(
                part.key,
                ArmFigure.of(part.outcome.returned_treated, part.outcome.treated),
                ArmFigure.of(part.outcome.returned_holdout, part.outcome.holdout),
                part.effect,
                stratum_words(part, len(by_name)) if self.may_say else "",
            )
            for part in strata.strata_of(by_name)
        ]
        return sorted(rows, key=lambda row: -row.treated.people - row.holdout.people)

    @property
    def best_reason(self) -> str:
        """Where it works best, as far as that may be said; "" before it may be read."""
        if not self.may_say or len(self.reasons) < 2:
            return ""
        names = reason_names([key for key in self.outcomes.by_reason if key])
        best = strata.best_of(
            {names.get(key or 0, ""): one for key, one in self.outcomes.by_reason.items()}
        )
        return best_words(best or None)

    @property
    def reason_forest(self) -> Forest | None:
        if not self.reasons or not self.may_say:
            return None
        items = [item_of(row.name, row.effect) for row in self.reasons]
        chart = forest(_("Effect by reason, in percentage points"), items, points_text)
        return None if chart.is_empty else chart

    @cached_property
    def variants(self) -> list[tuple[str, ArmFigure]]:
        """The rate of each variant; nothing where there is one only."""
        arms = self.outcomes.by_variant
        if len(arms) < 2:
            return []
        names = variant_names(self.campaign)
        return [
            (named(names, key), ArmFigure.of(arm.returned, arm.people)) for key, arm in arms.items()
        ]

    @property
    def pairs(self) -> list[PairRow]:
        """Each two variants, once it may be read."""
        if not self.outcomes.is_readable or not self.variants:
            return []
        names = variant_names(self.campaign)
        return [
            PairRow(
                f"{named(names, pair.one)} − {named(names, pair.other)}",
                formats.points(pair.effect.difference),
                between_points(pair.effect),
                pair.winner is not None,
            )
            for pair in variants.pairs_of(self.outcomes.by_variant)
        ]

    @property
    def best_variant(self) -> str:
        if not self.outcomes.is_readable or not self.variants:
            return ""
        best = variants.best_of(self.outcomes.by_variant)
        return best_words(named(variant_names(self.campaign), best) if best else None)

    @cached_property
    def offers(self) -> list[OfferRow]:
        found = offers_made(self.asked)
        names = dict(
            Offer.objects.filter(pk__in=[one.offer_id for one in found]).values_list("pk", "name")
        )
        return [OfferRow(names.get(one.offer_id, ""), one) for one in found]


def reason_names(keys: list[int]) -> dict[int, str]:
    """Reasons as they are worded now."""
    newest = ReasonVersion.objects.order_by("reason_id", "-version").distinct("reason_id")
    return {version.reason_id: str(version) for version in newest.filter(reason__in=keys)}


def variant_names(campaign: Campaign) -> Mapping[str, str]:
    """What variants are called; their letter where they have no name."""
    found = Path.read(campaign.path).variants
    return {one.key: one.name or one.key.upper() for one in found}


def named(names: Mapping[str, str], key: str) -> str:
    """The name of a variant; its letter once it is in the path no more."""
    return names.get(key, key.upper())


def item_of(name: str, effect: Effect, href: str = "", *, is_sum: bool = False) -> Item:
    """An effect for a forest, in percentage points."""
    value, low, high = (
        None if end is None else end * 100 for end in (effect.difference, effect.low, effect.high)
    )
    said = formats.points(effect.difference)
    return Item(name, value, low, high, text=said, href=href, is_sum=is_sum)


def points_text(value: float) -> str:
    return formats.number(value, 1)
