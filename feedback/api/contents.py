"""The document of what a survey asks, as requests and answers hold it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.fields import Strict
from feedback.models import Answer

LONGEST_KEY = 50
MOST_QUESTIONS = 100
LONGEST_TEXT = 20_000
RANGE = {
    "type": "object",
    "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}},
    "required": ["from", "to"],
    "additionalProperties": False,
}


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 100}, RANGE]})
class WhenField(serializers.Field):
    """The answer that a jump fits: the key of a choice, or the numbers from one to another."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str):
            return data
        is_range = isinstance(data, Mapping) and set(data) == {"from", "to"}
        if is_range and all(type(number) is int for number in data.values()):
            return dict(data)
        raise serializers.ValidationError(
            _('Send the key of a choice, or numbers as {"from": 0, "to": 6}.')
        )

    def to_representation(self, value: Any) -> Any:
        return value


class JumpSerializer(Strict):
    """Where an answer leads: to a later question, or to `end`."""

    when = WhenField()
    to = serializers.CharField(max_length=LONGEST_KEY)


class ChoiceSerializer(Strict):
    """A choice; its words are `c.QUESTION.CHOICE` among the texts."""

    key = serializers.CharField(max_length=LONGEST_KEY)


class QuestionSerializer(Strict):
    """One question; with `source` reasons it offers your own reasons for leaving."""

    key = serializers.CharField(max_length=LONGEST_KEY)
    kind = serializers.ChoiceField(choices=Answer.Kind.choices)
    required = serializers.BooleanField(required=False)
    choices = serializers.ListField(child=ChoiceSerializer(), max_length=100, required=False)
    source = serializers.ChoiceField(choices=["", "reasons"], required=False)
    goes = serializers.ListField(child=JumpSerializer(), max_length=100, required=False)


class ContentSerializer(Strict):
    """What a survey asks: its languages (English among them), questions, and words by language.

    The words are `title`, `thanks`, `mail.subject`, `mail.body`, `mail.button`, `reminder.subject`,
    `reminder.body`, `q.QUESTION` and, of a scale, `q.QUESTION.low` and `.high`; `intro`, `next` and
    `q.QUESTION.help` may be left out.
    """

    languages = serializers.ListField(
        child=serializers.CharField(max_length=20), min_length=1, max_length=20
    )
    questions = serializers.ListField(
        child=QuestionSerializer(), min_length=1, max_length=MOST_QUESTIONS
    )
    texts = serializers.DictField(
        child=serializers.DictField(
            child=serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)
        )
    )
