"""Something is new: told once, in few words."""

from campaigns.ready_paths.common import mail, path

NEW = {
    "en": (
        "New at {{ organisation.name }}",
        (
            "There is something new that may save you time. Write here in two or three"
            " sentences what it is, whom it helps, and where to find it."
        ),
    ),
    "nb": (
        "Nytt hos {{ organisation.name }}",
        (
            "Vi har en nyhet som kan spare deg for tid. Skriv her med to–tre setninger hva"
            " det er, hvem det hjelper, og hvor man finner det."
        ),
    ),
    "da": (
        "Nyt hos {{ organisation.name }}",
        (
            "Vi har en nyhed, der kan spare dig tid. Skriv her med to-tre sætninger, hvad det"
            " er, hvem det hjælper, og hvor man finder det."
        ),
    ),
    "sv": (
        "Nytt hos {{ organisation.name }}",
        (
            "Vi har en nyhet som kan spara tid för dig. Skriv här med två–tre meningar vad"
            " det är, vem det hjälper och var man hittar det."
        ),
    ),
}

DOCUMENT = path((mail("mail1", NEW),))
