"""What mail a contact wants, as a colleague sees and notes it on the customer's page."""

import re
from html import unescape

import pytest
from django.urls import reverse

from customers.models import MailWishes, TopicWish
from tests.factories import make_contact, make_customer, make_topic_wish, make_user, stand

pytestmark = pytest.mark.django_db
ALL = {f"topic_{code}": "on" for code in ("surveys", "offers", "news", "guides", "referral")}


@pytest.fixture
def csm(client):
    client.force_login(make_user("csm"))
    return client


@pytest.fixture
def kari():
    customer = make_customer()
    stand(customer)
    return make_contact(customer, name="Kari Moe")


def address_of(contact):
    return reverse("customers:wishes", args=[contact.pk])


def filled(client, contact, *without, **typed):
    """The form as it is shown, with what is typed over it and some topics left out."""
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(address_of(contact)).text)
    topics = {name: on for name, on in ALL.items() if name not in without}
    return topics | {"seen": unescape(seen[1]), "source": "By phone"} | typed


def test_what_they_want_is_entered_and_shown(csm, kari):
    typed = filled(csm, kari, "topic_news", days_between="30", paused_until="2999-01-01")
    assert csm.post(address_of(kari), typed).status_code == 422, "a pause for a thousand years"
    typed |= {"paused_until": ""}
    page = csm.post(address_of(kari), typed, follow=True).text
    assert "Does not want: Product news" in page
    assert "At most one mail a month" in page
    assert "Kari Moe said what mail they want. No more on: Product news." in page
    wish = TopicWish.objects.get()
    assert (wish.source, wish.by.name[:4], wish.wanted) == ("By phone", "User", False)


def test_what_they_chose_themselves_meanwhile_is_not_written_over(csm, kari):
    typed = filled(csm, kari, "topic_offers")
    make_topic_wish(kari, "news", source="preference page")
    csm.post(address_of(kari), typed)
    said = dict(TopicWish.objects.values_list("topic__code", "wanted"))
    assert said == {"news": False, "offers": False}


def test_what_is_as_it_was_leaves_nothing(csm, kari):
    csm.post(address_of(kari), filled(csm, kari))
    assert not TopicWish.objects.exists()
    assert not MailWishes.objects.exists()
    assert not kari.customer.interactions.exists()


def test_where_they_said_so_is_asked_for(csm, kari):
    typed = filled(csm, kari, "topic_news", source="")
    assert csm.post(address_of(kari), typed).status_code == 422
    assert not TopicWish.objects.exists()
