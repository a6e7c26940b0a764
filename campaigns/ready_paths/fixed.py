"""Something is fixed: told once to those who left over it, and to those who had complained."""

from campaigns.ready_paths.common import mail, path

THEY_LEFT = {
    "en": (
        "It is fixed: {{ fix.name }}",
        (
            "When you left {{ organisation.name }}, this was one of the reasons. It is fixed"
            " now: {{ fix.name }}.\n\nWould you give us another try? Just reply to this mail."
            " You set nothing up anew: what you had is still there."
        ),
    ),
    "nb": (
        "Nå er det ordnet: {{ fix.name }}",
        (
            "Da du sluttet hos {{ organisation.name }}, var dette en av grunnene. Nå er det"
            " ordnet: {{ fix.name }}.\n\nVil du gi oss en sjanse til? Svar på denne e-posten."
            " Du slipper å sette opp noe på nytt: alt du hadde, er der fortsatt."
        ),
    ),
    "da": (
        "Nu er det i orden: {{ fix.name }}",
        (
            "Da du forlod {{ organisation.name }}, var det her en af grundene. Nu er det i"
            " orden: {{ fix.name }}.\n\nVil du give os en chance til? Svar på denne mail. Du"
            " skal ikke sætte noget op forfra: det, du havde, er der stadig."
        ),
    ),
    "sv": (
        "Nu är det åtgärdat: {{ fix.name }}",
        (
            "När du lämnade {{ organisation.name }} var det här ett av skälen. Nu är det"
            " åtgärdat: {{ fix.name }}.\n\nVill du ge oss en chans till? Svara på det här"
            " mejlet. Du behöver inte ställa in något på nytt: det du hade finns kvar."
        ),
    ),
}
THEY_COMPLAINED = {
    "en": (
        "You told us, and it is fixed: {{ fix.name }}",
        (
            'You told us: {{ fix.their_words|default:"something was not as it should be" }}'
            "\n\nThat is put right: {{ fix.name }}.\n\nThank you for saying so. If you still"
            " see it, just reply to this mail."
        ),
    ),
    "nb": (
        "Du sa fra, og nå er det ordnet: {{ fix.name }}",
        (
            'Du skrev til oss: {{ fix.their_words|default:"noe var ikke som det skulle" }}'
            "\n\nNå er det rettet opp: {{ fix.name }}.\n\nTakk for at du sa fra. Merker du det"
            " fortsatt, er det bare å svare på denne e-posten."
        ),
    ),
    "da": (
        "Du sagde til, og nu er det i orden: {{ fix.name }}",
        (
            'Du skrev til os: {{ fix.their_words|default:"noget var ikke, som det skulle være" }}'
            "\n\nNu er det bragt i orden: {{ fix.name }}.\n\nTak, fordi du sagde til. Oplever du"
            " det stadig, så svar bare på denne mail."
        ),
    ),
    "sv": (
        "Du sa till, och nu är det åtgärdat: {{ fix.name }}",
        (
            'Du skrev till oss: {{ fix.their_words|default:"något var inte som det skulle" }}'
            "\n\nNu är det åtgärdat: {{ fix.name }}.\n\nTack för att du sa till. Märker du det"
            " fortfarande är det bara att svara på det här mejlet."
        ),
    ),
}

LEFT = path((mail("mail1", THEY_LEFT),))
HEARD = path((mail("mail1", THEY_COMPLAINED),))
