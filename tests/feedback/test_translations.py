"""Translations whose English was changed are marked, and publishing asks about what is lacking."""

import pytest

from feedback.services.surveys import create_survey, start_draft
from feedback.translations import with_outdated
from tests.feedback.test_builder import address, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bob, client):
    client.force_login(bob)
    return start_draft(create_survey("ces", "After a ticket", by=bob), by=bob)


def shown(client, draft, language="nb"):
    return client.get(address(draft.survey, language=language)).content.decode()


def outdated(draft):
    return draft.content.get("outdated", {})


def test_translations_of_changed_english_are_marked_until_changed_or_confirmed(client, draft):
    post(client, draft, **{"t-en-title": "Was that easy?", "t-sv-title": "Var det lätt?"})
    assert outdated(draft) == {"da": ["title"], "nb": ["title"]}
    page = shown(client, draft)
    assert "1 to look at" in page
    assert "the English was changed since" in page
    assert "missing" not in page

    post(client, draft, **{"t-nb-title": "Var det lett?"})
    assert outdated(draft) == {"da": ["title"]}
    post(client, draft, do="looked:da:title")
    assert outdated(draft) == {}
    assert "to look at" not in shown(client, draft)


def test_a_mark_goes_with_what_is_taken_back_and_stays_with_what_is_published(client, draft, bob):
    post(client, draft, **{"t-en-title": "Was that easy?"})
    post(client, draft, do="undo")
    assert outdated(draft) == {}
    post(client, draft, do="redo")
    post(client, draft, do="publish_anyway")
    assert outdated(start_draft(draft.survey, by=bob)) == outdated(draft) != {}


def test_words_that_were_not_there_before_mark_nothing():
    before = {"languages": ["en", "nb"], "texts": {"en": {}, "nb": {"intro": "Hei"}}}
    after = {"languages": ["en", "nb"], "texts": {"en": {"intro": "Hi"}, "nb": {"intro": "Hei"}}}
    assert with_outdated(before, after) == after


def test_publishing_asks_first_where_a_language_lacks_something(client, draft):
    changes = {"t-da-q.score": "", "t-en-thanks": "Thanks a lot"}
    asked = post(client, draft, do="publish", **changes)

    page = asked.content.decode()
    assert asked.status_code == 200
    assert draft.published_at is None
    assert draft.content["texts"]["en"]["thanks"] == "Thanks a lot"
    assert "Publish it as it is?" in page
    lacks = {lack.name: lack for lack in asked.context["bench"].lacks}
    norsk, dansk = lacks["Norsk bokmål"], lacks["Dansk"]
    assert [str(each) for each in norsk.outdated + norsk.missing] == ["Thanks"]
    assert [len(dansk.missing), len(dansk.outdated)] == [1, 1]

    assert post(client, draft, do="publish_anyway").status_code == 302
    assert draft.published_at is not None


def test_what_lacks_nothing_is_published_at_once(client, draft):
    assert post(client, draft, do="publish").status_code == 302
    assert draft.published_at is not None


def test_a_new_question_goes_by_its_number(client, draft):
    post(client, draft, do="add:single")
    page = shown(client, draft)
    assert ">Question 4</h2>" in page
    assert "single-1" not in page
