"""The pages of the way out: few clicks on every path, equal buttons, nothing by opening."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns.leaving.jurisdictions import ALL, BY_KEY, jurisdiction_of
from campaigns.leaving.links import path_of
from campaigns.leaving.steps import pages_of
from campaigns.models import CancelVisit, FlowAnswer, Grant, VisitStep
from churnapp.common import formats
from churnapp.common import public_limits as limits
from customers.models import Cancellation, Task
from tests.campaign_factories import make_answer, make_flow
from tests.campaigns.leavers import buttons, fields_of, fresh, press, subscriber, visit_of, walk
from tests.factories import make_reason
from tests.feedback.visitors import client, words

__all__ = ["client"]
pytestmark = pytest.mark.django_db
MOST_BYTES = 30_000
CSS = Path(settings.BASE_DIR) / "static" / "css" / "survey.css"
KINDS = ("none", "offer", "help", "call")


@pytest.fixture
def now():
    return timezone.now()


def flow_with(kind, apart=False, **fields):
    flow = make_flow(**fields)
    if kind != "none":
        make_answer(flow, kind, apart=apart)
    return flow


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "law, apart, held_out, expected",
    [
        ("eu", False, False, 2),
        ("eu", True, False, 2),
        ("us", True, False, 3),
        ("us", True, True, 2),
    ],
)
def test_every_path_leads_out_within_the_clicks_of_the_law(
    client, now, law, kind, apart, held_out, expected
):
    flow_with(kind, apart, profile=law)
    visit = visit_of(subscriber(), now=now)
    CancelVisit.objects.filter(pk=visit.pk).update(held_out=held_out)
    clicks, page = 0, client.get(path_of(visit)).content.decode()

    while fresh(visit).state == "open" and clicks < BY_KEY[law].most_clicks:
        leads_on = buttons(page)[0]
        assert leads_on in {"reason", "go_on", "leave"}
        answer = press(client, visit, leads_on, page)
        page = client.get(answer.headers["Location"]).content.decode()
        clicks += 1

    assert clicks == (2 if kind == "none" else expected)
    assert fresh(visit).clicks == clicks
    assert fresh(visit).state == "left"
    assert Cancellation.objects.count() == 1


@pytest.mark.parametrize("law", ALL, ids=lambda law: law.key)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("held_out", [False, True])
def test_no_way_is_longer_than_the_law_allows(law, kind, apart, held_out):
    answer = FlowAnswer(kind=kind, apart=apart)

    way = pages_of(answer, law.most_clicks, held_out=held_out)

    assert len(way) <= law.most_clicks
    assert way[0] == "reason"
    assert way[-1] == "confirm"


@pytest.mark.parametrize(
    "country, chosen, key",
    [
        ("NO", "", "eu"),
        ("no", "", "eu"),
        ("DE", "", "de"),
        ("Germany", "", "de"),
        ("US", "", "us"),
        ("GB", "", "gb"),
        ("BR", "", "elsewhere"),
        ("", "", "eu"),
        ("NO", "us", "us"),
        ("US", "us_ca", "us_ca"),
    ],
)
def test_the_country_decides_which_law_unless_one_is_chosen(country, chosen, key):
    assert jurisdiction_of(country, chosen) is BY_KEY[key]


@pytest.mark.parametrize("kind", KINDS)
def test_the_button_to_leave_is_as_large_as_every_other_and_first(client, now, kind):
    flow_with(kind)
    visit = visit_of(subscriber(), now=now)

    page = walk(client, visit, "reason")

    every = re.findall(r'<button class="([^"]+)"', page)
    assert set(every) == {"button"}
    assert buttons(page)[0] == "leave"
    assert "checked" not in page


def test_nothing_is_ticked_beforehand_and_a_reason_is_not_needed(client, now):
    make_reason("price")
    make_flow()
    visit = visit_of(subscriber(), now=now)
    page = client.get(path_of(visit)).content.decode()
    assert "Price" in page
    assert "checked" not in page
    assert "required" not in page

    walk(client, visit, "reason", "leave")

    assert fresh(visit).reason is None
    assert fresh(visit).state == "left"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, now, kind, method):
    flow_with(kind)
    visit = visit_of(subscriber(), now=now)
    walk(client, visit, "reason")
    before = CancelVisit.objects.values().get()
    steps = VisitStep.objects.count()

    for query in ("", "?at=confirm&do=leave", "?at=help", "?at=reason&reason=price"):
        getattr(client, method)(path_of(visit) + query)

    assert CancelVisit.objects.values().get() == before
    assert VisitStep.objects.count() == steps
    assert not Cancellation.objects.exists()


def test_the_reason_and_its_question_are_kept_and_shown_when_one_goes_back(client, now):
    make_reason("rival", asks="competitor")
    make_flow()
    visit = visit_of(subscriber(), now=now)

    walk(client, visit, "reason", reason="rival", comment="Bye", **{"competitor-rival": "Acme"})
    page = client.get(path_of(visit)).content.decode()

    kept = fresh(visit)
    assert (kept.reason.key, kept.comment, kept.competitor) == ("rival", "Bye", "Acme")
    assert re.search(r'value="rival" checked', page)
    assert 'value="Acme"' in page


def test_an_offer_is_shown_with_its_price_and_accepting_it_saves(client, now):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)
    page = walk(client, visit, "reason")
    assert "20% off for 3 months" in page

    page = walk_on(client, visit, page, "accept")

    assert "Nothing is cancelled" in page
    assert "€80 a month" in page
    assert fresh(visit).state == "saved"
    assert Grant.objects.get().state == "accepted"


def walk_on(client, visit, page, deed):
    answer = press(client, visit, deed, page)
    assert answer.status_code == 302
    return client.get(answer.headers["Location"]).content.decode()


def test_who_was_saved_can_still_leave_with_one_click(client, now):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)
    page = walk(client, visit, "reason", "accept")

    page = walk_on(client, visit, page, "leave")

    assert "It is cancelled" in page
    assert fresh(visit).grant.undone_at is not None


def test_a_call_gives_a_task_and_help_an_address(client, now):
    flow = flow_with("call")
    visit = visit_of(subscriber(), now=now)
    page = walk(client, visit, "reason", "call")
    assert "We call you" in page
    assert Task.objects.count() == 1
    flow.answers.update(kind="help", address="https://example.com/guide")

    other = visit_of(subscriber(), now=now, key="2")

    assert "https://example.com/guide" in walk(client, other, "reason")
    assert "keep what you have" in walk(client, other, "reason", "stay")
    assert fresh(other).saved_by == "help"


def test_the_held_out_see_no_offer_and_no_help(client, now):
    for number, kind in enumerate(("offer", "help", "call")):
        flow_with(kind, priority=number)
        visit = visit_of(subscriber(), now=now, key=kind)
        CancelVisit.objects.filter(pk=visit.pk).update(held_out=True)

        page = walk(client, visit, "reason")

        assert buttons(page) == ["leave", "stay"]
        assert "Before you go" not in page
        assert "An offer for you" not in page
        assert fresh(visit).answer == kind
    assert not Grant.objects.exists()


def test_another_link_says_that_nothing_is_left_to_cancel(client, now):
    flow_with("offer")
    customer = subscriber()
    visit, other = visit_of(customer, now=now), visit_of(customer, key="other", now=now)
    asked = client.get(path_of(other)).content.decode()
    press(client, visit, "leave", walk(client, visit, "reason"))

    page = client.get(path_of(other))
    assert page.status_code == 200
    text = words(page)
    assert "There is nothing left to cancel" in text
    assert formats.day(fresh(visit).ends_on - timedelta(days=1)) in text
    assert "<form" not in page.content.decode()
    for deed in ("reason", "leave"):
        assert press(client, other, deed, asked).status_code == 422
    assert fresh(other).entered_at is None
    assert [step.verb for step in fresh(other).steps.all()] == ["made"]
    assert Cancellation.objects.count() == 1


def test_the_back_button_and_a_second_press_do_no_harm(client, now):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)
    first = client.get(path_of(visit)).content.decode()
    last = walk(client, visit, "reason")
    press(client, visit, "reason", first)
    press(client, visit, "leave", last)
    before = fresh(visit)

    for deed, page in (("leave", last), ("reason", first), ("go_on", last)):
        answer = press(client, visit, deed, page)
        assert answer.status_code == 302
    for deed in ("accept", "stay"):
        answer = press(client, visit, deed, last)
        assert answer.status_code == 422
        assert "cancelled already" in words(answer)

    assert fresh(visit).left_at == before.left_at
    assert fresh(visit).clicks == before.clicks
    assert Cancellation.objects.count() == 1


def test_evidence_knows_the_words_on_the_page_and_when_it_was_shown(client, now):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now, language="nb")

    walk(client, visit, "reason", "leave")

    left = VisitStep.objects.get(verb="left").facts
    assert left["page"] == "confirm"
    assert left["pressed"] == "leave"
    assert left["language"] == "nb"
    assert left["version"] == left["version_shown"] == 1
    assert left["wording"]["help"]["title"] == "An offer for you"
    assert left["wording"]["ends"]
    assert left["shown_at"]


@pytest.mark.parametrize(
    "written",
    [
        "1-x",
        "0-" + "A" * 43,
        "9" * 30 + "-" + "A" * 43,
        "{pk}-" + "A" * 43,
        "{pk}-" + "A" * 42,
        "{pk}-" + "A" * 44,
        "{pk}",
        "-1-" + "A" * 43,
        "{pk}-%00" + "A" * 42,
        "١-" + "A" * 43,
        "{pk}-" + "é" * 43,
    ],
)
def test_hostile_and_expired_links_get_one_body(client, now, written):
    make_flow()
    visit = visit_of(subscriber(), now=now)
    unknown = client.get("/c/12345-" + "B" * 43)

    hostile = client.get("/c/" + written.replace("{pk}", str(visit.pk)))
    CancelVisit.objects.filter(pk=visit.pk).update(
        made_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    expired = client.get(path_of(visit))
    posted = client.post(path_of(visit), {"do": "leave"})

    for answer in (hostile, expired, posted):
        assert answer.status_code == 404
        assert answer.content == unknown.content
    assert fresh(visit).state == "open"


def test_a_link_of_an_offer_opens_no_cancel_flow(client, now):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)
    token = path_of(visit).rpartition("-")[2]

    assert client.get(f"/o/{visit.pk}-{token}").status_code == 404


def test_a_form_without_our_stamp_or_into_the_trap_does_nothing(client, now):
    make_flow()
    visit = visit_of(subscriber(), now=now)
    good = fields_of(client.get(path_of(visit)).content.decode())

    for forged in ({"stamp": "x"}, {"website": "spam"}, {"do": "other"}):
        answer = client.post(path_of(visit), good | {"do": "leave"} | forged)
        assert answer.status_code == 422

    assert fresh(visit).state == "open"


def test_too_many_misses_are_told_to_wait(client):
    for _ in range(limits.MOST_MISSES):
        assert client.get("/c/1-" + "C" * 43).status_code == 404

    assert client.get("/c/1-" + "C" * 43).status_code == 429


@pytest.mark.parametrize("language", ["nb", "da", "sv"])
def test_pages_speak_the_language_of_the_contact_and_others_when_asked(client, now, language):
    flow = flow_with("none")
    flow.texts = {"en": {"title": "Leaving"}, language: {"title": f"Tittel {language}"}}
    flow.save()
    visit = visit_of(subscriber(), now=now, language=language)

    page = client.get(path_of(visit))

    assert page.headers["Content-Language"] == language
    assert f"Tittel {language}" in words(page)
    assert "Leaving" in words(client.get(path_of(visit) + "?lang=en"))


def test_the_pages_have_no_script_are_small_and_kept_nowhere(client, now):
    for number in range(12):
        make_reason(f"reason-{number}")
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)

    pages = [client.get(path_of(visit)).content.decode()]
    for deed in ("reason", "accept", "leave"):
        pages = [*pages, walk_on(client, visit, pages[-1], deed)]

    for text in pages:
        assert "<script" not in text
        assert len(text.encode()) + CSS.stat().st_size < MOST_BYTES
    answer = client.get(path_of(visit))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "script" not in answer.headers["Content-Security-Policy"]


def test_a_page_costs_few_queries(client, now, django_assert_max_num_queries):
    flow_with("offer")
    visit = visit_of(subscriber(), now=now)
    with django_assert_max_num_queries(12):
        client.get(path_of(visit))
    walk(client, visit, "reason")

    with django_assert_max_num_queries(16):
        client.get(path_of(visit) + "?at=confirm")
