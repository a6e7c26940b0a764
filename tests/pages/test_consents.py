"""What mail a contact agreed to, entered on the customer's page."""

import re
from html import unescape

import pytest
from django.urls import reverse

from customers.models import Consent
from customers.services.consents import Word, say_consents
from tests.factories import make_contact, make_customer, make_user, stand, today_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm(client):
    client.force_login(make_user("csm"))
    return client


@pytest.fixture
def kari():
    customer = make_customer()
    stand(customer)
    return make_contact(customer, name="Kari Moe")


def page_of(contact):
    return reverse("customers:detail", args=[contact.customer_id])


def filled(client, address, **typed):
    """The form as it is shown, with what is typed over it."""
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    today = today_here().isoformat()
    return {"seen": unescape(seen[1]), "said_on": today, "source": "By phone"} | typed


def test_a_no_is_entered_shown_and_taken_back(csm, kari):
    address = reverse("customers:consents", args=[kari.pk])
    say_consents(kari, [Word("survey", True, "By mail")], by=None)
    typed = filled(csm, address, survey="yes", campaign="no")
    page = csm.post(address, typed, follow=True).content.decode()
    assert "Said no: campaign" in page
    assert list(Consent.objects.order_by("pk").values_list("purpose", "given", "source")) == [
        ("survey", True, "By mail"),
        ("campaign", False, "By phone"),
    ]
    undo = reverse("customers:take_back_consents", args=[kari.pk])
    said = Consent.objects.get(purpose="campaign").pk
    assert f"{undo}?said={said}" in unescape(page)
    page = csm.post(f"{undo}?said={said}", follow=True).content.decode()
    assert "Said no" not in page
    again = csm.post(f"{undo}?said={said}", follow=True).content.decode()
    assert "There is nothing to take back." in again


def test_what_a_colleague_entered_meanwhile_is_not_written_over(csm, kari):
    address = reverse("customers:consents", args=[kari.pk])
    typed = filled(csm, address, campaign="yes")
    say_consents(kari, [Word("survey", False, "By mail")], by=None)
    csm.post(address, typed)
    last = Consent.objects.last_words().order_by("purpose")
    assert list(last.values_list("purpose", "given")) == [("campaign", True), ("survey", False)]


def test_where_they_said_so_is_asked_for(csm, kari):
    address = reverse("customers:consents", args=[kari.pk])
    typed = filled(csm, address, survey="no", source="")
    assert csm.post(address, typed).status_code == 422
    ahead = filled(csm, address, survey="no", said_on="2999-01-01")
    assert "still ahead" in csm.post(address, ahead).content.decode()
    assert not Consent.objects.exists()


def test_a_yes_or_a_no_of_before_shows_no_warning(csm, kari):
    for given in (False, True):
        say_consents(kari, [Word("survey", given, "By mail")], by=None)
    assert "Said no" not in csm.get(page_of(kari)).content.decode()
