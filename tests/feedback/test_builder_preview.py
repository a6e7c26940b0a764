"""The preview: what is typed and not saved, one question at a time, for our own pages only."""

import pytest

from feedback.content import Content
from feedback.models import Response, SurveyVersion
from feedback.services.surveys import create_survey, start_draft
from tests.factories import make_reason
from tests.feedback.test_builder import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bob, client):
    client.force_login(bob)
    return start_draft(create_survey("ces", "After a ticket", by=bob), by=bob)


def see(client, draft, **typed):
    """What the preview makes of the builder's form with this typed into it."""
    content = Content.read(draft.content)
    form = {f"required-{q.key}": "on" for q in content.questions if q.required}
    return client.post(address(draft.survey, "preview"), form | typed)


def test_it_shows_what_is_typed_and_keeps_nothing(client, draft):
    before = draft.content

    page = see(client, draft, **{"t-en-title": "How was it?", "lang": "en"})

    assert "<h1>How was it?</h1>" in page.content.decode()
    draft.refresh_from_db()
    assert draft.content == before
    assert draft.earlier == []
    assert not Response.objects.exists()


def test_its_rules_are_those_of_the_page_that_it_shows(client, draft):
    page = see(client, draft)

    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert page["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "<script" not in page.content.decode()


def test_it_speaks_the_language_that_is_looked_at(client, draft):
    page = see(client, draft, **{"t-nb-title": "Gikk det greit?", "lang": "nb"})

    assert "<h1>Gikk det greit?</h1>" in page.content.decode()
    assert page["Content-Language"] == "nb"


def test_a_draft_without_words_shows_what_there_is(client, draft):
    page = see(client, draft, **{"t-en-title": "", "t-en-q.score": " "}).content.decode()

    assert "<h1>(no words yet)</h1>" in page
    assert "<h2>(no words yet)</h2>" in page
    assert "What made it difficult" in page or "difficult" in page


def test_a_draft_without_questions_shows_the_rest(client, draft):
    SurveyVersion.objects.filter(pk=draft.pk).update(content=draft.content | {"questions": []})

    page = see(client, draft, one="1")

    assert page.status_code == 200
    assert draft.content["texts"]["en"]["title"] in page.content.decode()


def step(client, draft, key, go="next", **data):
    answer = see(client, draft, one="1", step=key, go=go, **data)
    return answer.content.decode()


def test_one_at_a_time_it_follows_the_branching_as_it_is_typed(client, draft):
    first = see(client, draft, one="1").content.decode()
    assert 'name="q-score"' in first
    assert 'name="q-difficult"' not in first
    easy = {"q-score": "7"}
    assert 'name="q-comment"' in step(client, draft, "score", **easy)

    typed = {"ways-score": "1", "goes-score-0": "", "goes-score-0-from": "", "goes-score-0-to": ""}
    assert 'name="q-difficult"' in step(client, draft, "score", **easy, **typed)


def test_it_goes_on_back_and_to_the_thanks_with_the_answers_in_its_form(client, draft):
    page = step(client, draft, "score", **{"q-score": "2"})
    assert '<input type="hidden" name="q-score" value="2">' in page
    back = step(client, draft, "difficult", go="back", **{"q-score": "2"})
    assert 'id="q-score-2" value="2" checked' in back
    thanks = step(client, draft, "comment", **{"q-score": "2", "q-difficult": "waiting"})
    assert Content.read(draft.content).text("thanks", "en") in thanks
    assert "Try it again from the start" in thanks


def test_what_needs_an_answer_is_not_passed_over(client, draft):
    page = step(client, draft, "score")

    assert "This one needs an answer." in page
    assert 'name="q-score"' in page


@pytest.mark.parametrize("sent", [{"step": "gone"}, {"q-score": "x"}, {"q-score": "99"}])
def test_odd_forms_begin_anew(client, draft, sent):
    assert 'name="q-score"' in see(client, draft, one="1", go="next", **sent).content.decode()


def test_without_script_its_form_leads_on_by_its_address(client, draft):
    page = client.get(
        address(draft.survey, "preview", one="1", step="score", go="next", **{"q-score": "7"})
    ).content.decode()

    assert 'name="q-comment"' in page
    assert 'method="get"' in page
    assert 'method="post"' not in page


def test_it_asks_few_questions_of_the_database(client, bob, draft, django_assert_max_num_queries):
    for key in ("price", "missing-feature"):
        make_reason(key)
    leaving = start_draft(create_survey("exit", "Why they leave", by=bob), by=bob)
    see(client, leaving)
    with django_assert_max_num_queries(8):
        page = see(client, leaving, **{"t-en-title": "Why?"})
    assert 'value="price"' in page.content.decode()
    with django_assert_max_num_queries(8):
        see(client, leaving, one="1")
