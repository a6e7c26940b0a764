"""They may leave: help first, and a call where nothing is heard."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task

HELP = {
    "en": (
        "Is everything as it should be?",
        (
            "We have the impression that {{ organisation.name }} is of less use to you than"
            " it was. If something is in the way, we would like to help before it becomes a"
            " nuisance.\n\nReply to this mail and tell us what is missing, or ask for a call."
            " It goes straight to the people who look after you."
        ),
    ),
    "nb": (
        "Er alt som det skal være?",
        (
            "Vi har inntrykk av at du har mindre nytte av {{ organisation.name }} enn før. Er"
            " det noe som står i veien, vil vi gjerne hjelpe før det blir til bry.\n\nSvar på"
            " denne e-posten og fortell hva som mangler, eller be om at vi ringer. Svaret går"
            " rett til dem som følger deg opp."
        ),
    ),
    "da": (
        "Er alt, som det skal være?",
        (
            "Vi har indtryk af, at du har mindre gavn af {{ organisation.name }} end før."
            " Hvis noget står i vejen, vil vi gerne hjælpe, inden det bliver til"
            " besvær.\n\nSvar på denne mail, og fortæl, hvad der mangler, eller bed os ringe."
            " Svaret går direkte til dem, der tager sig af dig."
        ),
    ),
    "sv": (
        "Är allt som det ska?",
        (
            "Vi har fått intrycket att du har mindre nytta av {{ organisation.name }} än"
            " tidigare. Om något är i vägen vill vi gärna hjälpa till innan det blir till"
            " besvär.\n\nSvara på det här mejlet och berätta vad som saknas, eller be oss"
            " ringa. Svaret går direkt till dem som har hand om dig."
        ),
    ),
}

DOCUMENT = path(
    (
        mail("mail1", HELP),
        {
            "key": "until1",
            "kind": "until",
            "asks": "silence",
            "days": 7,
            "at_most_days": 21,
            "no": "end",
        },
        task("task1", _("Call them: at risk, and nothing heard since our mail"), 2),
    )
)
