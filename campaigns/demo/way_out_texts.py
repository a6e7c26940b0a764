"""What the demo's cancel flow says, in four languages."""

from campaigns.demo.offer_texts import Texts, said

FIRST: Texts = {
    "en": {
        "title": "Leaving Lysbro?",
        "text": "Tell us why, if you like. You need not: you can go on without.",
    },
    "nb": {
        "title": "Vil du slutte hos Lysbro?",
        "text": "Fortell gjerne hvorfor. Du må ikke: du kan gå videre uten.",
    },
    "da": {
        "title": "Vil du forlade Lysbro?",
        "text": "Fortæl gerne hvorfor. Du behøver ikke: du kan gå videre uden.",
    },
    "sv": {
        "title": "Vill du lämna Lysbro?",
        "text": "Berätta gärna varför. Du behöver inte: du kan gå vidare ändå.",
    },
}
TRAINING: Texts = {
    "en": said(
        "Training for your crew, on us",
        "Two short lessons for everybody who plans, at a time that suits you.",
        "See the lessons",
    ),
    "nb": said(
        "Gratis opplæring for laget ditt",
        "To korte leksjoner for alle som planlegger, når det passer dere.",
        "Se leksjonene",
    ),
    "da": said(
        "Gratis oplæring til dit hold",
        "To korte lektioner for alle, der planlægger, når det passer jer.",
        "Se lektionerne",
    ),
    "sv": said(
        "Kostnadsfri utbildning för ditt lag",
        "Två korta lektioner för alla som planerar, när det passar er.",
        "Se lektionerna",
    ),
}
TALK: Texts = {
    "en": said(
        "May somebody call you?",
        "Something went wrong with us. Somebody who can decide calls you within two days.",
        "Call me",
    ),
    "nb": said(
        "Kan vi ringe deg?",
        "Noe gikk galt hos oss. En som kan bestemme, ringer deg innen to dager.",
        "Ring meg",
    ),
    "da": said(
        "Må vi ringe til dig?",
        "Noget gik galt hos os. En, der kan bestemme, ringer til dig inden for to dage.",
        "Ring til mig",
    ),
    "sv": said(
        "Får vi ringa dig?",
        "Något gick fel hos oss. Någon som kan besluta ringer dig inom två dagar.",
        "Ring mig",
    ),
}
