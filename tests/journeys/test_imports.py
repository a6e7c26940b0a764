"""A manager brings a file in: drop it, look at the columns, the dry run, the report."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from churnapp.models import User
from customers.importing import running
from customers.models import Import, Term
from tests.journeys.conftest import OpenPage, accessible, screenshot

pytestmark = pytest.mark.django_db(transaction=True)

FILE = (
    "Kundenr;Abonnement;Produkt;Startdato;Månedspris;Valuta\n"
    "C1;S1;Pro;2024-01-01;100,50;EUR\nC2;S2;Pro;2024-02-01;80,00;EUR\n"
    "C3;S3;Pro;i går;80,00;EUR\n"
)


def work() -> None:
    """What a worker does when it is rung for."""
    running.run_stored(Import.objects.latest("pk").pk)


def test_file_goes_in(open_page: OpenPage, bob: User, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    path = tmp_path / "abonnementer.csv"
    path.write_text(FILE)
    page = open_page("/imports/", bob)
    accessible(page)
    page.get_by_label("Drop a CSV file here").set_input_files(path)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_label("Månedspris")).to_have_value("amount")
    accessible(page)
    screenshot(page, "imports-columns")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    accessible(page)
    work()

    # The page polls: nobody has to reload it.
    expect(page.get_by_text("It is no date")).to_be_visible()
    accessible(page)
    screenshot(page, "imports-dry-run")
    assert not Term.objects.exists()
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="imported")).to_be_visible()
    assert Term.objects.count() == 2
    take_back(page)


def take_back(page: Page) -> None:
    page.get_by_role("link", name="Take it back").click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("2 terms no longer believed")).to_be_visible()
    expect(asked.get_by_text("Customers: 2 rows stay for the history")).to_be_visible()
    accessible(page)
    screenshot(page, "imports-take-back")
    assert Term.objects.standing().count() == 2
    asked.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    work()
    expect(page.get_by_text("2 terms no longer believed")).to_be_visible()
    assert not Term.objects.standing().exists()
