"""Why an answer is set aside."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AsideForm(forms.Form):
    because = forms.CharField(
        label=_("Why?"),
        max_length=50,
        help_text=_("A few words for those who wonder later, such as: a test of ours."),
    )
