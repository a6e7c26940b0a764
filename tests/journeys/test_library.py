"""The library from the form to a customer: written, suggested, put in a mail, archived."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.models import Content, ContentSent
from customers.models import OutgoingEmail
from tests.campaign_factories import make_content, make_recommendation
from tests.factories import (
    make_contact,
    make_customer,
    make_feature,
    make_organisation,
    make_subscription,
    make_user,
    stand,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot


@pytest.fixture
def customer(transactional_db):
    make_organisation(name="Lysbro")
    customer = make_customer("Havbris AS", owner=make_user("csm"))
    make_subscription(customer)
    make_contact(customer, name="Anna Ek", language="sv")
    stand(customer)
    return customer


def looked_at(page, name):
    accessible(page)
    no_sideways_scroll(page)
    screenshot(page, name)


def offered(panel, key):
    """The line of a content."""
    return panel.get_by_role("listitem").filter(has_text=f"All about {key}")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_manager_writes_a_guide(open_page, customer, width):
    make_feature("forecast", name="Forecast")
    page = open_page("/library/", make_user("manager", name="Bob Berg"), width=width)
    looked_at(page, f"library-empty-{width}")
    page.get_by_role("link", name="New content").first.click()
    english = page.get_by_role("group", name="English")
    english.get_by_label("Title").fill("Forecast in ten minutes")
    english.get_by_label("Summary").fill("See three months ahead.")
    english.get_by_label("Address").fill("http://example.com/forecast")
    page.get_by_label("Key", exact=True).fill("forecast")
    page.get_by_label("Forecast", exact=True).check()
    looked_at(page, f"library-form-{width}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".has-error")).to_have_count(1)
    expect(english.get_by_label("Title")).to_have_value("Forecast in ten minutes")
    english.get_by_label("Address").fill("https://example.com/forecast")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Forecast in ten minutes", level=1)).to_be_visible()
    looked_at(page, f"library-content-{width}")
    page.get_by_role("link", name=re.compile("Svenska")).click()
    expect(page.get_by_text("see that in English")).to_be_visible()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("The library is empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Forecast in ten minutes", level=1)).to_be_visible()
    assert Content.objects.get().archived_at is None


@pytest.mark.parametrize("width", [390, 1280])
def test_a_colleague_shows_what_fits(open_page, customer, width):
    forecast = make_feature("forecast", name="Forecast")
    make_recommendation(customer, feature=forecast, peers=120, users=94)
    make_content("forecast", features=[forecast])
    make_content("first_steps")
    address = reverse("customers:detail", args=[customer.pk])
    page = open_page(address, customer.owner, width=width)
    panel = page.locator("#worth-showing")
    expect(panel.get_by_text("Similar customers that stayed use it: 78% of 120.")).to_be_visible()
    panel.scroll_into_view_if_needed()
    looked_at(page, f"worth-showing-{width}")
    offered(panel, "first_steps").get_by_role("button", name="Note as sent").click()
    expect(panel.get_by_text("Sent lately:")).to_be_visible()
    offered(panel, "forecast").get_by_role("link", name="Put in a mail").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Text")).to_have_value(re.compile("Hej Anna"))
    dialog.get_by_role("button", name="Send the mail").click()
    expect(panel.get_by_text("Nothing of the library fits")).to_be_visible()
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel.get_by_text("Similar customers")).to_have_count(0)
    assert OutgoingEmail.objects.get().purpose == "personal"
    assert ContentSent.objects.count() == 2


def test_filters_stand_in_the_address(open_page, customer):
    make_content("first_steps")
    make_content("faster", kind="news")
    page = open_page("/library/", make_user("manager"))
    page.get_by_label("Kind").select_option("news")
    expect(page.get_by_role("link", name="All about first_steps")).to_have_count(0)
    expect(page).to_have_url(re.compile("kind=news"))
    page.go_back()
    expect(page.get_by_role("link", name="All about first_steps")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_in_the_dark(open_page, customer, width):
    forecast = make_feature("forecast", name="Forecast")
    make_content("first_steps")
    make_content("forecast", features=[forecast], kind="download")
    make_content("draft", published_on=None, kind="news")
    page = open_page("/library/", make_user("manager", theme="dark"), width=width)
    expect(page.get_by_role("link", name="All about draft")).to_be_visible()
    looked_at(page, f"library-dark-{width}")
