"""Comments in English."""

PARTING = (
    "Thanks for the time so far.",
    "{csm} was always kind, it is not about that.",
    "Perhaps we will be back one day.",
    "Please confirm that the last invoice is the last.",
    "How do we get our timesheets out?",
)

REASONS = {
    "price": (
        "We are {seats} people and the new price no longer fits what we use it for.",
        "Ten per cent more, and nothing in it for us. Sorry.",
        "Our accountant asked what this costs us a year. I could not defend it.",
        "Good tool, but the budget for next year is cut and this had to go.",
        "I'd have stayed at the old price.",
    ),
    "missing-feature": (
        "Without {feature} we do half of it in a spreadsheet anyway.",
        "We asked for {feature} two winters ago. Still waiting.",
        "The crews need {feature}. Everything else was fine.",
        "{feature} was promised for the spring, then for the autumn.",
    ),
    "support-quality": (
        "Three days for an answer when payroll is due is too long.",
        "I explained the same problem to four people.",
        "You answer quickly, but with links to articles that I have read already.",
        "The ticket was closed without a solution. Twice.",
    ),
    "results-not-delivered": (
        "We were told that we'd save a day a week. We have not.",
        "After {months} months the foremen still phone each other. It changed nothing.",
        "Nice graphs. Our projects are as late as before.",
    ),
    "return-on-spend": (
        "It costs more than it saves, as simple as that.",
        "We use a fifth of it and pay for all of it.",
        "Could not show the board what we got for the money.",
        "For {seats} seats, of which six sign in, it does not pay.",
    ),
    "lack-of-expertise": (
        "Your people know software, not how a building site runs.",
        "The consultant had never seen a shift plan in health care.",
        "We had to teach the trainer our trade.",
    ),
    "competitor": (
        "We are going to {competitor}. They imported everything in a day.",
        "{competitor} gave us a year at half price and an app that works in a basement.",
        "Our parent company runs {competitor}, so that was decided for us.",
        "Tried {competitor} next to you for a month. The crews preferred it.",
    ),
    "need-gone": (
        "The big project is finished and we are four people again.",
        "We have stopped doing service work, so there is nothing left to plan.",
        "It was for the season only.",
    ),
    "closed-or-merged": (
        "We have been bought and move to the buyer's systems.",
        "The company closes at the end of the year. Thank you for everything.",
        "Merged with our neighbours, who have their own tools.",
    ),
    "key-person-left": (
        "{contact} set all this up and has left us. Nobody here knows how it works.",
        "Our planner retired, and the new one uses paper. Really.",
        "The person who wanted this is gone.",
    ),
    "data-protection": (
        "Our lawyers will not accept where the backups are kept.",
        "We need a data processing agreement in our own wording. You said no.",
    ),
    "onboarding": (
        "We never got properly started. My fault as well as yours.",
        "Six weeks in, only two of us had signed in. Then it fell asleep.",
        "The set-up was too much for a small firm in the high season.",
        "I could not get our customer list in, and gave up.",
    ),
    "reliability": (
        "Two days without the board cost us more than a year of subscription.",
        "It was down the very week when we do payroll.",
        "The app loses hours when there is no coverage. It happens every week.",
        "After the outage nobody here trusts it.",
    ),
    "payment-failed": (
        "Closed by us: the card was declined four times and nobody answered.",
        "The invoice went to a person who has left. We noticed too late.",
    ),
}
