"""What people write of a content of the library; the services check what it may be."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.models import Content, ContentKind
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services.content_checks import LONGEST
from churnapp.models import User
from customers.models import Feature, Plan
from customers.services.personal_mail import LONGEST_SUBJECT

LABELS = {"title": _("Title"), "summary": _("Summary"), "address": _("Address")}


class ContentForm(forms.Form):
    """A content, its texts side by side: fields are called `title_nb` after part and language."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContentKind.choices)
    key = forms.CharField(
        label=_("Key"),
        max_length=Content.LONGEST_KEY,
        help_text=_(
            "Its name in placeholders: small letters, digits and underscores, such as first_steps."
        ),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )
    features = forms.ModelMultipleChoiceField(
        label=_("About features"),
        queryset=Feature.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It is shown to those who hardly use one of them. None means everybody."),
    )
    plans = forms.ModelMultipleChoiceField(
        label=_("About plans"),
        queryset=Plan.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It is shown to those on one of them. None means every plan."),
    )
    published_on = forms.DateField(
        label=_("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty means that it is a draft: only colleagues see it."),
    )
    expires_on = forms.DateField(
        label=_("First day on which it is not shown any more"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        self.fields["features"].queryset = Feature.objects.all()
        self.fields["plans"].queryset = Plan.objects.all()
        for code, _language in settings.LANGUAGES:
            for part in LABELS:
                self.fields[f"{part}_{code}"] = text_field(part, code)

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "key", "owner", "published_on", "expires_on")]

    @property
    def about(self) -> list[forms.BoundField]:
        return [self["features"], self["plans"]]

    @property
    def languages(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Each language by code and name, with its texts."""
        return [
            (code, name, [self[f"{part}_{code}"] for part in LABELS])
            for code, name in settings.LANGUAGES
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        given = self.cleaned_data
        names = ("kind", "key", "owner", "features", "plans", "published_on", "expires_on")
        kept: dict[str, Any] = {name: given.get(name) for name in names}
        for name in ("features", "plans"):
            kept[name] = list(given.get(name) or [])
        kept["texts"] = {
            code: {part: given.get(f"{part}_{code}", "") for part in LABELS}
            for code, _name in settings.LANGUAGES
        }
        return kept


def text_field(part: str, code: str) -> forms.CharField:
    is_source = code == SOURCE_LANGUAGE
    widgets: dict[str, forms.Widget] = {
        "title": forms.TextInput(attrs={"lang": code}),
        "summary": forms.Textarea(attrs={"rows": 4, "lang": code}),
        "address": forms.URLInput(attrs={"placeholder": "https://"}),
    }
    return forms.CharField(
        label=LABELS[part],
        max_length=LONGEST[part],
        required=is_source,
        widget=widgets[part],
    )


def beginning(content: Content) -> dict[str, Any]:
    """What the form of a content shows at first."""
    plain = ("kind", "key", "owner", "published_on", "expires_on")
    shown: dict[str, Any] = {name: getattr(content, name) for name in plain}
    shown |= {name: list(getattr(content, name).all()) for name in ("features", "plans")}
    shown["seen"] = content.changed_at.isoformat() if content.changed_at else ""
    for code, texts in content.texts.items():
        shown |= {f"{part}_{code}": text for part, text in texts.items()}
    return shown


class ShowForm(forms.Form):
    """The personal mail in which a colleague shows a content."""

    contact = forms.ModelChoiceField(label=_("To"), queryset=None)
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=_("Text"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, contacts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].queryset = contacts
