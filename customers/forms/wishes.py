"""What mail a contact wants, as they told a colleague."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from customers.forms.customers import SeenMixin
from customers.forms.fields import DayField
from customers.models import MailWishes, Topic

TOPIC = "topic_"  # begins the names of the fields of topics; their code follows


class WishesForm(SeenMixin):
    """A box a topic, how often, a pause, the language, and where they said so."""

    days_between = forms.ChoiceField(required=False, label=_("How often"))
    paused_until = DayField(
        required=False, label=_("No automatic mail until"), help_text=_("Empty: no pause.")
    )
    language = forms.ChoiceField(required=False, label=_("Language of mails"))
    source = forms.CharField(
        label=_("Where they said so"), max_length=200, help_text=_("Such as: on the phone.")
    )

    def __init__(self, topics: Iterable[Topic], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.topics = {TOPIC + topic.code: topic for topic in topics}
        boxes = {
            name: forms.BooleanField(required=False, label=topic.name, help_text=topic.about)
            for name, topic in self.topics.items()
        }
        self.fields = boxes | self.fields
        offered: list[tuple[Any, Any]] = [("", _("as offered")), *MailWishes.Often.choices]
        spoken: list[tuple[Any, Any]] = [("", _("as the customer’s")), *settings.LANGUAGES]
        for name, choices in (("days_between", offered), ("language", spoken)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        self.rows = (*((name,) for name in boxes), ("days_between", "paused_until"),
                     ("language", "source"))  # fmt: skip

    def changes(self, zone: ZoneInfo) -> dict[str, Any]:
        """What is no longer as it was seen, for `change_wishes`."""
        given, seen = self.cleaned_data, self.cleaned_data["seen"]
        topics = {
            topic.pk: given[name]
            for name, topic in self.topics.items()
            if given[name] != seen.get(name)
        }
        changed: dict[str, Any] = {"topics": topics}
        until = given["paused_until"]
        if (until.isoformat() if until else None) != seen.get("paused_until"):
            changed["paused_until"] = datetime.combine(until, time(), zone) if until else None
        if given["days_between"] != seen.get("days_between"):
            changed["days_between"] = int(given["days_between"]) if given["days_between"] else None
        if given["language"] != seen.get("language"):
            changed["language"] = given["language"]
        return changed


def held(
    topics: Iterable[Topic], wanted: Mapping[int, bool], wishes: MailWishes | None, now: datetime
) -> dict[str, Any]:
    """What the form begins with, but for the language."""
    paused = wishes.paused_until if wishes and wishes.is_paused(now) else None
    return {
        **{TOPIC + topic.code: wanted.get(topic.pk, topic.by_default) for topic in topics},
        "days_between": str(wishes.days_between or "") if wishes else "",
        "paused_until": paused,
    }
