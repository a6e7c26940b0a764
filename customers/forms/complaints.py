"""What a complaint says, who settles it by when, and how it was settled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.cancellations import by_category, latest_versions
from customers.forms.fields import DayField, PersonField
from customers.models import CancellationReason, Complaint, Contact, Customer, Feature
from customers.services.complaints import LONGEST_WORDS, Grievance, Settlement


class CauseForm(forms.Form):
    """What is behind a complaint: a reason of the list, a feature, or both."""

    reason = forms.ModelChoiceField(
        CancellationReason.objects.none(),
        label=_("Cause"),
        required=False,
        empty_label=_("Not known"),
        help_text=_("The same list as of reasons to leave, so that both can be compared."),
    )
    feature = forms.ModelChoiceField(
        Feature.objects.none(), label=_("Feature"), required=False, empty_label=_("None")
    )

    def offer_causes(self, *kept: int | None) -> None:
        """Reasons that may be chosen, and `kept`, which is in use; and every feature."""
        versions = latest_versions(*kept)
        reasons = self.fields["reason"]
        ids = [version.reason_id for version in versions]
        reasons.queryset = CancellationReason.objects.filter(pk__in=ids)
        reasons.choices = [("", reasons.empty_label), *by_category(versions)]
        self.fields["feature"].queryset = Feature.objects.order_by("name", "code")


class ComplaintForm(CauseForm):
    words = forms.CharField(
        label=_("What they complain about"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        help_text=_("In their words, as far as you have them."),
    )
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("Nobody yet"))
    due_on = DayField(label=_("To be settled by"), required=False)
    said_on = DayField(label=_("Said on"))
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who said it"), required=False, empty_label=_("Not known")
    )

    rows = (("words",), ("said_on", "contact"), ("reason", "feature"), ("owner", "due_on"))

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = customer.contacts.order_by("name", "email")
        self.offer_causes()

    def said(self) -> Grievance:
        return Grievance(**self.cleaned_data)


class AssignComplaintForm(forms.Form):
    owner = PersonField(label=_("Owner"))
    due_on = DayField(label=_("To be settled by"))

    rows = (("owner", "due_on"),)

    def __init__(self, *args: Any, complaint: Complaint, **options: Any) -> None:
        beginning = {"owner": complaint.owner_id, "due_on": complaint.due_on}
        super().__init__(*args, **({"initial": beginning} | options))
        self.fields["owner"].keep(complaint.owner)


class ResolveForm(CauseForm):
    resolution = forms.CharField(
        label=_("How it was resolved"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
    )

    rows = (("resolution",), ("reason", "feature"))

    def __init__(self, *args: Any, complaint: Complaint, **options: Any) -> None:
        beginning = {
            "resolution": complaint.resolution,
            "reason": complaint.reason_id,
            "feature": complaint.feature_id,
        }
        super().__init__(*args, **({"initial": beginning} | options))
        self.offer_causes(complaint.reason_id)

    def settlement(self) -> Settlement:
        return Settlement(**self.cleaned_data)
