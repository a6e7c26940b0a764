"""What people fill in about a webhook; the service checks the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.models import WebhookEvent


class WebhookForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("What you choose is sent there, signed. Only https."),
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/churnapp"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell when"),
        choices=WebhookEvent.choices,
        initial=[WebhookEvent.RECEIVED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever is told of changes of answers is told of new ones, too."),
    )
