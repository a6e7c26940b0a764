"""What people fill in about something that is fixed."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.models import Fix
from customers.filters import offered
from customers.forms.fields import DayField
from customers.models import CancellationReason, Feature
from feedback.models import Theme

LONGEST = 200


class ReasonsField(forms.ModelMultipleChoiceField):
    """Reasons for leaving, by their wording now."""

    words: dict[str, str]

    def label_from_instance(self, reason: Any) -> str:
        return self.words.get(reason.key, reason.key)


class FixForm(forms.Form):
    """`instance` is the one that is changed. Its words have a field a language."""

    name = forms.CharField(
        label=_("What is fixed"), max_length=LONGEST, help_text=_("As colleagues call it.")
    )
    fixed_on = DayField(label=_("Fixed on"))
    reasons = ReasonsField(
        CancellationReason.objects.filter(merged_into=None),
        label=_("Reasons for leaving"),
        help_text=_("It concerns everybody who left for one of these."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    feature = forms.ModelChoiceField(
        Feature.objects.all(),
        label=_("Feature that was missing"),
        help_text=_("And everybody who left for lack of it. For them alone, choose no reason."),
        required=False,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.in_use(),
        label=_("Themes in comments"),
        help_text=_("And everybody who said so, those who left and those who stayed."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, instance: Fix | None = None, **options: Any) -> None:
        if instance is not None:
            options["initial"] = first_values(instance)
        super().__init__(*args, **options)
        self.fields["reasons"].words = dict(offered.reasons())
        if instance is not None:
            self.keep(instance)
        for code, language in settings.LANGUAGES:
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("As mails name it, %(language)s") % {"language": language},
                max_length=LONGEST,
                required=False,
            )

    def keep(self, fix: Fix) -> None:
        """Let what it is tied to stay, even if it could not be chosen any more."""
        for name in ("reasons", "themes"):
            field = self.fields[name]
            everything = field.queryset.model.objects.all()
            offered_now = field.queryset.values("pk")
            field.queryset = everything.filter(pk__in=offered_now) | everything.filter(fixes=fix)
            field.queryset = field.queryset.distinct()

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        said = {code: self.cleaned_data[f"words_{code}"].strip() for code, _n in settings.LANGUAGES}
        plain = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith("words_")
        }
        return plain | {"words": {code: words for code, words in said.items() if words}}


def first_values(fix: Fix) -> dict[str, Any]:
    """What the form of one shows first."""
    words = {f"words_{code}": fix.words.get(code, "") for code, _name in settings.LANGUAGES}
    return words | {
        "name": fix.name,
        "fixed_on": fix.fixed_on,
        "reasons": fix.reasons.all(),
        "feature": fix.feature,
        "themes": fix.themes.all(),
    }
