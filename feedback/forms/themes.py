"""What people fill in about themes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.models import Theme

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]


class ThemeForm(forms.Form):
    """A name and words in each language; words stand one line below the other."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, name in LANGUAGES:
            words = {"language": name}
            self.fields[f"label_{code}"] = forms.CharField(
                label=_t("Name, %(language)s") % words, max_length=100, required=False
            )
            self.fields[f"words_{code}"] = forms.CharField(
                label=_t("Words, %(language)s") % words,
                max_length=2_000,
                required=False,
                widget=forms.Textarea({"rows": 2, "class": "theme-words"}),
            )

    @staticmethod
    def said_of(theme: Theme) -> dict[str, str]:
        """What the form shows of a theme."""
        labels = {f"label_{code}": theme.labels.get(code, "") for code, _name in LANGUAGES}
        words = {f"words_{code}": "\n".join(theme.words.get(code, ())) for code, _n in LANGUAGES}
        return labels | words

    def labels(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"label_{code}"].strip() for code, _name in LANGUAGES}

    def words(self) -> dict[str, list[str]]:
        return {
            code: [line.strip() for line in given.splitlines() if line.strip()]
            for code, _name in LANGUAGES
            for given in [self.cleaned_data[f"words_{code}"]]
        }


class MergeForm(forms.Form):
    """Which theme takes another one in."""

    into = forms.ModelChoiceField(Theme.objects.none(), label=_("Into"))

    def __init__(self, *args: Any, theme: Theme, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Theme.objects.in_use().exclude(pk=theme.pk)
