"""The topics that readers choose from: seen by all who see mail, worded by administrators."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from customers.mail import unsubscribe
from customers.models import Topic
from tests.factories import make_contact, make_mail, make_topic_wish, make_user

pytestmark = pytest.mark.django_db
PAGE = "/mail/settings/"


@pytest.fixture
def admin(client):
    client.force_login(make_user("admin"))
    return client


@pytest.fixture
def news():
    return Topic.objects.get(code="news")


def address_of(topic):
    return reverse("customers:change_topic", args=[topic.pk])


def filled(client, topic, *without, **typed):
    """The form as it is shown, with what is typed over it and some fields left out."""
    answer = client.get(address_of(topic))
    seen = re.search(r'name="seen" value="([^"]*)"', answer.text)
    begun = {name: value for name, value in answer.context["form"].initial.items() if value}
    begun = {name: value for name, value in begun.items() if name not in without}
    return begun | {"seen": unescape(seen[1])} | typed


def test_all_who_see_mail_see_the_topics_and_only_administrators_change_them(admin, news):
    make_topic_wish(make_contact(), "news")
    make_topic_wish(make_contact(), "offers", wanted=True)
    Topic.objects.filter(code="guides").update(by_default=False)
    viewer = Client()
    viewer.force_login(make_user("viewer"))
    answer = viewer.get(PAGE)
    lines = {line.topic.code: line for line in answer.context["topics"]}
    assert {code: line.left for code, line in lines.items() if line.left} == {"news": 1}
    assert lines["guides"].kinds == "Campaign: onboarding, check-in"
    assert "Topics that readers choose from" in answer.text
    assert "What is new, and what we have put right." in answer.text
    assert answer.text.count("Only who asked for it") == 1
    assert address_of(news) not in answer.text
    assert viewer.get(address_of(news)).status_code == 403
    assert viewer.post(address_of(news), {}).status_code == 403
    assert address_of(news) in admin.get(PAGE).text


def test_what_is_changed_is_what_the_reader_sees(admin, news):
    typed = filled(admin, news, name_nb="Nyheter fra oss", about_nb="Kort fortalt.", place=1)
    page = admin.post(address_of(news), typed, follow=True)
    assert page.redirect_chain[0][0].startswith(PAGE)
    assert page.context["topics"][0].topic == news
    mail = make_mail(contact=make_contact(language="nb"), state="delivered")
    shown = Client().get(unsubscribe.choosing_of(mail).removeprefix("http://localhost:8000")).text
    assert "Kort fortalt." in shown
    assert shown.index("Nyheter fra oss") < shown.index("Spørreundersøkelser")


def test_the_form_says_how_many_never_chose(admin, news):
    make_contact(), make_contact()
    make_topic_wish(make_contact(), "news")
    page = admin.get(address_of(news)).text
    assert "2 contacts never chose" in page
    assert "It covers Campaign: product news." in page
    admin.post(address_of(news), filled(admin, news, "by_default"))
    news.refresh_from_db()
    assert not news.by_default


@pytest.mark.parametrize(
    "typed",
    [
        {"name_en": ""},
        {"about_en": ""},
        {"name_sv": "n" * 61},
        {"name_en": "Offers"},
        {"place": 6},
        {"place": 0},
        {"seen": "forged"},
    ],
)
def test_what_does_not_do_is_said_at_the_form_and_changes_nothing(admin, news, typed):
    before = Topic.objects.values().get(code="news")
    answer = admin.post(address_of(news), filled(admin, news, "by_default") | typed)
    assert answer.status_code == 422
    assert set(typed) & {*answer.context["form"].errors}
    assert Topic.objects.values().get(code="news") == before


def test_two_who_edit_at_once_see_each_other(admin, news):
    mine = filled(admin, news, name_en="Mine")
    admin.post(address_of(news), filled(admin, news, name_en="Theirs"))
    answer = admin.post(address_of(news), mine)
    assert answer.status_code == 422
    assert "Now: Theirs" in answer.text
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert admin.post(address_of(news), again).status_code == 302
    news.refresh_from_db()
    assert news.name == "Mine"


def test_an_address_of_no_topic_is_not_found(admin):
    assert admin.get(reverse("customers:change_topic", args=[10**6])).status_code == 404
