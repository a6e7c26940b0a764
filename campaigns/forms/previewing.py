"""As whom a mail is looked at."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.path_words import step_words
from campaigns.paths import Path
from campaigns.sequences.rehearsing import Wish
from customers.filters import offered
from customers.forms.choosing import CustomerField
from customers.models.customer import CustomerQuerySet


class PreviewForm(forms.Form):
    """A mail step, the customer, and another variant or language than they would be drawn.

    The customer's field is called as the list of choices asks for it.
    """

    other = CustomerField(label=_("As which customer"))
    step = forms.ChoiceField(label=_("Which mail"))
    variant = forms.ChoiceField(label=_("Variant"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    reason = forms.ChoiceField(label=_("Reason for leaving"), required=False)

    def __init__(self, *args: Any, path: Path, visible: CustomerQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"].visible = visible
        numbers = {step.key: number for number, step in enumerate(path.steps, start=1)}
        self.fields["step"].choices = [
            (step.key, f"{numbers[step.key]}. {step_words(step, {})}") for step in path.mails()
        ]
        self.fields["variant"].choices = [
            ("", _("as they are drawn")),
            *((one.key, one.name or one.key) for one in path.variants),
        ]
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [
            ("", _("as they read")),
            *((code, names.get(code, code)) for code in path.languages),
        ]

        letters = {reason for step in path.mails() for reason in step.by_reason}
        if letters:
            worded = dict(offered.reasons())
            named = [(key, worded.get(key, key)) for key in sorted(letters)]
            self.fields["reason"].choices = [("", _("as they left")), *named]
        else:
            del self.fields["reason"]

    @property
    def wish(self) -> Wish:
        """What was asked for; only of a form that is valid."""
        said = self.cleaned_data
        return Wish(
            said["step"],
            said["other"],
            said["variant"],
            said["language"],
            said.get("reason", ""),
        )
