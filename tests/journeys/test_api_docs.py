"""The API's documentation under the strict policy, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_customer, make_user
from tests.journeys.conftest import OpenPage, screenshot


@pytest.mark.django_db(transaction=True)
def test_a_person_reads_the_docs_and_tries_a_request(open_page: OpenPage) -> None:
    make_customer("Lyngvika Elektro AS")
    page = open_page("/api/docs/", user=make_user("csm"))
    section = page.locator("#operations-customers-customers_list")
    expect(page.locator(".opblock").first).to_be_visible()
    for _screen in range(60):  # it shows what a reader comes to
        if section.count():
            break
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(100)
    expect(section).to_be_visible()
    screenshot(page, "api-docs")
    section.locator("button").first.click()
    section.get_by_role("button", name="Try it out").click()
    section.get_by_role("button", name="Execute").click()
    expect(section.locator(".responses-inner")).to_contain_text("Lyngvika Elektro AS")
