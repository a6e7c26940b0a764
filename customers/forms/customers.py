"""Forms about a customer itself: its fields, its people, its notes and tasks."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import CurrencyField, DayField, PersonField
from customers.models import Contact, Customer, MailPurpose, Task
from customers.models.customer import LANGUAGES, CustomerQuerySet


class SeenMixin(forms.Form):
    """A form that carries what its fields were when it was opened, signed.

    So a save can tell what somebody else changed meanwhile.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def sealed(values: Mapping[str, Any]) -> str:
        return signing.dumps(json.dumps(dict(values), cls=DjangoJSONEncoder), salt="seen")

    def clean_seen(self) -> dict[str, Any]:
        """What the person saw, as plain JSON; nothing where the seal is broken or missing."""
        try:
            return dict(json.loads(signing.loads(self.cleaned_data["seen"], salt="seen")))
        except signing.BadSignature:
            raise forms.ValidationError(_("Open the form again and send it once more.")) from None


class AttributesField(forms.CharField):
    """Attributes as lines of `name: value`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
        super().__init__(widget=widget, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{name}: {shown(held)}" for name, held in sorted(value.items()))

    def clean(self, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            name, colon, text = line.partition(":")
            if not colon or not name.strip():
                raise forms.ValidationError(
                    _("Line %(number)s: write a name, a colon and a value."),
                    params={"number": number},
                )
            found[name.strip()] = text.strip()
        return found


def shown(held: Any) -> str:
    return held if isinstance(held, str) else json.dumps(held)


def with_their_types(given: Mapping[str, str], held: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as typed in, where unchanged as they were kept: a number stays a number."""
    return {
        name: held[name] if name in held and shown(held[name]) == text else text
        for name, text in given.items()
    }


class CustomerForm(SeenMixin):
    name = forms.CharField(label=_("Name"), max_length=300)
    organisation_number = forms.CharField(
        label=_("Organisation number"), max_length=50, required=False
    )
    parent = forms.CharField(
        label=_("Parent company"),
        max_length=200,
        required=False,
        help_text=_("Its customer id."),
    )
    signed_up_on = DayField(label=_("Signed up on"), required=False)
    country = forms.CharField(label=_("Country"), max_length=100, required=False)
    language = forms.CharField(label=_("Language"), max_length=20, required=False)
    currency = CurrencyField(label=_("Currency"), required=False)
    attributes = AttributesField(
        label=_("Attributes"), help_text=_("One a line, such as “industry: shipping”.")
    )
    never_automatic = forms.BooleanField(
        label=_("Never automatic: no mail goes out by itself"), required=False
    )

    rows = (
        ("name",),
        ("organisation_number", "parent"),
        ("country", "language"),
        ("currency", "signed_up_on"),
        ("attributes",),
        ("never_automatic",),
    )

    def __init__(self, *args: Any, visible: CustomerQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.visible = visible

    def clean_parent(self) -> Customer | None:
        wanted = self.cleaned_data["parent"].strip()
        if not wanted:
            return None
        found = self.visible.filter(external_id=wanted).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this id."))
        return found


class NewCustomerForm(CustomerForm):
    external_id = forms.CharField(
        label=_("Customer id"),
        max_length=200,
        help_text=_("What your other systems call it; it never changes."),
    )
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("Nobody"))

    rows = (("external_id", "owner"), *CustomerForm.rows)

    def clean_seen(self) -> dict[str, Any]:
        return {}


class ContactForm(SeenMixin):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"), choices=Contact.Role.choices, initial=Contact.Role.OTHER
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Not known")), *LANGUAGES],
    )
    left_on = DayField(
        label=_("Left on"), required=False, help_text=_("Empty while they work there.")
    )

    rows = (("name",), ("email",), ("role", "language"), ("left_on",))


class NewContactForm(ContactForm):
    left_on = None

    rows = (("name",), ("email",), ("role", "language"))

    def clean_seen(self) -> dict[str, Any]:
        return {}


def of_mail(purpose: MailPurpose) -> forms.ChoiceField:
    """Whether somebody agreed to one purpose of mail."""
    answers = [("", _("Not known")), ("yes", _("Agreed")), ("no", _("Said no"))]
    return forms.ChoiceField(label=capfirst(purpose.label), required=False, choices=answers)


class ConsentForm(SeenMixin):
    survey = of_mail(MailPurpose.SURVEY)
    campaign = of_mail(MailPurpose.CAMPAIGN)
    personal = of_mail(MailPurpose.PERSONAL)
    said_on = DayField(label=_("When they said so"))
    source = forms.CharField(
        label=_("Where they said so"), max_length=200, help_text=_("Such as: on the phone.")
    )

    GIVEN = {"": None, "yes": True, "no": False}
    rows = (("survey", "campaign", "personal"), ("said_on", "source"))

    @classmethod
    def held(cls, words: Mapping[str, bool | None]) -> dict[str, str]:
        """What the fields of purposes show, by what was said of each."""
        shown_as = {given: answer for answer, given in cls.GIVEN.items()}
        return {purpose: shown_as[words.get(purpose)] for purpose in cls.rows[0]}

    def changed_words(self) -> dict[str, bool | None]:
        """What was said of the purposes that are no longer as they were seen."""
        given, seen = self.cleaned_data, self.cleaned_data["seen"]
        changed = [name for name in self.rows[0] if given[name] != seen.get(name, "")]
        return {name: self.GIVEN[given[name]] for name in changed}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000
    )


class TaskForm(forms.Form):
    what = forms.CharField(label=_("What is to be done"), max_length=300)
    assignee = PersonField(label=_("Who"), required=False, empty_label=_("Nobody yet"))
    due_on = DayField(label=_("By"), required=False)

    rows = (("what",), ("assignee", "due_on"))


class AssignForm(forms.Form):
    assignee = PersonField(label=_("Who"))

    def __init__(self, *args: Any, task: Task, **options: Any) -> None:
        super().__init__(*args, **({"initial": {"assignee": task.assignee_id}} | options))
        self.fields["assignee"].keep(task.assignee)


class HandOverForm(forms.Form):
    to = PersonField(label=_("New owner"))
    on = DayField(label=_("From"))
    note = forms.CharField(
        label=_("Note for them"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    rows = (("to", "on"), ("note",))
