"""Questions about mail and about addresses that get none."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import MailPurpose


class BecauseForm(forms.Form):
    because = forms.CharField(label=_("Why?"), max_length=300)


class AddressForm(forms.Form):
    address = forms.EmailField(label=_("E-mail address"), max_length=320)


class SuppressForm(AddressForm):
    purpose = forms.ChoiceField(
        label=_("From which mail?"),
        required=False,
        choices=[("", _("All mail")), *MailPurpose.choices],
    )
    because = forms.CharField(label=_("Why?"), max_length=300)
