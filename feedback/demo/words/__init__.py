"""What customers answer, in their own language."""

from datetime import date, timedelta
from random import Random
from types import ModuleType

from customers.demo.world import Story
from feedback.demo.words import da, en, nb, sv

BY_LANGUAGE: dict[str, ModuleType] = {"en": en, "nb": nb, "da": da, "sv": sv}
SILENT = 0.45
APP_SLOW_FOR = timedelta(days=170)  # the app has been slow for so long


def said(dice: Random, language: str, topic: str) -> str:
    """One of the things that are said about a topic."""
    return str(dice.choice(getattr(BY_LANGUAGE[language], topic)))


def complaint(dice: Random, day: date, story: Story, today: date) -> str:
    """What an unhappy customer writes about: often one of the two themes of their time."""
    roll = dice.random()
    if day > today - APP_SLOW_FOR and roll < 0.55:
        return "APP_SLOW"
    if day > story.price_rise_on and roll > 0.65:
        return "INVOICES"
    return "UNHAPPY"
