"""What speaks against a launch, and what is worth knowing before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import path_checks
from campaigns.approving import needs_approval
from campaigns.effect_words import WANTED, in_points, reach_words
from campaigns.effects.power import Aim, smallest_lift
from campaigns.effects.variants import reach_of
from campaigns.granting import purse_of
from campaigns.letters import REFERRAL
from campaigns.library.uses import worries
from campaigns.models import Campaign, Goal, Offer, OfferRules, ReferralProgram
from campaigns.paths import Path
from campaigns.sequences.rehearsing import Rehearsal, rehearse
from churnapp.common import formats
from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.filters import offered, segment
from customers.models import Customer
from customers.segments import Size, TookTooLongError, patiently

BASE = 0.05  # how many come back, or stay, by themselves where nothing better is known
FEW = 20  # an audience below which a holdout can tell nothing


@dataclass(frozen=True)
class Finding:
    """`stops` says that it cannot be launched so; `place` is where it is put right."""

    stops: bool
    what: str
    place: str = ""
    step: str = ""


def stop(what: str, place: str = "", step: str = "") -> Finding:
    return Finding(stops=True, what=what, place=place, step=step)


def warn(what: str, place: str = "", step: str = "") -> Finding:
    return Finding(stops=False, what=what, place=place, step=step)


@dataclass(frozen=True)
class Checked:
    """All that was found; `size` and `rehearsal` are None where the audience can't be asked.

    `is_slow` says that it took longer than anybody waits for.
    """

    findings: list[Finding]
    size: Size | None
    rehearsal: Rehearsal | None
    is_slow: bool = False

    @property
    def stops(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.stops]

    @property
    def warns(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.stops]


def check_launch(campaign: Campaign, now: datetime) -> Checked:
    """Try the launch out, and say all that was found."""
    path = Path.read(campaign.path)
    found = [*_of_settings(campaign), *_of_path(path), *_of_offers(path, now)]
    found += _of_library(path, now)
    size, rehearsal, is_slow = None, None, False
    try:
        with patiently():
            size = _size(campaign)
            is_sound = size is not None and bool(path.steps) and bool(path.variants)
            rehearsal = rehearse(campaign, now) if is_sound else None
    except TookTooLongError:
        is_slow = True
    except (RuleError, ValueError) as error:
        found.append(stop(str(error), "settings"))
    found += _of_fix(campaign, path)
    if rehearsal is not None:
        found += _of_people(campaign, path, rehearsal)
    return Checked(found, size, rehearsal, is_slow)


def smallest_told(rehearsal: Rehearsal) -> float | None:
    """The smallest difference that this holdout can tell, as a share; None where none can be."""
    return smallest_lift(rehearsal.treated, rehearsal.held_out, BASE)


def _size(campaign: Campaign) -> Size | None:
    if not campaign.audience:
        return None
    return Size.of(segment(campaign.audience, Customer.objects.all()))


def _of_settings(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.audience:
        yield stop(_("It does not say yet whom it is for."), "settings")
    if campaign.goal == Goal.USED and campaign.goal_feature is None:
        yield stop(_("It does not say which feature they are to use."), "settings")
    if not campaign.holdout_percent:
        yield warn(
            _("Nobody is held out: whether it works can't be told afterwards."),
            "settings",
        )


def _of_path(path: Path) -> Iterator[Finding]:
    for problem in path_checks.problems(path):
        yield stop(problem.what, "path", problem.step)
    yield from _of_letters(path)
    if REFERRAL in str(path.written()) and not ReferralProgram.objects.on().exists():
        said = _("A mail names {{ referral.link }}, and no referral program is on.")
        yield stop(said, "path")


def _of_letters(path: Path) -> Iterator[Finding]:
    """Letters by reason that nobody can get, and what they do to the variants."""
    lettered = [step for step in path.steps if step.by_reason]
    counting = dict(offered.reasons()) if lettered else {}
    for step in lettered:
        for reason in step.by_reason:
            if reason not in counting:
                said = _("No departure counts as “%(reason)s” any more: nobody gets its letter.")
                yield warn(said % {"reason": reason}, "path", step.key)
        if len(path.variants) > 1:
            said = _(
                "Its letters by reason are the same in each variant: who gets one tells nothing"
                " about which variant is better."
            )
            yield warn(said, "path", step.key)


def _of_library(path: Path, now: datetime) -> Iterator[Finding]:
    today = now.astimezone(Organisation.current().zone).date()
    for worry in worries(path, today):
        yield (stop if worry.stops else warn)(worry.what, "path", worry.step)


def _of_fix(campaign: Campaign, path: Path) -> Iterator[Finding]:
    """Languages in which the fix that its mails name has no words."""
    if campaign.fix is None or "fix.name" not in str(path.written()):
        return
    lacking = [code for code in path.languages if not campaign.fix.words.get(code)]
    if lacking:
        said = _("The fix has no words in %(languages)s: mails in it name the fix in English.")
        yield warn(said % {"languages": ", ".join(map(language_name, lacking))}, "settings")


def _of_offers(path: Path, now: datetime) -> Iterator[Finding]:
    rules = OfferRules.current()
    offers = Offer.objects.in_bulk(set(path.offers()))
    for number in dict.fromkeys(path.offers()):
        offer = offers.get(number)
        if offer is None or not offer.is_on:
            name = offer.name if offer else _("An offer")
            said = _("%(offer)s is stopped or gone. Choose another.")
            yield stop(said % {"offer": name}, "path")
        else:
            yield from _of_offer(offer, rules, now)


def _of_offer(offer: Offer, rules: OfferRules, now: datetime) -> Iterator[Finding]:
    if needs_approval(offer, rules) and offer.approved_at is None:
        said = _("%(offer)s is not approved yet: until it is, nobody is made the offer.")
        yield warn(said % {"offer": offer}, "path")
    purse = purse_of(offer, now)
    if (purse.number is not None and purse.number <= 0) or (
        purse.money is not None and purse.money <= 0
    ):
        said = _("Nothing is left of %(offer)s: as many as there are were made.")
        yield warn(said % {"offer": offer}, "path")


def _of_people(campaign: Campaign, path: Path, told: Rehearsal) -> Iterator[Finding]:
    if not told.audience:
        yield stop(_("Nobody fits the audience now."), "settings")
        return
    if not told.treated:
        yield stop(_("Everybody who fits is left out."), "settings")
    yield from _of_languages(path, told)
    if told.over_budget:
        said = ngettext(
            "%(count)s person has had enough mail for now: theirs waits up to a week, and is not"
            " sent if nothing is free by then.",
            "%(count)s people have had enough mail for now: theirs waits up to a week, and is not"
            " sent if nothing is free by then.",
            told.over_budget,
        )
        yield warn(said % {"count": formats.number(told.over_budget)})
    yield from _of_proof(campaign, path, told)


def _of_languages(path: Path, told: Rehearsal) -> Iterator[Finding]:
    if not path.mails():
        return
    for language, count in sorted(told.lacking.items()):
        said = ngettext(
            "%(count)s person reads %(language)s, which the path does not have: they get English.",
            "%(count)s people read %(language)s, which the path does not have: they get English.",
            count,
        )
        facts = {"count": formats.number(count), "language": language_name(language)}
        yield warn(said % facts, "path")


def language_name(code: str) -> str:
    """A language as the reader calls it."""
    return formats.locale().languages.get(code, code)


def _of_proof(campaign: Campaign, path: Path, told: Rehearsal) -> Iterator[Finding]:
    drawn = told.treated + told.held_out
    if campaign.holdout_percent and not told.held_out:
        yield warn(_("Nobody would be held out: no effect can be shown."), "settings")
    elif campaign.holdout_percent and drawn < FEW:
        said = _("So few people are in it that a holdout can tell nothing.")
        yield warn(said, "settings")
    elif campaign.holdout_percent:
        smallest = smallest_told(told)
        if smallest is None or smallest > WANTED:
            said = _(
                "The holdout is small: only a difference of %(points)s percentage points or more"
                " could be told."
            )
            yield warn(said % {"points": in_points(smallest)}, "settings")
    weights = [variant.weight for variant in path.variants]
    reach = reach_of(drawn, weights, campaign.holdout_percent, Aim(BASE, WANTED))
    if words := reach_words(reach, WANTED):
        yield warn(words, "path")
