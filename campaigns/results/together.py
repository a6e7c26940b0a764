"""All campaigns with a holdout as one: what they did together, and what offers cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from campaigns.effects.money import Gain, total_of
from campaigns.effects.pooled import pooled
from campaigns.effects.rates import Effect, Outcome, effect_of
from campaigns.models import Campaign, Grant, StepDone
from campaigns.results.asking import Asked
from campaigns.results.outcomes import Outcomes, outcomes_of
from campaigns.results.revenue import earned_in, gains_of


@dataclass(frozen=True)
class Measured:
    """One campaign: what it came to, and what came in by its own horizon; None where unknown."""

    outcomes: Outcomes
    gain: Gain | None

    @property
    def campaign(self) -> Campaign:
        return self.outcomes.campaign

    @property
    def counts(self) -> bool:
        """Whether its effect may be read, and is one that a holdout can show."""
        return self.outcomes.is_readable and self.outcomes.compares

    @property
    def effect(self) -> Effect:
        return effect_of(self.outcomes.outcome if self.counts else Outcome(0, 0, 0, 0))


@dataclass(frozen=True)
class Together:
    """All of them, the newest first."""

    measured: Sequence[Measured]
    held_out_now: int
    offers_minor: int

    @property
    def counted(self) -> list[Measured]:
        return [one for one in self.measured if one.counts]

    @property
    def outcome(self) -> Outcome:
        """Customers added up; the effect is not that of these sums, but `effect`."""
        each = [one.outcomes.outcome for one in self.counted]
        return Outcome(
            sum(one.returned_treated for one in each),
            sum(one.treated for one in each),
            sum(one.returned_holdout for one in each),
            sum(one.holdout for one in each),
        )

    @property
    def effect(self) -> Effect:
        """The mean effect, each campaign against its own holdout."""
        return pooled([one.outcomes.outcome for one in self.counted])

    @property
    def gain(self) -> Gain:
        return total_of([one.gain for one in self.measured if one.gain is not None])


def campaigns_with_a_holdout() -> Sequence[Campaign]:
    """All that were ever launched with one, the newest first."""
    launched = Campaign.objects.filter(launched_at__isnull=False, holdout_percent__gt=0)
    return list(launched.order_by("-launched_at", "-pk"))


def measured_together(asked: Asked, campaigns: Sequence[Campaign]) -> Together:
    """What they did, in five statements, however many they are."""
    outcomes = outcomes_of(asked, campaigns)
    earned = earned_in(asked)
    measured = []
    for campaign in campaigns:
        days = campaign.horizon_days
        gains = gains_of(outcomes[campaign.pk], earned.get(campaign.pk, {}), [days])
        measured.append(Measured(outcomes[campaign.pk], gains[days]))
    ((held_out,),) = asked.run(("drawn", "held_out_now"), places={})
    return Together(measured, held_out, _cost_of_offers(asked))


def _cost_of_offers(asked: Asked) -> int:
    """What the accepted offers of these campaigns cost, in minor units."""
    made_by = StepDone.objects.filter(
        recipient__campaign__in=asked.campaigns, grant__isnull=False
    ).values("grant")
    made = Grant.objects.filter(
        pk__in=made_by, state=Grant.State.ACCEPTED, settled_at__lte=asked.now
    )
    if asked.customers is not None:
        made = made.filter(customer__in=asked.customers)
    cost: int = made.aggregate(cost=Sum("cost_minor"))["cost"] or 0
    return cost
