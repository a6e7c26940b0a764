"""The path of a campaign as the API takes and gives it."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from campaigns.path_checks import LONGEST_WAIT, MOST_STEPS
from campaigns.paths import DEEDS, KINDS, MOMENTS, Path
from customers.api.fields import Strict
from customers.mail.rendering import LONGEST

KEY = r"^[a-z0-9_-]{1,30}$"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def some_days() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=LONGEST_WAIT, required=False)


def text(most: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, **options)


def another() -> serializers.RegexField:
    """The key of a later step, or `end`; empty for the next one."""
    return serializers.RegexField(KEY, required=False, allow_blank=True)


class WordsSerializer(Strict):
    """A mail in one language; the body is plain text with placeholders."""

    subject = text(500)
    body = text(LONGEST)
    button = text(200)


class VariantSerializer(Strict):
    """One of several wordings, drawn as often as its weight says."""

    key = serializers.RegexField(r"^[a-z0-9_-]{1,20}$")
    name = text(100)
    weight = serializers.IntegerField(min_value=0, max_value=10_000, required=False)


class StepSerializer(Strict):
    """One step; only what its kind needs. `texts` holds words by variant and language.

    `by_reason` holds letters to those who left for a reason, by its key and language; they go to
    every variant.
    """

    key = serializers.RegexField(KEY)
    kind = serializers.ChoiceField(choices=KINDS)
    then = another()
    texts = serializers.DictField(
        child=serializers.DictField(child=WordsSerializer()), required=False
    )
    by_reason = serializers.DictField(
        child=serializers.DictField(child=WordsSerializer()), required=False
    )
    leads_to = text(500)
    days = some_days()
    asks = serializers.ChoiceField(choices=(*DEEDS, *MOMENTS), required=False, allow_blank=True)
    feature = text(100)
    on = text(10)
    at_most_days = some_days()
    yes = another()
    no = another()
    offer = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    what = text(300)
    webhook = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class PathSerializer(Strict):
    """What a campaign does, step by step."""

    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=LANGUAGES), min_length=1
    )
    variants = VariantSerializer(many=True, required=False)
    steps = serializers.ListField(child=StepSerializer(), max_length=MOST_STEPS)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return Path.read(instance).written()
