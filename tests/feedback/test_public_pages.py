"""The page behind a private link: asks in the person's language, keeps what is posted, no more."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import IPv6Address
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.common import public_limits as limits
from feedback.models import Answer, Invitation, Response
from tests.factories import make_contact, make_organisation, make_reason
from tests.feedback.visitors import address, client, send, stamp, words
from tests.feedback_factories import make_invitation, make_open_link, make_survey
from tests.services.threads import at_once

__all__ = ["client"]
pytestmark = pytest.mark.django_db
MOST_BYTES = 30_000
NOW = timezone.now()
CSS = Path(settings.BASE_DIR) / "static" / "css" / "survey.css"
SCANNERS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; BarracudaCentral)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 SafeLinks",
    "Mozilla/5.0 Proofpoint URL Defense",
    "Mimecast-Link-Scanner/1.0",
    "GoogleImageProxy",
)


@pytest.fixture
def invitation():
    return make_invitation(language="nb")


def test_one_question_a_step_ends_with_thanks(client, invitation):
    page = client.get(address(invitation))
    assert "Hvor sannsynlig er det" in words(page)
    assert "1 av 2" in words(page)

    second = client.get(send(client, address(invitation), step="score", score="9").url)
    assert "viktigste grunnen" in words(second)
    done = client.get(send(client, address(invitation), step="comment", comment="Fine").url)

    assert "Tusen takk" in words(done)
    response = Response.objects.get()
    assert response.quarantined_because == ""
    assert {a.question: a.number or a.text for a in response.answers.all()} == {
        "score": 9,
        "comment": "Fine",
    }


def test_all_at_once_sends_in_with_one_post(client, invitation):
    done = send(client, address(invitation, all="1"), score="3", comment="Sent")

    assert "Tusen takk" in words(client.get(done.url))
    assert Response.objects.counted().get().language == "nb"


def test_a_score_in_the_address_is_chosen_but_not_kept(client, invitation):
    page = client.get(address(invitation, score="9")).content.decode()

    assert re.search(r'value="9" checked', page)
    assert page.count(" checked") == 1
    assert not Response.objects.exists()


@pytest.mark.parametrize("query, set_aside", [({"score": "9"}, ""), ({}, "too_fast")])
def test_who_chose_in_the_mail_may_send_sooner(client, invitation, query, set_aside):
    with time_machine.travel(NOW, tick=False) as clock:
        page = client.get(address(invitation, all="1", **query)).content.decode()
        made = re.search(r'name="stamp" value="([^"]+)"', page)[1]
        clock.shift(2)
        send(client, address(invitation, all="1"), score="9", stamp=made)

    assert Response.objects.get().quarantined_because == set_aside


@pytest.mark.parametrize("score", ["11", "-1", "x", "09", "²", ""])
def test_a_score_that_is_none_chooses_nothing(client, invitation, score):
    assert " checked" not in client.get(address(invitation, score=score)).content.decode()


@pytest.mark.parametrize("given", [{}, {"score": "11"}, {"score": "x"}, {"score": "²"}])
def test_what_is_wrong_is_said_beside_the_field(client, invitation, given):
    answer = send(client, address(invitation), step="score", **given)

    assert answer.status_code == 422
    assert 'id="q-score-error"' in answer.content.decode()
    assert not Answer.objects.exists()


def test_what_was_written_stays_when_something_else_is_wrong(client, invitation):
    answer = send(client, address(invitation, all="1"), comment="My words")

    assert answer.status_code == 422
    assert "My words" in answer.content.decode()


def test_passing_over_a_required_question_leads_back_to_it(client, invitation):
    answer = send(client, address(invitation, q="comment"), step="comment", comment="Only words")

    assert "q=score" in answer.url
    assert Response.objects.get().answered_at is None


def test_back_shows_what_was_answered(client, invitation):
    send(client, address(invitation), step="score", score="7")

    page = client.get(address(invitation, q="score")).content.decode()

    assert re.search(r'value="7" checked', page)


@pytest.mark.parametrize(
    "language, heading",
    [("en", "How likely"), ("nb", "Hvor sannsynlig"), ("da", "Hvor sandsynligt"), ("sv", "Hur t")],
)
def test_the_page_speaks_the_language_chosen(client, invitation, language, heading):
    page = client.get(address(invitation, lang=language))

    assert heading in words(page)
    assert f'<html lang="{language}">' in page.content.decode()
    assert page["Content-Language"] == language


def test_answers_are_changed_for_a_day_and_read_no_more_after(client, invitation):
    send(client, address(invitation, all="1"), score="3")
    page = client.get(address(invitation)).content.decode()
    assert "change=1" in page
    assert "<form" in client.get(address(invitation, change="1")).content.decode()
    send(client, address(invitation, change="1", all="1"), score="8")
    assert Answer.objects.get(question="score").number == 8

    Response.objects.update(answered_at=timezone.now() - timedelta(hours=25))

    assert "change=1" not in client.get(address(invitation, change="1")).content.decode()
    send(client, address(invitation, change="1", all="1"), score="1")
    assert Answer.objects.get(question="score").number == 8


def test_what_is_sent_again_after_sending_in_changes_nothing(client, invitation):
    send(client, address(invitation, all="1"), score="3")

    send(client, address(invitation, all="1"), score="10")

    assert Answer.objects.get(question="score").number == 3


@pytest.mark.parametrize(
    "gone", [{"expires_at": timezone.now()}, {"called_back_at": timezone.now()}]
)
def test_a_link_that_is_over_answers_as_one_that_never_was(client, gone):
    over = client.get(address(make_invitation(**gone)))
    unknown = client.get(reverse("feedback:answer", args=["never-there"]))

    assert over.status_code == unknown.status_code == 404
    assert over.content == unknown.content


def test_an_address_that_tries_many_links_has_to_wait(client, invitation):
    for number in range(limits.MOST_MISSES):
        assert client.get(reverse("feedback:answer", args=[f"guess{number}"])).status_code == 404

    answer = client.get(address(invitation))

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_many_tries_at_once_get_no_further(rf):
    address = str(IPv6Address(secrets.randbits(128)))
    requests = [rf.get("/s/guess", REMOTE_ADDR=address) for _n in range(3 * limits.MOST_MISSES)]

    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(limits.is_a_miss_too_many, requests))

    assert refused.count(False) == limits.MOST_MISSES


@pytest.mark.parametrize("query", [{}, {"all": "1"}, {"q": "comment"}])
def test_the_page_keeps_to_itself(client, invitation, query):
    answer = client.get(address(invitation, **query))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["exit", "nps", "csat", "ces", "product"])
def test_a_page_and_its_style_weigh_little_and_ask_little(client, kind):
    for number in range(20):
        make_reason(f"reason-{number}")
    invitation = make_invitation(make_survey(kind))

    with CaptureQueriesContext(connection) as queries:
        page = client.get(address(invitation, all="1"))

    assert len(page.content) + CSS.stat().st_size <= MOST_BYTES
    assert len(queries) <= 5
    assert re.findall(r'(?:href|src)="(/static/[^"]*)"', page.content.decode()) == [
        "/static/css/survey.css"
    ]


@pytest.mark.parametrize("agent", SCANNERS)
def test_scanners_that_open_every_link_change_nothing(agent):
    invitation, link = make_invitation(), make_open_link(framed_by="https://www.example.com")
    before = Invitation.objects.values().get()
    paths = [
        address(invitation),
        address(invitation, score="0"),
        address(invitation, change="1"),
        reverse("feedback:open_answer", args=[link.code]),
        reverse("feedback:embedded_answer", args=[link.code]),
    ]
    client = Client(headers={"user-agent": agent})

    with CaptureQueriesContext(connection) as queries:
        for path in paths * 3:
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200

    assert not [q for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert Invitation.objects.values().get() == before
    assert not Response.objects.exists()


def test_what_was_not_filled_in_on_our_page_is_set_aside(client, invitation):
    client.post(address(invitation, all="1"), {"q-score": "0"})

    assert Response.objects.get().quarantined_because == "unmarked"


@pytest.mark.parametrize(
    "sent, because",
    [
        ({"stamp": "forged"}, "unmarked"),
        ({"website": "spam.example"}, "trap_filled"),
    ],
)
def test_what_only_programs_do_is_set_aside(client, invitation, sent, because):
    send(client, address(invitation, all="1"), score="0", **sent)

    assert Response.objects.get().quarantined_because == because


def test_the_organisations_reasons_are_offered_and_which_competitor_is_asked(client):
    reason = make_reason("competitor", asks="competitor", labels={"en": "Went", "nb": "Gikk"})
    invitation = make_invitation(make_survey("exit"), make_contact(), language="nb")

    assert "Gikk" in words(client.get(address(invitation)))
    send(
        client,
        address(invitation),
        step="reason",
        reason=reason.key,
        **{"reason-more-competitor": "Acme"},
    )

    answer = Answer.objects.get(question="reason")
    assert (answer.choices, answer.text) == ([reason.key], "Acme")


@pytest.mark.parametrize(
    "framed_by, policy",
    [
        ("", "'none'"),
        ("https://www.example.com", "https://www.example.com"),
        ("https://a.example, http://b.example:8080", "https://a.example http://b.example:8080"),
        ("https://*", "'none'"),
        ("https://a.example; script-src *", "https://a.example"),
    ],
)
def test_only_the_pages_named_may_frame_a_survey(client, framed_by, policy):
    link = make_open_link(framed_by=framed_by)

    answer = client.get(reverse("feedback:embedded_answer", args=[link.code]))

    assert answer["Content-Security-Policy"].endswith(f"frame-ancestors {policy}")
    assert "X-Frame-Options" not in answer
    plain = client.get(reverse("feedback:open_answer", args=[link.code]))
    assert plain["X-Frame-Options"] == "DENY"


def test_an_open_link_takes_the_answers_of_anybody_once_a_form(client):
    link = make_open_link()
    path = reverse("feedback:open_answer", args=[link.code])
    form = stamp()

    for _ in range(2):
        answer = send(client, path, score="4", comment="Hello", stamp=form)
    assert send(client, path, comment="Without a score").status_code == 422

    assert "Thank you" in words(client.get(answer.url))
    response = Response.objects.get()
    assert (response.customer, response.open_link, response.channel) == (None, link, "open")


def test_a_closed_open_link_answers_as_one_that_never_was(client):
    link = make_open_link(closed_at=timezone.now())

    assert client.get(reverse("feedback:open_answer", args=[link.code])).status_code == 404


def test_a_script_in_an_answer_is_shown_as_text(client, invitation):
    make_organisation(name="<b>Us</b>")
    send(client, address(invitation), step="comment", comment="<script>alert(1)</script>")

    page = client.get(address(invitation, q="comment")).content.decode()

    assert "<script>" not in page
    assert "<b>Us</b>" not in page


@pytest.mark.django_db(transaction=True)
def test_two_hundred_posts_with_one_link_make_one_response():
    invitation = make_invitation()
    path = address(invitation, all="1")

    def post():
        return send(Client(), path, score="5").status_code

    statuses = [status for _ in range(10) for status in at_once(*[post] * 20)]

    assert set(statuses) == {302}
    assert Response.objects.counted().count() == 1
    assert Answer.objects.filter(question="score").count() == 1
    assert invitation.customer.interactions.filter(kind="answer").count() == 1
