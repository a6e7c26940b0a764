"""Timelines in English."""

SAID = {
    "ticket": (
        "How do we move a person from one crew to another without losing their hours?",
        "{contact} can't sign in on the new phone.",
        "The overtime rule counts Saturday twice.",
        "Where do we change the logo on the invoices?",
        "Import of customers stops at row 214.",
        "Can an old project be opened again after it was closed?",
        "The calendar shows last week when opened on a Monday morning.",
        "Two timesheets for the same day after a poor connection.",
        "Please add {seats} more seats from the first of the month.",
    ),
    "complaint": (
        "Third time we report this, and the ticket is just closed. I want to talk to a person.",
        "Hours are gone from the app again. We had to pay the crew by guesswork.",
        "The invoice is wrong for the second month in a row.",
        "Nobody called back, as was promised on Tuesday.",
    ),
    "incident": (
        "The board does not load. We have crews standing still.",
        "Down since this morning, nothing on your status page. What is going on?",
        "We lost all of yesterday's hours in the outage. Who pays for that?",
        "Still down on day two. This is not acceptable.",
    ),
    "call": (
        "Check-in with {contact}: all is well, they will add a crew in the spring.",
        "{contact} asked about Forecast. Promised a short demonstration.",
        "Talked through the unused seats; they keep them over the summer.",
        "Went through the absence report together. {contact} was pleased.",
    ),
    "bad_call": (
        "{contact} says that the foremen have gone back to phoning. Not sure they will stay.",
        "They compare us with others at renewal. Price came up twice.",
        "{contact} is annoyed about the support last week. Agreed on a follow-up.",
    ),
    "meeting": (
        "Half-year review: goals met on timesheets, not on invoicing.",
        "Training day on site, nine foremen. Mobile app went down well.",
        "Review with the management: they want figures by department.",
        "Kick-off with the new administrator.",
    ),
    "email": (
        "Sent the summary of our review and the three points we agreed on.",
        "Asked who will take care of approvals from now on.",
        "Notice of maintenance on Sunday night.",
        "Thanked for the kind words; asked for a reference.",
    ),
    "note": (
        "They hire in spring: come back about seats in February.",
        "Prefers the phone. Never reads e-mail.",
        "New managing director from the first; introduce us early.",
        "Two departments use it, the third still plans on paper.",
    ),
    "good_review": (
        "Does what it should, and the crews like it.",
        "Payroll takes an hour, not a day.",
    ),
    "bad_review": (
        "Fine idea, but far too unstable this autumn.",
        "Expensive for what a small firm uses.",
    ),
}
