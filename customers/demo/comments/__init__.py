"""What departing customers wrote, in their own language; braces are filled in when drawn."""

from random import Random

from customers.demo.comments import da, en, nb, sv

BY_LANGUAGE = {"en": en, "nb": nb, "da": da, "sv": sv}
SILENT = 0.38


def comment(dice: Random, language: str, reason: str, **words: object) -> str:
    """Words on a reason; empty from those who say nothing."""
    if dice.random() < SILENT:
        return ""
    texts = BY_LANGUAGE[language]
    said = dice.choice(texts.REASONS[reason]).format(**words)
    if dice.random() < 0.3:
        said = f"{said} {dice.choice(texts.PARTING).format(**words)}"
    return said
