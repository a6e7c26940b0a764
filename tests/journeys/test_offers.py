"""An offer from the form to the customer's phone: made, handed over, accepted, undone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.links import path_of
from campaigns.models import Grant, Offer
from tests.campaign_factories import make_grant, make_sales_offer
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_subscription,
    make_user,
    stand,
)
from tests.journeys.conftest import accessible, no_sideways_scroll, screenshot

SWEDISH = {"title": "Stanna hos oss", "text": "En femtedel billigare.", "button": "Ja tack"}
TEXTS = {"en": {"title": "Stay with us", "text": "A fifth off.", "button": "Yes"}, "sv": SWEDISH}


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


@pytest.mark.parametrize("width", [390, 1280])
def test_a_manager_makes_an_offer(open_page, customer, width):
    page = open_page("/offers/", make_user("manager", name="Bob Berg"), width=width)
    looked_at(page, f"offers-empty-{width}")
    page.get_by_role("link", name="New offer").first.click()
    page.get_by_label("Name").fill("Autumn")
    page.get_by_label("Kind").select_option("pause")
    expect(page.get_by_label("Percent off")).to_have_count(0)
    expect(page.get_by_label("Name")).to_have_value("Autumn")
    page.get_by_label("Kind").select_option("percent")
    page.get_by_label("Percent off").fill("20")
    page.get_by_label("Months").fill("3")
    english = page.get_by_role("group", name="English")
    english.get_by_label("Title").fill("Stay with us")
    looked_at(page, f"offer-form-{width}")
    page.get_by_role("button", name="Make the offer").click()
    expect(page.locator(".has-error")).to_have_count(1)
    page.get_by_role("group", name="English").get_by_label("Text", exact=True).fill("A fifth off.")
    page.get_by_role("button", name="Make the offer").click()
    expect(page.get_by_role("heading", name="Autumn")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Stay with us")).to_be_visible()
    looked_at(page, f"offer-{width}")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_handed_to_a_customer_with_a_mail(open_page, customer, width):
    make_sales_offer(name="Autumn", texts=TEXTS)
    page = open_page(f"/customers/{customer.pk}/", make_user("csm"), width=width)
    page.locator("#offers").get_by_role("link", name="Make an offer").click()
    dialog = page.locator("#dialog-body")
    dialog.get_by_label("Offer").select_option(label="Autumn (20% off for 3 months)")
    dialog.get_by_label("Contact").select_option(label="Anna Ek")
    dialog.get_by_label("Tell them in a mail from me").check()
    looked_at(page, f"offer-dialog-{width}")
    dialog.get_by_role("button", name="Make the offer").click()
    expect(page.locator("#offers").get_by_text("20% off for 3 months")).to_be_visible()
    looked_at(page, f"offer-made-{width}")
    assert Grant.objects.get().contact.name == "Anna Ek"


@pytest.mark.parametrize("width, theme", [(320, "dark"), (390, "light")])
def test_the_customer_declines_thinks_again_and_accepts_on_a_phone(
    open_page, customer, width, theme
):
    offer = make_sales_offer(name="Autumn", texts=TEXTS)
    grant = make_grant(offer, contact=customer.contacts.get(), cost_minor=6_000)
    page = open_page(path_of(grant), width=width, theme=theme)

    expect(page.get_by_role("heading", name="Stanna hos oss")).to_be_visible()
    looked_at(page, f"offer-page-{width}")
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name="No, thanks").click()
    expect(page.get_by_role("heading", name="You have declined")).to_be_visible()
    looked_at(page, f"offer-declined-{width}")
    page.get_by_role("button", name="Accept it after all").click()
    expect(page.get_by_role("heading", name="Thank you, it is agreed")).to_be_visible()
    expect(page.get_by_text(re.compile("€80 a month until"))).to_be_visible()
    looked_at(page, f"offer-accepted-{width}")

    colleague = open_page(f"/customers/{customer.pk}/", customer.owner, width=width)
    expect(colleague.locator("#offers").get_by_text(re.compile("€80 a month"))).to_be_visible()
    colleague.locator("#offers").get_by_role("link", name="Undo").click()
    looked_at(colleague, f"offer-undo-{width}")
    colleague.get_by_role("button", name="Undo it").click()
    expect(colleague.locator("#offers").get_by_text(re.compile("undone on"))).to_be_visible()


@pytest.mark.parametrize("language, theme", [("nb", "light"), ("da", "dark"), ("sv", "light")])
def test_the_pages_are_fit_to_use_in_each_language(open_page, customer, language, theme):
    offer = make_sales_offer(name="Autumn", texts=TEXTS, budget_minor=10_000)
    for _ in range(12):
        make_grant(offer, make_customer(), state="accepted", cost_minor=1_000)
    user = make_user("admin", language=language)
    for path in (
        "/offers/",
        f"/offers/{offer.pk}/",
        f"/offers/{offer.pk}/edit/",
        reverse("offers:customer_panel", args=[customer.pk]),
    ):
        page = open_page(path, user, width=320, theme=theme, language=language)
        looked_at(page, f"offers-{language}-{path.strip('/').replace('/', '-')}")
    assert Offer.objects.count() == 1
