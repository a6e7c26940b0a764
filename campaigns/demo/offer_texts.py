"""What the offers say to customers, in four languages."""

Texts = dict[str, dict[str, str]]


def said(title: str, text: str, button: str) -> dict[str, str]:
    return {"title": title, "text": text, "button": button}


WELCOME: Texts = {
    "en": said(
        "30% off for three months",
        "Come back with everything as you left it. You pay 30% less for three months.",
        "Yes, I'm back",
    ),
    "nb": said(
        "30 % rabatt i tre måneder",
        "Kom tilbake, så er alt som før. De tre første månedene betaler du 30 % mindre.",
        "Ja, jeg kommer tilbake",
    ),
    "da": said(
        "30 % rabat i tre måneder",
        "Kom tilbage, og alt er som før. De første tre måneder betaler du 30 % mindre.",
        "Ja, jeg kommer tilbage",
    ),
    "sv": said(
        "30 % rabatt i tre månader",
        "Kom tillbaka, så är allt som förut. De tre första månaderna betalar du 30 % mindre.",
        "Ja, jag är tillbaka",
    ),
}
LOWER: Texts = {
    "en": said(
        "20% off for six months",
        "Stay, and you pay 20% less for half a year. Nothing else changes.",
        "Stay at this price",
    ),
    "nb": said(
        "20 % rabatt i seks måneder",
        "Bli hos oss, og du betaler 20 % mindre i et halvt år. Ellers blir alt som før.",
        "Bli til denne prisen",
    ),
    "da": said(
        "20 % rabat i seks måneder",
        "Bliv hos os, og du betaler 20 % mindre i et halvt år. Ellers er alt som før.",
        "Bliv til denne pris",
    ),
    "sv": said(
        "20 % rabatt i sex månader",
        "Stanna kvar och betala 20 % mindre i ett halvår. I övrigt är allt som förut.",
        "Stanna till det priset",
    ),
}
PAUSE: Texts = {
    "en": said(
        "Take a break of two months",
        "You pay nothing for two months, and everything waits for you.",
        "Take a break",
    ),
    "nb": said(
        "Ta en pause på to måneder",
        "Du betaler ingenting i to måneder, og alt ligger klart når du er tilbake.",
        "Ta en pause",
    ),
    "da": said(
        "Tag en pause på to måneder",
        "Du betaler ikke noget i to måneder, og alt ligger klar, når du er tilbage.",
        "Tag en pause",
    ),
    "sv": said(
        "Ta en paus i två månader",
        "Du betalar ingenting i två månader, och allt väntar på dig.",
        "Ta en paus",
    ),
}
CALL: Texts = {
    "en": said(
        "An hour with one of our planners",
        "We look at your board together and set it up so that it saves you time.",
        "Call me",
    ),
    "nb": said(
        "En time med en av planleggerne våre",
        "Vi ser på tavla deres sammen og setter den opp slik at den sparer dere for tid.",
        "Ring meg",
    ),
    "da": said(
        "En time med en af vores planlæggere",
        "Vi kigger på jeres tavle sammen og sætter den op, så den sparer jer tid.",
        "Ring til mig",
    ),
    "sv": said(
        "En timme med en av våra planerare",
        "Vi tittar på er tavla tillsammans och ställer in den så att den sparar tid åt er.",
        "Ring mig",
    ),
}
BOOK: Texts = {
    "en": said(
        "The planning handbook",
        "Forty pages on planning crews and weeks, written with customers of ours.",
        "Read it",
    ),
    "nb": said(
        "Håndboka i planlegging",
        "Førti sider om å planlegge lag og uker, skrevet sammen med kunder av oss.",
        "Les den",
    ),
    "da": said(
        "Håndbogen i planlægning",
        "Fyrre sider om at planlægge hold og uger, skrevet sammen med kunder hos os.",
        "Læs den",
    ),
    "sv": said(
        "Handboken i planering",
        "Fyrtio sidor om att planera lag och veckor, skrivna tillsammans med kunder hos oss.",
        "Läs den",
    ),
}
HALF: Texts = {
    "en": said(
        "Half price for half a year",
        "Come back, and pay half the price for half a year.",
        "Come back",
    ),
    "nb": said(
        "Halv pris i et halvt år", "Kom tilbake, og betal halv pris i et halvt år.", "Kom tilbake"
    ),
    "da": said(
        "Halv pris i et halvt år", "Kom tilbage, og betal halv pris i et halvt år.", "Kom tilbage"
    ),
    "sv": said(
        "Halva priset i ett halvår",
        "Kom tillbaka och betala halva priset i ett halvår.",
        "Kom tillbaka",
    ),
}
