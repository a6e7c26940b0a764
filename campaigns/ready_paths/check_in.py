"""A word now and then: how are things, and a call where nothing is heard."""

from django.utils.translation import gettext_noop as _

from campaigns.ready_paths.common import mail, path, task

HOW = {
    "en": (
        "How are things?",
        (
            "It has been a while since we spoke. How are things with {{ organisation.name }}:"
            " what works well, and what would you change?\n\nA line or two is plenty."
        ),
    ),
    "nb": (
        "Hvordan står det til?",
        (
            "Det er en stund siden vi snakket sammen. Hvordan går det med {{"
            " organisation.name }}: hva fungerer bra, og hva ville du endret?\n\nEn linje"
            " eller to er mer enn nok."
        ),
    ),
    "da": (
        "Hvordan går det?",
        (
            "Det er et stykke tid siden, vi talte sammen. Hvordan går det med {{"
            " organisation.name }}: hvad fungerer godt, og hvad ville du ændre?\n\nEn linje"
            " eller to er rigeligt."
        ),
    ),
    "sv": (
        "Hur är läget?",
        (
            "Det var ett tag sedan vi hördes. Hur går det med {{ organisation.name }}: vad"
            " fungerar bra, och vad skulle du ändra på?\n\nEn rad eller två räcker gott."
        ),
    ),
}

DOCUMENT = path(
    (
        mail("mail1", HOW),
        {
            "key": "until1",
            "kind": "until",
            "asks": "silence",
            "days": 10,
            "at_most_days": 30,
            "no": "end",
        },
        task("task1", _("Call them for a check-in"), 7),
    )
)
