"""A manager makes an address for anybody, embeds it, closes it and opens it again."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from churnapp.common import public_limits as limits
from churnapp.models import AuditEvent
from feedback.framing import frames_of
from feedback.models import OpenLink, Response
from feedback.services.surveys import publish, start_draft
from tests.factories import make_customer, make_user
from tests.feedback.visitors import send
from tests.feedback_factories import make_open_link, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def links_page(client, survey):
    return unescape(client.get(f"/surveys/{survey.pk}/links/").content.decode())


def test_a_link_is_made_answered_closed_and_opened_again(manager, settings):
    settings.BASE_URL = "https://churn.example"
    survey = make_survey()
    assert "No open link yet" in links_page(manager, survey)
    manager.post(f"/surveys/{survey.pk}/links/new/", {"name": "Help pages", "framed_by": ""})
    link = OpenLink.objects.get()
    page = links_page(manager, survey)
    assert f'value="https://churn.example/s/o/{link.code}"' in page
    assert "iframe" not in page, "no site may show it"
    anybody = Client(REMOTE_ADDR="2001:db8::51")
    assert anybody.get(f"/s/o/{link.code}").status_code == 200

    closed = manager.post(f"/surveys/open-links/{link.pk}/close/", follow=True)
    assert "The link is closed" in closed.content.decode()
    assert anybody.get(f"/s/o/{link.code}").status_code == 404
    assert f"/s/o/{link.code}" not in links_page(manager, survey)
    again = manager.post(f"/surveys/open-links/{link.pk}/close/", follow=True)
    assert "It is closed already." in again.content.decode()

    manager.post(f"/surveys/open-links/{link.pk}/open/")
    assert anybody.get(f"/s/o/{link.code}").status_code == 200
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["open_link_added", "open_link_closed", "open_link_opened_again"]


def test_the_frame_to_paste_is_the_one_that_the_policy_lets_in(manager, settings):
    settings.BASE_URL = "https://churn.example"
    survey = make_survey()
    sites = "https://www.example.com,\nhttps://*.example.org:8443"
    manager.post(f"/surveys/{survey.pk}/links/new/", {"name": "Footer", "framed_by": sites})
    link = OpenLink.objects.get()
    assert link.framed_by == "https://www.example.com https://*.example.org:8443"
    page = links_page(manager, survey)
    source = re.search(r'<iframe src="https://churn.example([^"]+)"', page)[1]
    framed = Client(REMOTE_ADDR="2001:db8::52").get(source)
    policy = framed.headers["Content-Security-Policy"]
    assert f"frame-ancestors {link.framed_by}" in policy


@pytest.mark.parametrize(
    "wrong", ["www.example.com", "https://example.com/page", "javascript:alert(1)", "https://a b'c"]
)
def test_a_page_that_can_not_be_named_is_said_at_its_field(manager, wrong):
    survey = make_survey()
    posted = {"name": "Footer", "framed_by": f"https://good.example {wrong}"}
    refused = manager.post(f"/surveys/{survey.pk}/links/new/", posted)
    assert refused.status_code == 422
    said = refused.context["form"].errors["framed_by"][0]
    assert wrong.split()[-1] in said
    assert "good.example" not in said
    assert not OpenLink.objects.exists()


def test_changing_says_what_was_and_what_is(manager):
    link = make_open_link(name="Old", framed_by="https://old.example")
    manager.post(f"/surveys/open-links/{link.pk}/", {"name": "New", "framed_by": ""})
    link.refresh_from_db()
    assert (link.name, link.framed_by) == ("New", "")
    event = AuditEvent.objects.get(verb="open_link_changed")
    assert event.changes == {"name": ["Old", "New"], "framed_by": ["https://old.example", ""]}


def test_a_survey_without_a_version_has_nothing_to_answer(manager):
    survey = make_survey()
    survey.versions.update(published_at=None)
    refused = manager.post(f"/surveys/{survey.pk}/links/new/", {"name": "Footer"})
    assert refused.status_code == 422
    assert "Publish the survey first" in refused.content.decode()


def test_answers_are_counted_and_lead_to_them(manager, django_assert_max_num_queries):
    survey = make_survey()
    busy = make_open_link(survey, name="Busy")
    for _number in range(2):
        make_response(survey, open_link=busy, customer=None, contact=None)
    make_response(survey, open_link=busy, customer=None, contact=None, answered_at=None)
    make_open_link(survey, name="Shut", closed_at=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        page = links_page(manager, survey)
    assert "2 answers" in page
    assert f"/surveys/{survey.pk}/results/?show=unknown" in page
    for _number in range(3):
        make_open_link(survey)
    with django_assert_max_num_queries(len(asked)):
        links_page(manager, survey)


def test_who_may_only_look_makes_no_link(client):
    client.force_login(make_user("viewer"))
    link = make_open_link(name="Footer")
    page = links_page(client, link.survey)
    assert "Footer" in page
    assert "Close the link" not in page
    assert client.post(f"/surveys/open-links/{link.pk}/close/").status_code == 403


def test_nobody_frames_where_none_is_named():
    assert frames_of("") == "'none'"
    assert frames_of("nonsense; https://a.example") == "https://a.example"


def test_a_form_counts_for_the_version_that_it_asked():
    link = make_open_link()
    anybody = Client(REMOTE_ADDR="2001:db8::53")
    page = anybody.get(f"/s/o/{link.code}").content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    first = link.survey.versions.get()
    publish(start_draft(link.survey, by=None), by=None)
    anybody.post(f"/s/o/{link.code}", {"stamp": stamp, "q-score": "9"})
    assert Response.objects.get().version == first
    anybody.post(f"/s/o/{link.code}", {"q-score": "9"})
    assert Response.objects.latest("pk").version.number == 2


def test_one_address_sends_so_many_answers_a_minute():
    link = make_open_link()
    busy = Client(REMOTE_ADDR="2001:db8::54")
    for _number in range(limits.MOST_ANSWERS):
        assert busy.post(f"/s/o/{link.code}", {"q-score": "9"}).status_code == 302
    assert busy.post(f"/s/o/{link.code}", {"q-score": "9"}).status_code == 429
    assert Response.objects.count() == limits.MOST_ANSWERS
    assert Client(REMOTE_ADDR="2001:db8::55").post(f"/s/o/{link.code}", {"q-score": "9"})


@pytest.mark.parametrize("said,shown", [("C-100", "Havbris"), ("nobody<b>", "nobody<b>")])
def test_an_address_may_name_a_customer_whom_nobody_has_checked(manager, said, shown):
    make_customer("Havbris", external_id="C-100")
    link = make_open_link(make_survey("nps"))
    anybody = Client(REMOTE_ADDR="2001:db8::52")
    address = f"/s/o/{link.code}?{urlencode({'customer': said})}"
    assert anybody.get(address).status_code == 200
    sent = send(anybody, address, score="9")
    assert sent.status_code == 302

    response = Response.objects.get()
    assert (response.customer, response.contact) == (None, None)
    assert not Response.objects.counted().exists()
    page = manager.get(f"/surveys/answers/{response.pk}/").content.decode()
    assert "Somebody unknown" in page
    assert "Said to be" in page
    assert shown in unescape(page)
    assert "<b>" not in page
