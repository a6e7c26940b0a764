"""Why a customer leaves, and from when."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from churnapp.common.money import mrr
from churnapp.common.periods import moment_of
from customers.forms.fields import DayField
from customers.models import (
    Cancellation,
    CancellationReason,
    Competitor,
    Customer,
    ReasonCategory,
    ReasonKind,
    ReasonVersion,
    Subscription,
    Term,
)
from customers.services.cancellations import CancellationDetails

# A blank placeholder lets the style sheet tell an empty field from one with an answer.
SHOWN_WHEN_ASKED = forms.TextInput(attrs={"placeholder": " "})
CHOICES = ("reason", "csm_reason")


class ReasonSelect(forms.Select):
    """Reasons by category; each says what else it asks, so that a page can show just that."""

    asks: dict[int, str] = {}

    def create_option(self, name: str, value: Any, *rest: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *rest, **options)
        asks = self.asks.get(int(str(value))) if str(value).isdecimal() else ""
        if asks:
            option["attrs"]["data-asks"] = asks
        return option


class ReasonField(forms.ModelChoiceField):
    """One of the reasons on offer, which the form has read already."""

    offered: dict[str, CancellationReason] = {}

    def to_python(self, value: Any) -> CancellationReason | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.offered:
            code = "invalid_choice"
            message = self.error_messages[code]
            raise forms.ValidationError(message, code=code, params={"value": value})
        return self.offered[str(value)]


class CancellationForm(forms.Form):
    """One departure: of the whole customer, or of one of its subscriptions."""

    effective_on = DayField(
        label=_("Leaves on"), help_text=_("The first day that is not paid for.")
    )
    requested_on = DayField(
        label=_("Gave notice on"), required=False, help_text=_("Empty if nobody knows.")
    )
    subscription = forms.ModelChoiceField(
        Subscription.objects.none(),
        label=_("What ends"),
        required=False,
        empty_label=_("Everything they have"),
    )
    reason = ReasonField(
        CancellationReason.objects.none(),
        label=_("What the customer says"),
        required=False,
        empty_label=_("Not known yet"),
        widget=ReasonSelect,
        show_hidden_initial=True,
    )
    csm_reason = ReasonField(
        CancellationReason.objects.none(),
        label=_("Your own view"),
        required=False,
        empty_label=_("Not known yet"),
        widget=ReasonSelect,
        show_hidden_initial=True,
    )
    competitor = forms.CharField(
        label=_("Which competitor"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": " ", "list": "known-competitors"}),
    )
    missing_feature = forms.CharField(
        label=_("Which feature"), max_length=200, required=False, widget=SHOWN_WHEN_ASKED
    )
    comment = forms.CharField(
        label=_("In the customer's words"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What they said or wrote, word for word. If they did not ask to leave, write what "
            "happened: it is kept as our note and never shown as their words."
        ),
    )
    involuntary = forms.BooleanField(
        label=_("They did not ask for it: payment failed, or they closed down"), required=False
    )

    rows = (
        ("effective_on", "requested_on"),
        ("subscription",),
        ("reason", "csm_reason"),
        ("competitor",),
        ("missing_feature",),
        ("comment",),
        ("involuntary",),
    )

    asked_as = {"requested_at": "requested_on", "stated_reason": "reason"}

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        subscriptions = self.fields["subscription"]
        subscriptions.queryset = customer.subscriptions.order_by("pk")
        subscriptions.choices = [("", subscriptions.empty_label), *named_subscriptions(customer)]
        self._offer_reasons()

    def _offer_reasons(self) -> None:
        kept = [self.initial[name] for name in CHOICES if self.initial.get(name)]
        versions = latest_versions(*kept)
        usable = CancellationReason.objects.filter(
            pk__in=[version.reason_id for version in versions]
        )
        self._wordings = {version.reason_id: str(version) for version in versions}
        for name in CHOICES:
            field = self.fields[name]
            field.queryset = usable
            field.choices = [("", field.empty_label), *by_category(versions)]
            field.offered = {str(version.reason_id): version.reason for version in versions}
            field.widget.asks = {version.reason_id: version.asks for version in versions}

    @property
    def stated_words(self) -> str:
        """What the customer says, as it is worded now; empty where nothing was chosen."""
        return self._worded("reason")

    @property
    def csm_words(self) -> str:
        return self._worded("csm_reason")

    def _worded(self, name: str) -> str:
        reason = self.cleaned_data.get(name)
        return self._wordings[reason.pk] if reason else ""

    def known_competitors(self) -> list[str]:
        """Names to choose from; any other may be written."""
        return list(Competitor.objects.on_offer().values_list("name", flat=True))

    def details(self, *, now: datetime) -> CancellationDetails:
        """What the form says; a day of notice counts from its first moment, today from `now`.

        A reason that nobody touched stays as it is by now: a survey may have told it meanwhile.
        """
        given = dict(self.cleaned_data)
        for name in CHOICES:
            if name not in self.changed_data:
                given[name] = self.fields[name].queryset.filter(pk=self.initial.get(name)).first()
        requested_on, zone = given.pop("requested_on"), timezone.get_current_timezone()
        return CancellationDetails(
            requested_at=moment_of(requested_on, now, zone) if requested_on else None,
            reason=self.initial.get("headline"),
            stated_reason=given.pop("reason"),
            **given,
        )


def named_subscriptions(customer: Customer) -> list[tuple[int, str]]:
    """A customer's subscriptions by plan and price; by their id too where two read the same."""
    terms = Term.objects.standing().filter(subscription__customer=customer)
    latest = terms.order_by("subscription", "-starts_on").distinct("subscription")
    named = [(term, priced(term)) for term in latest.select_related("plan", "subscription")]
    often = Counter(name for _term, name in named)
    return [
        (
            term.subscription_id,
            f"{name} · {term.subscription.external_id}" if often[name] > 1 else name,
        )
        for term, name in named
    ]


