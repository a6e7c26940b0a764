"""They are new: a welcome, the first result, and whether anything is in the way."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task, wait

WELCOME = {
    "en": (
        "Welcome to {{ organisation.name }}",
        (
            "Good to have you with us. To get going, choose one thing that you want done this"
            " week and begin with that; the rest can wait.\n\nIf you get stuck, reply to this"
            " mail. A person reads it."
        ),
    ),
    "nb": (
        "Velkommen til {{ organisation.name }}",
        (
            "Så bra at du er med. For å komme i gang: velg én ting du vil ha på plass denne"
            " uken, og begynn med den. Resten kan vente.\n\nStår du fast, er det bare å svare"
            " på denne e-posten. Den blir lest av et menneske."
        ),
    ),
    "da": (
        "Velkommen til {{ organisation.name }}",
        (
            "Godt at have dig med. Kom i gang ved at vælge én ting, du vil have på plads i"
            " denne uge, og begynd med den. Resten kan vente.\n\nGår du i stå, så svar på"
            " denne mail. Den bliver læst af et menneske."
        ),
    ),
    "sv": (
        "Välkommen till {{ organisation.name }}",
        (
            "Roligt att ha dig med. Kom i gång genom att välja en sak som du vill få på plats"
            " den här veckan och börja med den. Resten kan vänta.\n\nKör du fast är det bara"
            " att svara på det här mejlet. Det läses av en människa."
        ),
    ),
}
HALFWAY = {
    "en": (
        "How is it going?",
        (
            "You have been with us for some days. Is what you came for in place? If not, tell"
            " us what is in the way, and we will look at it together."
        ),
    ),
    "nb": (
        "Hvordan går det?",
        (
            "Du har vært hos oss noen dager. Er det du kom for, på plass? Hvis ikke, fortell"
            " hva som står i veien, så ser vi på det sammen."
        ),
    ),
    "da": (
        "Hvordan går det?",
        (
            "Du har været hos os i nogle dage. Er det, du kom for, på plads? Hvis ikke, så"
            " fortæl, hvad der står i vejen, så ser vi på det sammen."
        ),
    ),
    "sv": (
        "Hur går det?",
        (
            "Du har varit hos oss i några dagar. Är det du kom för på plats? Om inte, berätta"
            " vad som är i vägen, så tittar vi på det tillsammans."
        ),
    ),
}

DOCUMENT = path(
    (
        mail("mail1", WELCOME),
        wait("wait1", 5),
        mail("mail2", HALFWAY),
        wait("wait2", 16),
        task("task1", _("Call them: are they up and running?")),
    )
)
