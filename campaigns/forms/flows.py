"""What people write of a cancel flow, reason by reason; the services check what it may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.forms.audience import Saved, chosen_field, offer_saved, take_chosen
from campaigns.leaving.jurisdictions import ALL
from campaigns.models import CancelFlow, FlowAnswer
from campaigns.models.flow import MOST_HELD_OUT
from campaigns.services.checking import LONGEST
from campaigns.services.flow_checks import PARTS, Answer, field_name
from customers.models import CancellationReason

ANY = "any"
CODES = [code for code, _name in settings.LANGUAGES]
LABELS = {"title": _("Title"), "text": _("Text"), "button": _("Words on the button")}
LAWS = [
    ("", _("by the customer's country")),
    *((law.key, law.name) for law in ALL),
]


@dataclass(frozen=True)
class Place:
    """A reason that can be answered; `key` is `any` for all that have no answer of their own."""

    key: str
    label: str
    reason: CancellationReason | None = None


class FlowForm(forms.Form):
    """A flow, with the fields of an answer for each reason."""

    name = forms.CharField(
        label=_("Name"), max_length=CancelFlow.LONGEST_NAME, help_text=_("Only colleagues see it.")
    )
    chosen = chosen_field()
    query = forms.CharField(
        label=_("Or a filter"),
        required=False,
        help_text=_("Such as plan=pro&country=NO, as in the address of the customer list."),
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=0,
        max_value=1_000,
        initial=50,
        help_text=_("Of several for one customer the highest is taken."),
    )
    profile = forms.ChoiceField(
        label=_("Law it keeps to"),
        choices=LAWS,
        required=False,
        help_text=_("By country, it keeps to the strictest: two clicks."),
    )
    ending = forms.ChoiceField(
        label=_("Without a contract it ends"),
        choices=CancelFlow.Ending.choices,
        initial=CancelFlow.Ending.MONTH,
    )
    renewal_months = forms.IntegerField(
        label=_("Months by which a contract renews"),
        min_value=1,
        max_value=36,
        initial=12,
        help_text=_("Where notice comes too late, it ends after them. A law may allow fewer."),
    )
    holdout_percent = forms.IntegerField(
        label=_("Holdout, percent"),
        min_value=0,
        max_value=MOST_HELD_OUT,
        initial=10,
        help_text=_("So many see neither offers nor help, so that the effect can be told."),
    )
    days_open = forms.IntegerField(
        label=_("Days a link is open"), min_value=1, max_value=90, initial=14
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, places: Sequence[Place], offers: Any, saved: Saved = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        offer_saved(self, saved, "query", _("every customer, or the filter below"))
        self.places, self.offers = places, offers
        for code, _language in settings.LANGUAGES:
            for part in ("title", "text"):
                self.fields[f"{part}_{code}"] = text_field(part, code)
        choices = [("", "–"), *((str(offer.pk), offer.name) for offer in offers)]
        for place in places:
            self.add_place(place, choices)

    def add_place(self, place: Place, offers: list[tuple[str, str]]) -> None:
        key = place.key
        self.fields[f"{key}_kind"] = forms.ChoiceField(
            label=_("Answer"), choices=FlowAnswer.Kind.choices, required=False
        )
        self.fields[f"{key}_offer"] = forms.ChoiceField(
            label=_("Offer"), choices=offers, required=False
        )
        self.fields[f"{key}_address"] = forms.URLField(
            label=_("Address of the help"), max_length=500, required=False
        )
        self.fields[f"{key}_apart"] = forms.BooleanField(
            label=_("On a page of its own: one more click"), required=False
        )
        for code, _language in settings.LANGUAGES:
            for part in PARTS:
                self.fields[field_name(key, part, code)] = text_field(part, code)

    def clean(self) -> dict[str, Any]:
        return take_chosen(self, super().clean() or {}, "query")

    @property
    def own(self) -> list[forms.BoundField]:
        names = (
            "name", "chosen", "query", "priority", "profile", "ending", "renewal_months",
            "holdout_percent", "days_open",
        )  # fmt: skip
        return [self[name] for name in names]

    @property
    def first_page(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The words of the first page by language."""
        return [
            (code, name, [self[f"title_{code}"], self[f"text_{code}"]])
            for code, name in settings.LANGUAGES
        ]

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Each reason with its fields; `is_set` where it is answered or has an error."""
        return [self.answer_fields(place) for place in self.places]

    def answer_fields(self, place: Place) -> dict[str, Any]:
        names = [
            *(f"{place.key}_{name}" for name in ("kind", "offer", "address", "apart")),
            *(field_name(place.key, part, code) for part in PARTS for code in CODES),
        ]
        kind = self[f"{place.key}_kind"].value() or FlowAnswer.Kind.NONE
        return {
            "place": place,
            "kind": kind,
            "kind_label": FlowAnswer.Kind(kind).label if kind in FlowAnswer.Kind.values else "",
            "has_words": kind in {FlowAnswer.Kind.HELP, FlowAnswer.Kind.CALL},
            "is_set": kind != FlowAnswer.Kind.NONE or any(name in self.errors for name in names),
            "fields": [
                self[f"{place.key}_{name}"] for name in ("kind", "offer", "address", "apart")
            ],
            "languages": [
                (code, name, [self[field_name(place.key, part, code)] for part in PARTS])
                for code, name in settings.LANGUAGES
            ],
        }

    @property
    def values(self) -> dict[str, Any]:
        """What the services take of the flow."""
        given = self.cleaned_data
        names = (
            "name", "query", "priority", "profile", "ending", "renewal_months", "holdout_percent",
            "days_open",
        )  # fmt: skip
        texts = {
            code: {part: given.get(f"{part}_{code}", "") for part in ("title", "text")}
            for code, _name in settings.LANGUAGES
        }
        return {name: given[name] for name in names} | {"texts": texts}

    @property
    def given_answers(self) -> list[Answer]:
        """What the services take of each reason."""
        return [self.given_answer(place) for place in self.places]

    def given_answer(self, place: Place) -> Answer:
        given, key = self.cleaned_data, place.key
        chosen = given.get(f"{key}_offer") or ""
        return Answer(
            place.reason,
            given.get(f"{key}_kind") or FlowAnswer.Kind.NONE,
            next((offer for offer in self.offers if str(offer.pk) == chosen), None),
            {
                code: {part: given.get(field_name(key, part, code), "") for part in PARTS}
                for code, _name in settings.LANGUAGES
            },
            given.get(f"{key}_address") or "",
            given.get(f"{key}_apart") or False,
        )


def text_field(part: str, code: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "lang": code})
    return forms.CharField(
        label=LABELS[part],
        max_length=LONGEST[part],
        required=False,
        widget=widget if part == "text" else forms.TextInput(attrs={"lang": code}),
    )


def beginning(flow: CancelFlow, answers: Sequence[Answer]) -> dict[str, Any]:
    """What the form of a flow shows at first."""
    names = (
        "name", "query", "priority", "profile", "ending", "renewal_months", "holdout_percent",
        "days_open",
    )  # fmt: skip
    shown: dict[str, Any] = {name: getattr(flow, name) for name in names}
    shown["seen"] = flow.changed_at.isoformat() if flow.changed_at else ""
    for code, texts in flow.texts.items():
        shown |= {f"{part}_{code}": text for part, text in texts.items()}
    for answer in answers:
        key = answer.place
        shown |= {
            f"{key}_kind": answer.kind,
            f"{key}_offer": str(answer.offer.pk) if answer.offer else "",
            f"{key}_address": answer.address,
            f"{key}_apart": answer.apart,
        }
        for code, texts in answer.texts.items():
            shown |= {field_name(key, part, code): text for part, text in texts.items()}
    return shown


class LinkForm(forms.Form):
    """To whom at a customer a link is made, and about what."""

    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=None, required=False, empty_label=_("Nobody in particular")
    )
    subscription = forms.ModelChoiceField(
        label=_("What ends"), queryset=None, required=False, empty_label=_("Everything they have")
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, contacts: Any, subscriptions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = contacts
        self.fields["subscription"].queryset = subscriptions
