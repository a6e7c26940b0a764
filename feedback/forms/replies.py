"""A reply to somebody who answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.services.personal_mail import LONGEST_SUBJECT

LONGEST_TEXT = 20_000


class ReplyForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 14})
    )
    number = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput)
