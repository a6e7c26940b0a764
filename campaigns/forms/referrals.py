"""What people write of a referral program, and decide about who came; the services check it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offers import OfferField
from campaigns.models import ReferralProgram
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.referral_words import READY, REFUSED
from campaigns.referring import codes
from campaigns.services.checking import LONGEST
from campaigns.services.referral_programs import PARTS
from churnapp.models import User
from customers.forms.choosing import CustomerField
from customers.models.customer import WORK, CustomerQuerySet

LABELS = {
    "title": _("Title"),
    "text": _("Text"),
    "welcome": _("What who comes gets, in words"),
    "button": _("Words on the button"),
}
OWN = ("name", "reward", "welcome", "responsible")
LIMITS = ("days_to_sign_up", "months_to_pay", "months_away", "most_a_referrer", "most_a_month")


class ProgramForm(forms.Form):
    """A referral program with what its page says by language."""

    name = forms.CharField(
        label=_("Name"),
        max_length=ReferralProgram.LONGEST_NAME,
        help_text=_("Only colleagues see it."),
    )
    reward = OfferField(
        label=_("Offer for who recommends"),
        queryset=None,
        help_text=_(
            "Its own limits hold too: while a customer may still accept one, the next one waits."
        ),
    )
    welcome = OfferField(
        label=_("Offer for who comes"),
        queryset=None,
        required=False,
        empty_label=_("none"),
        help_text=_("Made to them once they are found among the customers."),
    )
    responsible = forms.ModelChoiceField(
        label=_("Who gets in touch"),
        queryset=None,
        required=False,
        empty_label=_("the owner of the customer who recommends"),
    )
    days_to_sign_up = forms.IntegerField(
        label=_("Days to sign up"),
        min_value=1,
        max_value=730,
        initial=90,
        help_text=_("Who signs up later was not brought."),
    )
    months_to_pay = forms.IntegerField(
        label=_("Months they must have paid"),
        min_value=0,
        max_value=36,
        initial=1,
        help_text=_("Who leaves before that brings no reward."),
    )
    months_away = forms.IntegerField(
        label=_("Months after which a former customer counts as new"),
        min_value=0,
        max_value=120,
        initial=12,
    )
    most_a_referrer = forms.IntegerField(
        label=_("Most rewards for one customer"),
        min_value=1,
        max_value=10_000,
        initial=10,
        required=False,
        help_text=_("Empty means no limit."),
    )
    most_a_month = forms.IntegerField(
        label=_("Most rewards in a month"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("What is above it waits for the next month. Empty means no limit."),
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reward"].queryset = self.fields["welcome"].queryset = offers
        self.fields["responsible"].queryset = User.objects.who_may(WORK)
        for code, _language in settings.LANGUAGES:
            for part in PARTS:
                self.fields[f"{part}_{code}"] = text_field(part, code)

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in OWN]

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[name] for name in LIMITS]

    @property
    def languages(self) -> list[tuple[str, str, list[forms.BoundField], bool]]:
        """Each language by code and name, with its texts, and whether one is marked as wrong."""
        return [
            (code, name, [self[f"{part}_{code}"] for part in PARTS], self.is_wrong(code))
            for code, name in settings.LANGUAGES
        ]

    def is_wrong(self, code: str) -> bool:
        return any(f"{part}_{code}" in self.errors for part in PARTS)

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        texts = {
            code: {part: given.get(f"{part}_{code}", "") for part in PARTS}
            for code, _name in settings.LANGUAGES
        }
        return {name: given.get(name) for name in (*OWN, *LIMITS)} | {"texts": texts}


def text_field(part: str, code: str) -> forms.CharField:
    is_long = part == "text"
    return forms.CharField(
        label=LABELS[part],
        max_length=LONGEST[PARTS[part]],
        required=code == SOURCE_LANGUAGE and part in {"title", "text"},
        widget=forms.Textarea(attrs={"rows": 3, "lang": code})
        if is_long
        else forms.TextInput(attrs={"lang": code}),
    )


def ready() -> dict[str, Any]:
    """What the form of a new program shows: words in every language, to be changed."""
    return {f"{part}_{code}": text for code, texts in READY.items() for part, text in texts.items()}


def beginning(program: ReferralProgram) -> dict[str, Any]:
    """What the form of a program shows at first."""
    shown: dict[str, Any] = {name: getattr(program, name) for name in (*OWN, *LIMITS)}
    shown["seen"] = program.changed_at.isoformat()
    for code, texts in program.texts.items():
        shown |= {f"{part}_{code}": text for part, text in texts.items()}
    return shown


class MatchForm(forms.Form):
    """Which customer somebody became."""

    customer = CustomerField(label=_("Customer"))

    def __init__(self, *args: Any, visible: CustomerQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].visible = visible


class RefuseForm(forms.Form):
    """Why a referral brings nothing."""

    why = forms.ChoiceField(label=_("Reason"), choices=REFUSED.items, initial=codes.BY_HAND)


class MakeLinkForm(forms.Form):
    """In which program a customer gets a link, and to whom there it belongs."""

    program = forms.ModelChoiceField(label=_("Program"), queryset=None)
    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )

    def __init__(self, *args: Any, contacts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["program"].queryset = ReferralProgram.objects.on()
        self.fields["contact"].queryset = contacts
