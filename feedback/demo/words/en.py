"""What customers answer, in English."""

APP_SLOW = (
    "The mobile app is slow. The crews wait half a minute for today's plan.",
    "The app takes ages to open on the phones we have.",
    "Fine on a computer, but the mobile app is far too slow out on site.",
    "My foremen have stopped using the app because it is so slow.",
    "Since last summer the app hangs every time somebody clocks in.",
)
INVOICES = (
    "I never understand your invoices. Why three lines for one subscription?",
    "The invoice is hard to read: our accountant calls me each month.",
    "What are we paying for? The invoices do not say which seats they are about.",
    "Please make the invoices easier to understand.",
    "The invoice changed in the middle of the month and nobody could explain it.",
)
HAPPY = (
    "Does what it should. The crews like it.",
    "Payroll takes an hour now, not a day.",
    "Quick help whenever we call.",
    "We finally see who is where.",
    "Easy to learn, also for those who don't like computers.",
    "It just works.",
)
NEUTRAL = (
    "Good, but we use only half of it.",
    "Works well enough. Reports could be better.",
    "All right so far.",
    "The planning board is good, the rest we hardly open.",
)
UNHAPPY = (
    "Too much for what we get.",
    "We wait too long for answers.",
    "Down in the week of payroll. I have no words.",
    "Nothing has become easier, as we had been told it would.",
    "Hours go missing when there is no coverage.",
)
HELPED = (
    "Friendly, and solved on the same day.",
    "Good answer, thank you.",
    "They called me back themselves. Great.",
    "Clear steps that I could follow.",
)
NOT_HELPED = (
    "The ticket was closed, but the problem is still there.",
    "I had to explain it three times.",
    "Two days without a word.",
    "I got a link to an article that I had read already.",
)
