"""The import pages: from the file to the report, for a manager and nobody less."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from churnapp.models import AuditEvent, Job, User
from customers.importing import running, waiting
from customers.models import ColumnMapping, Customer, Import, Term
from tests.factories import make_customer, make_import, make_subscription

FILE = (
    "Kunde;Produkt;Startdatum;MRR;Antall\nC1;Pro;2024-01-01;100,50;3\nC2;Pro;2024-02-01;10,00;1\n"
)


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bobs(client: Client, bob: User) -> Client:
    """A browser that Bob, a manager, is signed in to."""
    client.force_login(bob)
    return client


def upload(browser: Client, text: str = FILE, kind: str = "") -> Import:
    file = SimpleUploadedFile("kunder.csv", text.encode(), content_type="text/csv")
    answer = browser.post(reverse("customers:imports"), {"file": file, "kind": kind})
    assert answer.status_code == 302, answer.content
    return Import.objects.latest("pk")


def send_columns(browser: Client, file_import: Import, **changes: str):
    """Send the columns page as it was proposed, but for `changes`."""
    page = browser.get(reverse("customers:import_columns", args=[file_import.pk]))
    form = page.context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | changes
    return browser.post(
        reverse("customers:import_columns", args=[file_import.pk])
        + f"?kind={page.context['kind'].name}",
        fields,
    )


def work(file_import: Import) -> Import:
    """What a worker does when the doorbell rings."""
    running.run_stored(file_import.pk)
    return Import.objects.select_related("job").get(pk=file_import.pk)


def detail(browser: Client, file_import: Import) -> str:
    return browser.get(reverse("customers:import_detail", args=[file_import.pk])).content.decode()


@pytest.mark.parametrize("page", ["imports", "import_columns", "import_detail"])
def test_what_was_done_is_said_once(bobs: Client, page: str) -> None:
    file_import = upload(bobs)
    Job.objects.filter(file_import=file_import).update(state=Job.State.FAILED)
    cancel = reverse("customers:import_cancel", args=[file_import.pk])
    [said] = get_messages(bobs.post(cancel).wsgi_request)
    args = [] if page == "imports" else [file_import.pk]
    text = bobs.get(reverse(f"customers:{page}", args=args)).content.decode()
    assert text.count(escape(str(said))) == 1


def test_from_the_file_to_the_report_and_back(bobs: Client) -> None:
    file_import = upload(bobs)
    page = bobs.get(reverse("customers:import_columns", args=[file_import.pk]))
    assert page.context["kind"].name == "subscriptions"
    form = page.context["form"]
    assert [form[f"column_{place}"].value() for place in range(5)] == [
        "customer_id",
        "plan",
        "starts_on",
        "amount",
        "",
    ]
    assert form["set_interval"].value() == "month"

    assert send_columns(bobs, file_import).status_code == 302
    assert Job.objects.get(file_import=file_import).state == "queued"
    assert "every 1s" in detail(bobs, file_import)
    file_import = work(file_import)
    assert file_import.report["created"] == 2
    assert not Term.objects.exists()
    assert "Import it" in detail(bobs, file_import)

    bobs.post(reverse("customers:import_start", args=[file_import.pk]))
    file_import = work(file_import)
    assert file_import.published_at is not None
    assert not file_import.file
    assert set(Term.objects.values_list("arr_minor", flat=True)) == {120_600, 12_000}
    assert "every 1s" not in detail(bobs, file_import)

    assert take_back(bobs, file_import).undone_at is not None
    assert not Term.objects.standing().exists()
    assert "2 terms no longer believed" in detail(bobs, file_import)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["import_started", "import_started", "import_undone"]


def take_back(browser: Client, file_import: Import) -> Import:
    """As the page does: the question first, which changes nothing, then the word."""
    address = reverse("customers:import_undo", args=[file_import.pk])
    assert address in detail(browser, file_import)
    asked = browser.get(address).context
    assert asked["goes"] == ["2 terms no longer believed"]
    assert [line.split(":")[0] for line in asked["stays"]] == ["Customers", "Plans"]
    assert work(file_import).undone_at is None
    browser.post(address)
    return work(file_import)


def test_columns_are_remembered(bobs: Client) -> None:
    text = "who,what,when,how much\nC1,Pro,2024-01-01,10\n"
    first = upload(bobs, text, kind="subscriptions")
    answer = send_columns(
        bobs, first, column_0="customer_id", column_2="starts_on", column_3="amount"
    )
    assert answer.status_code == 302
    assert ColumnMapping.objects.get(theirs="how much").ours == "amount"
    page = bobs.get(
        reverse("customers:import_columns", args=[upload(bobs, text, "subscriptions").pk])
    )
    form = page.context["form"]
    assert form["column_0"].value() == "customer_id"
    assert form["column_3"].value() == "amount"


def test_missing_column_is_told_on_the_columns_page(bobs: Client) -> None:
    file_import = upload(bobs, "Kunde;Startdatum\nC1;2024-01-01\n", kind="subscriptions")
    answer = send_columns(bobs, file_import)
    assert answer.status_code == 422
    assert "Missing columns: amount|kind" in answer.content.decode()


def test_refused_rows_are_shown_and_downloaded_safely(bobs: Client) -> None:
    file_import = upload(bobs, FILE + "C3;Pro;=cmd();5,00;1\n")
    send_columns(bobs, file_import)
    file_import = work(file_import)
    page = detail(bobs, file_import)
    assert "=cmd()" in page
    assert "It is no date" in page
    assert "Import the good rows" in page
    answer = bobs.get(reverse("customers:import_refused", args=[file_import.pk]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == "4,Startdatum,'=cmd(),It is no date. Write it as 2025-01-31 or 31.01.2025."
    bobs.post(reverse("customers:import_start", args=[file_import.pk]), {"skip_refused": "yes"})
    assert work(file_import).report["created"] == 2


def test_edits_that_would_be_overwritten_are_listed(bobs: Client) -> None:
    customer = make_customer(external_id="C1")
    make_subscription(customer, external_id="S1", arr=1200)
    text = "customer_id,subscription_id,plan,starts_on,amount\nC1,S1,pro,2024-01-01,200\n"
    file_import = upload(bobs, text)
    send_columns(bobs, file_import)
    assert "1 edit made here that the file overwrites" in detail(bobs, work(file_import))


def test_waiting_import_is_cancelled_at_once(bobs: Client) -> None:
    file_import = upload(bobs)
    send_columns(bobs, file_import)
    bobs.post(reverse("customers:import_cancel", args=[file_import.pk]))
    assert Job.objects.get(file_import=file_import).state == "cancelled"
    work(file_import)
    assert not Customer.objects.exists()
    assert send_columns(bobs, file_import).status_code == 302
    assert work(file_import).report["created"] == 2


def test_published_import_is_not_started_again(bobs: Client) -> None:
    file_import = upload(bobs)
    send_columns(bobs, file_import)
    work(file_import)
    bobs.post(reverse("customers:import_start", args=[file_import.pk]))
    work(file_import)
    answer = bobs.post(reverse("customers:import_start", args=[file_import.pk]), follow=True)
    assert "Upload it again" in answer.content.decode()
    assert Term.objects.count() == 2


def test_file_too_large_is_refused(bobs: Client, settings) -> None:
    settings.IMPORT_MAX_BYTES = 10
    file = SimpleUploadedFile("kunder.csv", FILE.encode())
    answer = bobs.post(reverse("customers:imports"), {"file": file, "kind": ""})
    assert answer.status_code == 422
    assert not Import.objects.exists()


def test_unreadable_upload_says_why(bobs: Client) -> None:
    file = SimpleUploadedFile("kunder.csv", b"PK\x03\x04 not a table")
    answer = bobs.post(reverse("customers:imports"), {"file": file, "kind": ""}, follow=True)
    assert "This is no CSV file" in answer.content.decode()


@pytest.mark.parametrize(
    "content, why",
    [
        (b"PK\x03\x04 not a table", "This is no CSV file (workbook)."),
        (b" \n", "The file is empty."),
        (b"a,A\n1,2\n", "The column a is there twice."),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_unreadable_upload_is_refused_and_not_kept(
    bobs: Client, settings, content: bytes, why: str
) -> None:
    file = SimpleUploadedFile("kunder.csv", content)
    bobs.post(reverse("customers:imports"), {"file": file, "kind": ""})
    file_import = Import.objects.select_related("job").get()
    assert (file_import.job.state, str(file_import.file)) == ("failed", "")
    assert file_import.job.finished_at is not None
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert why in detail(bobs, file_import)
    listed = bobs.get(reverse("customers:imports")).content.decode()
    assert "refused" in listed
    assert "not started" not in listed


def test_file_that_names_no_kind_asks_for_it(bobs: Client) -> None:
    file_import = upload(bobs, "a,b\n1,2\n")
    address = reverse("customers:import_columns", args=[file_import.pk])
    assert "Choose it above" in bobs.get(address).content.decode()
    assert bobs.get(address, {"kind": "usage"}).context["kind"].name == "usage"


def test_list_costs_the_same_for_one_and_for_thirty(
    bobs: Client, django_assert_num_queries
) -> None:
    for number in (1, 29):
        for _n in range(number):
            upload(bobs)
        with django_assert_num_queries(6):
            assert bobs.get(reverse("customers:imports")).status_code == 200


def test_dry_run_of_the_command_can_not_be_imported_from_the_page(bobs: Client, bob: User) -> None:
    job = Job.objects.create(kind="import", state=Job.State.DONE)
    file_import = make_import(job=job, dry_run=True, published_at=None, report={"created": 1})
    assert "Import it" not in detail(bobs, file_import)


def test_uploads_that_nobody_imported_are_forgotten_after_a_month(bobs: Client) -> None:
    file_import = upload(bobs)
    path = Path(file_import.file.path)
    waiting.forget_old_files(timezone.now() + timedelta(days=29))
    assert path.exists()
    waiting.forget_old_files(timezone.now() + timedelta(days=31))
    assert not path.exists()
    file_import.refresh_from_db()
    assert not file_import.file
    assert "upload it again" in detail(bobs, file_import)
    assert Job.objects.get(file_import=file_import).state == "failed"


def test_question_before_an_undo_counts_what_goes(bobs: Client, bob: User) -> None:
    make_customer(external_id="C1", name="Before")
    file_import = upload(bobs, "customer_id,name\nC1,After\nC2,New\nC3,New\n", "customers")
    send_columns(bobs, file_import)
    work(file_import)
    bobs.post(reverse("customers:import_start", args=[file_import.pk]))
    work(file_import)
    asked = bobs.get(reverse("customers:import_undo", args=[file_import.pk]))
    assert asked.context["goes"] == [
        "Customers: 2 rows deleted",
        "Customers: 1 row put back as it was",
    ]
    assert asked.context["stays"] == []
    assert "What somebody changed since stays as it is now" in asked.content.decode()
    assert Job.objects.get(file_import=file_import).kind == "import"


def test_what_was_never_published_is_not_taken_back(bobs: Client) -> None:
    file_import = upload(bobs)
    answer = bobs.post(reverse("customers:import_undo", args=[file_import.pk]))
    assert answer.status_code == 422
    assert "There is nothing to take back" in answer.content.decode()
