"""How we send, and how long what is about people is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import registry

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
LONGEST = 36_500  # days: a hundred years


def whole(label: Any, most: int, *, least: int = 1, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


def hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=HOURS)


class SendingRulesForm(forms.Form):
    """The numbers of the rules of sending, each within what makes sense."""

    per_minute = whole(
        _("Mails a minute"), 60_000, help_text=_("What your mail server takes, at most 60,000.")
    )
    burst = whole(_("At once"), 10_000, help_text=_("Saved up while nothing went out."))
    hold_minutes = whole(
        _("Minutes to call back"),
        1_440,
        least=0,
        help_text=_("Mail to customers waits so long before it goes out, a day at most."),
    )
    quiet_from = hour(_("Quiet from"))
    quiet_until = hour(_("Quiet until"))
    weekdays_only = forms.BooleanField(
        label=_("Not on Saturdays and Sundays"),
        required=False,
        help_text=_(
            "Quiet hours are those of the recipient's country, for surveys and campaigns. The same"
            " hour twice: none."
        ),
    )
    most_a_contact = whole(_("Mails to one person, at most"), 100)
    most_a_customer = whole(_("Mails to one customer, at most"), 1_000)
    contact_days = whole(
        _("In so many days"), 365, help_text=_("Personal mail and notices to staff don't count.")
    )
    rows = (
        ("per_minute", "burst"),
        ("hold_minutes",),
        ("quiet_from", "quiet_until"),
        ("weekdays_only",),
        ("most_a_contact", "most_a_customer"),
        ("contact_days",),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        person, customer = given.get("most_a_contact"), given.get("most_a_customer")
        if person and customer and customer < person:
            raise ValidationError(
                {"most_a_customer": _("A customer can't get fewer mails than one person there.")}
            )
        return given


class RetentionForm(forms.Form):
    """For each kind of thing about people, the days that it is kept."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, kept in registry.kept.items():
            self.fields[key] = forms.IntegerField(
                label=capfirst(str(kept.what)),
                min_value=1,
                max_value=LONGEST,
                required=False,
                help_text=_("Days; we propose %(days)s. Empty: for ever.") % {"days": kept.days},
            )
