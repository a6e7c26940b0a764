"""What people fill in about an open link; the service checks the addresses."""

from django import forms
from django.utils.translation import gettext_lazy as _


class OpenLinkForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("Where you put it, such as the footer of the help pages: only staff see it."),
    )
    framed_by = forms.CharField(
        label=_("Sites that may show it in a frame"),
        max_length=500,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": "https://www.example.com https://help.example.com"}
        ),
        help_text=_("Addresses of your own sites, a space between them. Without one, no site may."),
    )
