"""They left: the door is open, then one more word to who has not come back."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task, wait

DOOR = {
    "en": (
        "May we ask you back?",
        (
            "You left {{ organisation.name }} some time ago. We have thought about what you"
            " told us, and we would like to do better.\n\nWould you give us another try? Just"
            " reply to this mail, and somebody who knows your account gets in touch. You set"
            " nothing up anew: what you had is still there."
        ),
    ),
    "nb": (
        "Kan vi friste deg tilbake?",
        (
            "Det er en stund siden du sluttet hos {{ organisation.name }}. Vi har tenkt på"
            " det du fortalte oss, og vil gjerne gjøre det bedre.\n\nVil du gi oss en sjanse"
            " til? Svar på denne e-posten, så tar en som kjenner avtalen din, kontakt. Du"
            " slipper å sette opp noe på nytt: alt du hadde, er der fortsatt."
        ),
    ),
    "da": (
        "Må vi få dig tilbage?",
        (
            "Det er et stykke tid siden, du forlod {{ organisation.name }}. Vi har tænkt over"
            " det, du fortalte os, og vil gerne gøre det bedre.\n\nVil du give os en chance"
            " til? Svar på denne mail, så kontakter en, der kender din aftale, dig. Du skal"
            " ikke sætte noget op forfra: det, du havde, er der stadig."
        ),
    ),
    "sv": (
        "Får vi dig tillbaka?",
        (
            "Det var ett tag sedan du lämnade {{ organisation.name }}. Vi har tänkt på det du"
            " berättade och vill gärna bli bättre.\n\nVill du ge oss en chans till? Svara på"
            " det här mejlet, så hör någon som känner till ditt avtal av sig. Du behöver inte"
            " ställa in något på nytt: det du hade finns kvar."
        ),
    ),
}
LAST = {
    "en": (
        "A last word from us",
        (
            "A week ago we asked whether you would come back. If now is not the time, that is"
            " fine: we will not write about it again.\n\nIf something keeps you from it, we"
            " would be glad to hear what. One line is enough."
        ),
    ),
    "nb": (
        "Et siste ord fra oss",
        (
            "For en uke siden spurte vi om du vil komme tilbake. Passer det ikke nå, er det"
            " helt i orden: vi skriver ikke om det igjen.\n\nEr det noe som holder deg"
            " tilbake, vil vi gjerne høre hva det er. Én linje er nok."
        ),
    ),
    "da": (
        "Et sidste ord fra os",
        (
            "For en uge siden spurgte vi, om du vil komme tilbage. Hvis det ikke passer nu,"
            " er det helt i orden: vi skriver ikke om det igen.\n\nHvis noget holder dig"
            " tilbage, vil vi gerne høre, hvad det er. En enkelt linje er nok."
        ),
    ),
    "sv": (
        "Ett sista ord från oss",
        (
            "För en vecka sedan frågade vi om du vill komma tillbaka. Passar det inte nu är"
            " det helt i sin ordning: vi skriver inte om det igen.\n\nÄr det något som"
            " hindrar dig vill vi gärna veta vad. En rad räcker."
        ),
    ),
}

DOCUMENT = path(
    (
        mail("mail1", DOOR),
        wait("wait1", 7),
        {"key": "branch1", "kind": "branch", "asks": "returned", "yes": "end"},
        mail("mail2", LAST),
        wait("wait2", 14),
        task("task1", _("Call them: they left, and two mails went unanswered")),
    )
)
