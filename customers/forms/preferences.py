"""What a reader chooses of our mail, at the page of their link."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from churnapp.common.periods import same_day_after
from churnapp.models import Organisation
from customers.forms.fields import DayField
from customers.models import MailWishes
from customers.services.preferences import Choice, Standing
from customers.services.wishes import check_pause

NO_PAUSE, KEEP, UNTIL = "none", "keep", "until"
MONTHS = {"1": _("for a month"), "3": _("for three months"), "6": _("for six months")}


class PreferencesForm(forms.Form):
    """Topics by their code, how often, a pause and the language."""

    topics = forms.MultipleChoiceField(required=False, label=_("What you want to hear of"))
    often = forms.ChoiceField(required=False, label=_("How often"))
    pause = forms.ChoiceField(required=False, label=_("Take a break"))
    until = DayField(required=False, label=_("Until which day"))
    language = forms.ChoiceField(required=False, label=_("Language of our mails"))

    def __init__(self, standing: Standing, now: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.standing, self.now = standing, now
        self.zone = Organisation.current().zone
        self.codes = {topic.code: topic.pk for topic in standing.topics}
        choices: dict[str, list[tuple[Any, Any]]] = {
            "topics": [(topic.code, topic.name) for topic in standing.topics],
            "often": [("", _("as offered")), *MailWishes.Often.choices],
            "pause": self.pauses(),
            "language": [("", _("as your company’s")), *settings.LANGUAGES],
        }
        for name, of_it in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = of_it

    def pauses(self) -> list[tuple[Any, Any]]:
        begins: list[tuple[Any, Any]] = [(NO_PAUSE, _("no break"))]
        if self.standing.paused_until:
            begins = [(KEEP, _("as it is")), (NO_PAUSE, _("end the break now"))]
        return [*begins, *MONTHS.items(), (UNTIL, _("until a day"))]

    @classmethod
    def held(cls, standing: Standing) -> dict[str, Any]:
        """What it begins with."""
        return {
            "topics": [topic.code for topic in standing.topics if topic.pk in standing.wanted],
            "often": str(standing.days_between or ""),
            "pause": KEEP if standing.paused_until else NO_PAUSE,
            "language": standing.language,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("pause") == UNTIL and not given.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until which day."))
        try:
            check_pause(self.paused_until(given), self.now)
        except RuleError as error:
            self.add_error("until", str(error))
        return given

    def paused_until(self, given: dict[str, Any]) -> datetime | None:
        """When mail comes again: at the beginning of that day, by the organisation's clock."""
        asked = given.get("pause") or NO_PAUSE
        if asked == KEEP:
            return self.standing.paused_until
        today = self.now.astimezone(self.zone).date()
        day: date | None = given.get("until") if asked == UNTIL else None
        if asked in MONTHS:
            day = same_day_after(today, int(asked))
        return datetime.combine(day, time(), self.zone) if day else None

    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(
            topics=frozenset(self.codes[code] for code in given["topics"]),
            language=given["language"],
            paused_until=self.paused_until(given),
            days_between=int(given["often"]) if given["often"] else None,
        )
