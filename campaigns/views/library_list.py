"""All contents of the library with how they are received, as the address chooses them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from campaigns.library.figures import Received, received
from campaigns.library.uses import Use, uses_by_key
from campaigns.models import Content, ContentKind
from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.htmx import page_or_fragment
from churnapp.common.pages import Page, page_number, page_of, without_page
from churnapp.common.typed_numbers import fits_bigint
from customers.models import Feature, Plan
from customers.views.access import allowed, today_here

VIEW = "campaigns.view_content"
LANGUAGES = dict(settings.LANGUAGES)
TONES = {"published": "pill-good", "planned": "pill-accent", "expired": "pill-warn"}


@dataclass(frozen=True)
class ContentRow:
    """One line of the list."""

    content: Content
    state: Content.State
    received: Received
    uses: list[Use]

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """The languages in which some of it is missing, by code and name."""
        return [(code, name) for code, name in settings.LANGUAGES if self.content.lacks(code)]

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")


class ContentsAsked:
    """One address of the list, read; nonsense in it is left out."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET
        self.today = today_here()

    @property
    def kind(self) -> str:
        return self._one_of("kind", ContentKind.values)

    @property
    def state(self) -> str:
        return self._one_of("state", Content.State.values)

    @property
    def missing(self) -> str:
        return self._one_of("missing", list(LANGUAGES))

    @property
    def feature(self) -> str:
        return self._key("feature")

    @property
    def plan(self) -> str:
        return self._key("plan")

    @property
    def search(self) -> str:
        return self.query.get("q", "").replace("\0", "").strip()[:100]

    @property
    def is_narrowed(self) -> bool:
        chosen = (self.kind, self.state, self.missing, self.feature, self.plan, self.search)
        return any(chosen)

    @property
    def filter_query(self) -> str:
        return without_page(self.query)

    @cached_property
    def found(self) -> QuerySet[Content]:
        """Archived ones are found only where they are asked for."""
        found = Content.objects.select_related("owner").prefetch_related("features", "plans")
        if self.state:
            found = found.in_state(self.state, self.today)
        else:
            found = found.filter(archived_at=None)
        for name in ("kind", "feature", "plan"):
            field = name if name == "kind" else f"{name}s"
            if chosen := getattr(self, name):
                found = found.filter(**{field: chosen})
        if self.missing:
            there = f"texts__{self.missing}"
            lacks = Q(**{f"{there}__title__isnull": True})
            found = found.filter(lacks | Q(**{f"{there}__summary__isnull": True}))
        if self.search:
            found = found.annotate(written=Cast("texts", TextField()))
            for word in self.search.split()[:10]:
                found = found.filter(Q(key__icontains=word) | Q(written__icontains=word))
        return found.order_by("-published_on", "key")

    def _one_of(self, name: str, values: Iterable[str]) -> str:
        asked = self.query.get(name, "")
        return asked if asked in values else ""

    def _key(self, name: str) -> str:
        asked = self.query.get(name, "")
        return asked if fits_bigint(asked) else ""


def rows_of(contents: Iterable[Content]) -> list[ContentRow]:
    """Contents with their figures and uses, in three questions whatever their number."""
    contents, today = list(contents), today_here()
    told = received(contents)
    uses = uses_by_key([content.key for content in contents]) if contents else {}
    return [
        ContentRow(content, content.state_on(today), told[content.pk], uses.get(content.key, []))
        for content in contents
    ]


@require_GET
@vary_on_headers("HX-Request")
@allowed(VIEW)
def content_list(request: HttpRequest) -> HttpResponse:
    asked = ContentsAsked(request)
    page: Page[Content] = page_of(asked.found, page_number(request.GET.get("page")))
    context = {
        "asked": asked,
        "page": page,
        "rows": rows_of(page.rows),
        "kinds": ContentKind.choices,
        "states": Content.State.choices,
        "languages": settings.LANGUAGES,
        "features": [(str(one.pk), str(one)) for one in Feature.objects.all()],
        "plans": [(str(one.pk), str(one)) for one in Plan.objects.all()],
        "may_export": request.user.has_perm("customers.export_customer"),
    }
    template = page_or_fragment(request, "campaigns/library.html", "campaigns/_library.html")
    return render(request, template, context)


@require_GET
@allowed("customers.export_customer")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the contents that the list shows, as CSV."""
    header = [
        _("Key"), _("Kind"), _("State"), _("Title"), _("Summary"), _("Address"), _("Features"),
        _("Plans"), _("Languages missing"), _("Owner"), _("Published on"), _("Shown until"),
        _("Sent to"), _("Followed by"),
    ]  # fmt: skip
    return csv_download("library.csv", header, lines(ContentsAsked(request)))


def lines(asked: ContentsAsked) -> Iterator[list[Cell]]:
    for row in rows_of(asked.found):
        one = row.content
        yield [
            one.key, str(one.get_kind_display()), str(row.state.label), one.text("title"),
            one.text("summary"), one.text("address"), ", ".join(map(str, one.features.all())),
            ", ".join(map(str, one.plans.all())), ", ".join(code for code, _n in row.lacking),
            str(one.owner or ""), one.published_on, one.expires_on, row.received.sent,
            row.received.followed,
        ]  # fmt: skip
