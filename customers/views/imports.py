"""Files in: upload, say which column is which, look at the dry run, import, undo."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from churnapp.common.csv_export import Cell, csv_download
from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment, toast
from customers.forms.imports import ColumnsForm, UploadForm, first_values
from customers.importing import proposing, wording
from customers.importing.errors import FileRefusedError
from customers.importing.records import Layout, preview
from customers.importing.registry import KINDS
from customers.models import ColumnMapping, Import
from customers.services.imports import (
    Wish,
    cancel_import,
    keep_upload,
    refuse_upload,
    start_import,
    undo_import,
)
from customers.views.access import allowed, person
from customers.views.dialogs import Dialog, Done, asks, confirm, dialog_view
from customers.views.import_report import ImportReport, foreseen

IMPORTS_A_PAGE = 50
SAMPLES = 3
may_import = allowed("customers.add_import")


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far, and the form that takes a new file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file_import = keep_upload(
            form.cleaned_data["file"], form.cleaned_data["kind"], by=person(request)
        )
        return redirect(f"customers:{next_page(file_import)}", file_import.pk)
    found = Import.objects.select_related("job__created_by").order_by("-pk")
    page = Paginator(found, IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "reports": [ImportReport(row) for row in page]}
    status = 422 if form.errors else 200
    return render(request, "customers/imports.html", context, status=status)


def next_page(file_import: Import) -> str:
    """The page of a new file: its columns, or why it can't be read."""
    try:
        preview_of(file_import)
    except FileRefusedError as refusal:
        refuse_upload(file_import, refusal, now=timezone.now())
        return "import_detail"
    return "import_columns"


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column of the file is which of ours; sent, it starts a dry run."""
    file_import = import_or_404(pk)
    try:
        layout, rows = preview_of(file_import)
    except FileRefusedError as refusal:
        messages.error(request, wording.file_sentence({"code": refusal.code} | refusal.facts))
        return redirect("customers:imports")
    kind = KINDS.get(request.GET.get("kind", "") or kind_of(file_import, layout))
    context: dict[str, Any] = {"file_import": file_import, "kinds": Import.Kind.choices}
    if kind is None:
        return render(request, "customers/imports_columns.html", context)
    form = columns_form(request, file_import, layout, kind.name)
    if request.method == "POST" and form.is_valid():
        wish = Wish(kind.name, form.mapping, form.fixed_values, dry_run=True)
        return start(request, file_import, wish)
    samples = [sample(rows, place) for place, name in enumerate(layout.header) if name]
    context |= {
        "kind": kind,
        "form": form,
        "columns": list(zip(form.column_fields, samples, strict=True)),
        "layout": layout,
    }
    status = 422 if form.errors else 200
    return render(request, "customers/imports_columns.html", context, status=status)


@require_GET
@vary_on_headers("HX-Request")
@may_import
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is, or what became of it; htmx gets the part that changes."""
    file_import = import_or_404(pk)
    context = {"file_import": file_import, "report": ImportReport(file_import)}
    template = page_or_fragment(
        request, "customers/imports_detail.html", "customers/_imports_status.html"
    )
    return render(request, template, context)


@require_POST
@may_import
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import for good what the dry run has shown."""
    file_import = import_or_404(pk)
    wish = Wish(
        file_import.kind,
        file_import.mapping,
        file_import.fixed_values,
        skip_refused=request.POST.get("skip_refused") == "yes",
    )
    return start(request, file_import, wish)


def start(request: HttpRequest, file_import: Import, wish: Wish) -> HttpResponse:
    """Queue it, or say why it can't be."""
    try:
        start_import(file_import, wish, by=person(request), now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    return redirect("customers:import_detail", file_import.pk)


@require_POST
@may_import
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an import."""
    file_import = import_or_404(pk)
    try:
        cancel_import(file_import, by=person(request), now=timezone.now())
        toast(request, _("The import stops. Nothing of it will be kept."))
    except RuleError as error:
        messages.error(request, str(error))
    return redirect("customers:import_detail", pk)


@asks
@dialog_view
@may_import
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published import back, once somebody has seen what goes and what stays."""
    file_import = import_or_404(pk)
    dialog = Dialog(
        title=_("Take back %(file)s?") % {"file": file_import.file_name},
        submit=_("Take it back"),
        back=reverse("customers:import_detail", args=[pk]),
        is_grave=True,
        body="customers/_imports_undo.html",
        more=foreseen(file_import),
    )

    def act() -> Done:
        undo_import(file_import, by=person(request), now=timezone.now())
        return Done(_("%(file)s is being taken back.") % {"file": file_import.file_name})

    return confirm(request, dialog, act)


@require_GET
@may_import
def import_refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every refused row as a CSV file."""
    file_import = import_or_404(pk)
    header = [_("Line"), _("Column"), _("Value"), _("Reason")]
    return csv_download(f"refused-{pk}.csv", header, refused_rows(file_import))


def refused_rows(file_import: Import) -> Iterator[list[Cell]]:
    for row in file_import.refused_rows.order_by("line", "pk").iterator(chunk_size=2_000):
        yield [row.line, row.column, row.value, wording.row_sentence(row.reason)]


def import_or_404(pk: int) -> Import:
    return get_object_or_404(Import.objects.select_related("job__created_by"), pk=pk)


def preview_of(file_import: Import) -> tuple[Layout, list[list[str]]]:
    """The file's layout and first rows. Raises FileRefusedError where it can't be read."""
    if not file_import.file or not file_import.file.storage.exists(str(file_import.file)):
        raise FileRefusedError("gone")
    return preview(Path(file_import.file.path))


def kind_of(file_import: Import, layout: Layout) -> str:
    """What was said of the file, else what its header looks like."""
    return file_import.kind or proposing.guess_kind(layout.header)


def columns_form(
    request: HttpRequest, file_import: Import, layout: Layout, kind: str
) -> ColumnsForm:
    """The form with what was chosen before, else with what is proposed."""
    if request.method == "POST":
        return ColumnsForm(KINDS[kind], layout.header, request.POST)
    known = ColumnMapping.objects.filter(kind=kind)
    remembered = dict(known.values_list("theirs", "ours"))
    proposal = proposing.propose(KINDS[kind], layout.header, remembered)
    chosen = None
    if file_import.kind == kind and (file_import.mapping or file_import.fixed_values):
        chosen = Wish(kind, file_import.mapping, file_import.fixed_values)
    initial = first_values(KINDS[kind], layout.header, proposal, chosen)
    return ColumnsForm(KINDS[kind], layout.header, initial=initial)


def sample(rows: list[list[str]], place: int) -> list[str]:
    """The first different values of a column."""
    values = [row[place].strip() for row in rows if place < len(row)]
    return list(dict.fromkeys(value for value in values if value))[:SAMPLES]
