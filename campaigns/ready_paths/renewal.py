"""The contract comes up: in good time, without pressure."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task, wait

SOON = {
    "en": (
        "Your contract with us is coming up",
        (
            "In about two months your contract with {{ organisation.name }} comes to its end."
            " We would like to talk with you before that: what worked, what did not, and what"
            " you need next year.\n\nReply with a day that suits you, or with a question."
        ),
    ),
    "nb": (
        "Avtalen din nærmer seg fornyelse",
        (
            "Om rundt to måneder løper avtalen din med {{ organisation.name }} ut. Vi vil"
            " gjerne ta en prat før det: om hva som har fungert, hva som ikke har det, og hva"
            " du trenger neste år.\n\nSvar med en dag som passer, eller med et spørsmål."
        ),
    ),
    "da": (
        "Din aftale skal snart fornyes",
        (
            "Om cirka to måneder udløber din aftale med {{ organisation.name }}. Vi vil gerne"
            " tale med dig inden da: om hvad der har fungeret, hvad der ikke har, og hvad du"
            " har brug for næste år.\n\nSvar med en dag, der passer dig, eller med et"
            " spørgsmål."
        ),
    ),
    "sv": (
        "Ditt avtal löper snart ut",
        (
            "Om ungefär två månader löper ditt avtal med {{ organisation.name }} ut. Vi vill"
            " gärna prata med dig innan dess: om vad som har fungerat, vad som inte har gjort"
            " det och vad du behöver nästa år.\n\nSvara med en dag som passar, eller med en"
            " fråga."
        ),
    ),
}

DOCUMENT = path(
    (
        {
            "key": "until1",
            "kind": "until",
            "asks": "contract_end",
            "days": 60,
            "at_most_days": 365,
            "no": "end",
        },
        mail("mail1", SOON),
        wait("wait1", 14),
        task("task1", _("Agree on the renewal"), 7),
    )
)
