"""What results say in sentences: the verdict by goal, and why something did not come about."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaigns.effect_words import in_points, too_few_words
from campaigns.effects.rates import Effect, Outcome, returns_of
from campaigns.models import Campaign, Goal
from campaigns.refusals import WHY as NO_OFFER_BECAUSE
from campaigns.results.funnel import WhyNot
from campaigns.results.outcomes import Outcomes
from churnapp.common import formats
from customers.mail.reasons import BY_CODE, BY_STATE
from customers.models import OutgoingEmail

Text = str | Promise
MORE: dict[str, Text] = {
    Goal.RETURNED: lazy(
        "Between %(low)s and %(high)s more customers came back than would have without it."
    ),
    Goal.STAYED: lazy(
        "Between %(low)s and %(high)s more customers stayed than would have without it."
    ),
    Goal.RENEWED: lazy(
        "Between %(low)s and %(high)s more customers renewed than would have without it."
    ),
    Goal.USED: lazy(
        "Between %(low)s and %(high)s more customers used the feature than would have without it."
    ),
}
FEWER: dict[str, Text] = {
    Goal.RETURNED: lazy(
        "Between %(low)s and %(high)s fewer customers came back than would have without it."
    ),
    Goal.STAYED: lazy(
        "Between %(low)s and %(high)s fewer customers stayed than would have without it."
    ),
    Goal.RENEWED: lazy(
        "Between %(low)s and %(high)s fewer customers renewed than would have without it."
    ),
    Goal.USED: lazy(
        "Between %(low)s and %(high)s fewer customers used the feature than would have without it."
    ),
}
# What is counted, as a heading.
DONE: dict[str, Text] = {
    Goal.RETURNED: lazy("Came back"),
    Goal.STAYED: lazy("Stayed"),
    Goal.RENEWED: lazy("Renewed"),
    Goal.USED: lazy("Used the feature"),
    Goal.ACCEPTED: lazy("Accepted an offer"),
}
LEFT_OUT: dict[str, Text] = {
    "never_automatic": lazy("The customer gets no automatic mail: a person writes to them."),
    "told_before": lazy("They were told of this fix before: nobody is told twice."),
    "stronger": lazy("They are in another campaign that is as strong or stronger."),
    "nobody": lazy("There is nobody to write to: no contact who may get mail of campaigns."),
    "no_offer": lazy("It speaks of an offer, and none of theirs is open."),
    "left_campaign": lazy("The customer left the campaign before it was sent."),
}
HAPPENED: dict[str, Text] = {
    "left_out": lazy("Left out of it"),
    "not_mailed": lazy("No mail written"),
    "not_offered": lazy("No offer made"),
    "mail": lazy("Mail did not arrive"),
}


def verdict_words(outcomes: Outcomes, effect: Effect) -> str:
    """One sentence: what may be claimed of the campaign today."""
    if not outcomes.people:
        return _("Nobody was drawn yet, so there is nothing to see.")
    if not outcomes.compares:
        return _("Only the treated can accept an offer: how many did says nothing of an effect.")
    if not outcomes.is_readable:
        return _("Not yet readable, until %(day)s.") % {"day": formats.day(outcomes.readable_on)}
    if effect.verdict == "too_few":
        return too_few_words(outcomes.outcome)
    return customers_words(outcomes.campaign, effect, outcomes.outcome.treated)


def together_words(outcome: Outcome, effect: Effect) -> str:
    """One sentence over several campaigns, whatever their goals are."""
    if effect.verdict == "too_few":
        return too_few_words(outcome)
    low, high = effect.low or 0.0, effect.high or 0.0
    if effect.verdict == "positive":
        said = _(
            "Between %(low)s and %(high)s percentage points more customers reached the goal of"
            " their campaign than would have without it."
        )
        return said % {"low": in_points(low), "high": in_points(high)}
    if effect.verdict == "negative":
        said = _(
            "Between %(low)s and %(high)s percentage points fewer customers reached the goal of"
            " their campaign than would have without it."
        )
        return said % {"low": in_points(-high), "high": in_points(-low)}
    said = _("No effect can be shown: between %(low)s and %(high)s percentage points.")
    return said % {"low": in_points(low), "high": in_points(high)}


def customers_words(campaign: Campaign, effect: Effect, treated: int) -> str:
    """The effect in customers, as far as it may be claimed."""
    found = returns_of(treated, effect)
    low, high = found.low or 0.0, found.high or 0.0
    if effect.verdict == "positive":
        return str(MORE[campaign.goal]) % {"low": people(low), "high": people(high)}
    if effect.verdict == "negative":
        return str(FEWER[campaign.goal]) % {"low": people(-high), "high": people(-low)}
    return _("No effect can be shown: it may be anything from %(low)s to %(high)s customers.") % {
        "low": signed_people(low),
        "high": signed_people(high),
    }


def anyway_words(outcomes: Outcomes) -> str:
    """How many of those who reached the goal would have done so anyway; empty where unknown."""
    outcome = outcomes.outcome
    if outcome.holdout_rate is None or not outcome.returned_treated:
        return ""
    anyway = min(float(outcome.returned_treated), outcome.holdout_rate * outcome.treated)
    said = _("At the rate of the holdout, about %(anyway)s of these %(all)s would have anyway.")
    return said % {
        "anyway": formats.number(round(anyway)),
        "all": formats.number(outcome.returned_treated),
    }


def people(count: float) -> str:
    """Customers, whole ones from ten on."""
    return formats.number(count, 0 if abs(count) >= 10 else 1)


def signed_people(count: float) -> str:
    return formats.signed(people(count), count)


def why_words(why: WhyNot) -> str:
    """Why something did not come about; a code that is not known as it stands."""
    if why.what == "mail":
        known = BY_CODE.get(why.code) or LEFT_OUT.get(why.code) or BY_STATE.get(why.state)
        return str(known or OutgoingEmail.State(why.state).label)
    found = NO_OFFER_BECAUSE.get(why.code) if why.what == "not_offered" else None
    return str(found or LEFT_OUT.get(why.code) or BY_CODE.get(why.code) or why.code)