def priced(term: Term) -> str:
    """A term as a person tells it from another: plan, price a month, and the end if it is known."""
    amount = formats.money(mrr(term.arr_native_minor, term.currency), term.currency)
    words = {"plan": term.plan or _("A subscription"), "mrr": amount}
    if term.ends_on is None:
        return gettext("%(plan)s, %(mrr)s a month") % words
    words["day"] = formats.day(term.ends_on)
    return gettext("%(plan)s, %(mrr)s a month, ends on %(day)s") % words


def latest_versions(*kept: int | None) -> list[ReasonVersion]:
    """How each reason that may be chosen is worded now; `kept` are some in use that stay."""
    usable = CancellationReason.objects.filter(retired_at=None, merged_into=None)
    if stays := [pk for pk in kept if pk]:
        usable = usable | CancellationReason.objects.filter(pk__in=stays)
    newest = ReasonVersion.objects.filter(reason__in=usable).order_by("reason_id", "-version")
    versions = newest.distinct("reason_id").select_related("reason")
    order = list(ReasonCategory.values)
    return sorted(versions, key=lambda v: (order.index(v.category), v.reason.position, str(v)))


def by_category(versions: Iterable[ReasonVersion]) -> list[tuple[Any, list[tuple[int, str]]]]:
    """Choices in groups, for a select."""
    return [
        (ReasonCategory(category).label, [(version.reason_id, str(version)) for version in group])
        for category, group in groupby(versions, key=lambda version: version.category)
    ]


def beginning(cancellation: Cancellation) -> dict[str, Any]:
    """What a form that amends a cancellation begins with."""
    names = ("effective_on", "competitor", "missing_feature", "comment", "involuntary")
    values = {name: getattr(cancellation, name) for name in names}
    requested_at = cancellation.requested_at
    told = {kind: reason.pk for kind, reason in cancellation.reasons_by_kind().items()}
    return values | {
        "requested_on": timezone.localdate(requested_at) if requested_at else None,
        "subscription": cancellation.subscription_id,
        "headline": cancellation.reason,
        "reason": told.get(ReasonKind.STATED),
        "csm_reason": told.get(ReasonKind.CSM),
    }
