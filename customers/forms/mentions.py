"""What was said of us and where, whose it is, and who answers it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.choosing import CustomerField
from customers.forms.fields import AmountField, DayField, PersonField
from customers.models import Customer, Mention
from customers.models.customer import CustomerQuerySet
from customers.models.mention import HIGHEST_RATING
from customers.services.mentions import Arrangement, candidates

SENTIMENTS = [("", _("Not known")), ("1", _("Good")), ("0", _("Neutral")), ("-1", _("Bad"))]


def sentiment_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Tone"), choices=SENTIMENTS, coerce=int, empty_value=None, required=False
    )


class MentionForm(forms.Form):
    """One that a person heard or read; the day stands for its moment."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Mention.Kind.choices, initial=Mention.Kind.WORD
    )
    occurred_on = DayField(label=_("When"))
    site = forms.CharField(
        label=_("Where"),
        max_length=200,
        required=False,
        help_text=_("Such as Trustpilot, LinkedIn or a trade fair."),
    )
    text = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000
    )
    url = forms.URLField(label=_("Address"), max_length=2000, required=False)
    author = forms.CharField(label=_("Author"), max_length=200, required=False)
    author_email = forms.EmailField(label=_("Author's e-mail address"), required=False)
    company = forms.CharField(label=_("Company"), max_length=300, required=False)
    website = forms.CharField(label=_("Website"), max_length=2000, required=False)
    rating = AmountField(
        label=_("Rating of 5"),
        min_value=0,
        max_value=HIGHEST_RATING,
        decimal_places=2,
        required=False,
    )
    sentiment = sentiment_field()

    asked_as = {"occurred_at": "occurred_on"}
    rows = (
        ("kind", "occurred_on"),
        ("site", "url"),
        ("text",),
        ("author", "author_email"),
        ("company", "website"),
        ("rating", "sentiment"),
    )


class MatchForm(forms.Form):
    """One of the customers that fit, or another by its name or id."""

    candidate = forms.ModelChoiceField(
        Customer.objects.none(),
        label=_("Customers that fit"),
        required=False,
        empty_label=_("Another one"),
    )
    other = CustomerField(label=_("Customer"), required=False)

    rows = (("candidate",), ("other",))

    def __init__(
        self, *args: Any, mention: Mention, visible: CustomerQuerySet, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["other"].visible = visible
        found = list(candidates(mention, visible))
        field = self.fields["candidate"]
        field.queryset = visible.filter(pk__in=[one.pk for one in found])
        named = [(one.pk, f"{one.name} ({one.external_id})") for one in found]
        field.choices = [("", field.empty_label), *named]
        if not found:
            del self.fields["candidate"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["customer"] = given.get("candidate") or given.get("other")
        if given["customer"] is None and not self.has_error("other"):
            self.add_error("other", _("Choose a customer."))
        return given


class ReplyForm(forms.Form):
    """What was answered, and where it can be read."""

    text = forms.CharField(
        label=_("What was answered"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        required=False,
        help_text=_("Both are optional; they stand with the mention and on the timeline."),
    )
    url = forms.URLField(label=_("Address of the answer"), max_length=2000, required=False)


class ArrangeForm(forms.Form):
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("Nobody yet"))
    reply_by = DayField(label=_("Reply by"), required=False)
    sentiment = sentiment_field()

    rows = (("owner", "reply_by"), ("sentiment",))

    def __init__(self, *args: Any, mention: Mention, **options: Any) -> None:
        beginning = {
            "owner": mention.owner_id,
            "reply_by": mention.reply_by,
            "sentiment": "" if mention.sentiment is None else mention.sentiment,
        }
        super().__init__(*args, **({"initial": beginning} | options))
        self.fields["owner"].keep(mention.owner)

    def arrangement(self) -> Arrangement:
        return Arrangement(**self.cleaned_data)
