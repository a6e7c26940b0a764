"""What each figure of results means, one hover away."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Goal

Text = str | Promise


@dataclass(frozen=True)
class Definition:
    """A figure's name, its meaning in words, and its formula."""

    label: Text
    words: Text
    formula: Text


# What counts as the goal reached.
MEANS: dict[str, Text] = {
    Goal.RETURNED: _(
        "They pay on a day after the one they came in, up to the last day, and did not pay when"
        " they came in. Who left again meanwhile counts too."
    ),
    Goal.STAYED: _("They pay on the last day."),
    Goal.RENEWED: _(
        "On the last day they pay for a subscription under a contract that was renewed or runs on"
        " past its end, and no end of it is known."
    ),
    Goal.USED: _("They have used the feature since the day they came in."),
    Goal.ACCEPTED: _("They have accepted an offer that the campaign made."),
}
DEFINITIONS: dict[str, Definition] = {
    "effect": Definition(
        _("Effect"),
        _(
            "The rate of the treated less that of the holdout. Both are all who were drawn, also"
            " those who left the campaign early or got no mail, so that like is compared with like."
        ),
        _("treated who reached the goal / treated − the same of the holdout; Newcombe, 95 %"),
    ),
    "because": Definition(
        _("Because of it"),
        _("How many of the treated reached the goal who would not have without the campaign."),
        _("effect × treated"),
    ),
    "naive": Definition(
        _("All who reached the goal"),
        _(
            "What is counted where nobody is held out. It is not the effect: many would have done"
            " so anyway, as the holdout shows."
        ),
        _("treated who reached the goal"),
    ),
    "paying": Definition(
        _("Pay on the last day"),
        _("Who pays on the day on which they are judged, in both groups."),
        _("paying on the day of coming in + the campaign's days"),
    ),
    "smallest": Definition(
        _("Smallest effect it can tell"),
        _(
            "With groups of this size, a true effect so large is seen in 80 of 100 campaigns. A"
            " smaller one is mostly taken for chance."
        ),
        _("Fleiss, Levin and Paik; 80 % power at 95 %"),
    ),
    "gain": Definition(
        _("Net incremental revenue"),
        _(
            "What the treated paid since they came in, less what their offers cost, less what as"
            " many of the holdout paid. A discount shows in the price; the fixed cost of offers and"
            " all of the cost of those that a person carries out are taken off."
        ),
        _("(mean of the treated − mean of the holdout) × treated; ARR × days / 365"),
    ),
    "lasting": Definition(
        _("Still paying"),
        _(
            "The share that still pays after so many days. Who still pays today is known up to"
            " today only. A pause within its limit is no leaving."
        ),
        _("Kaplan–Meier, log-log interval of 95 %"),
    ),
}
