"""The builder's form by htmx: places, warnings as the draft is saved, and ways that are kept."""

import pytest

from feedback.content import Content
from feedback.services.surveys import create_survey, start_draft
from tests.feedback.test_builder import address, goes, keys, post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TO_THE_END = {
    "ways-score": "1",
    "goes-score-0": "end",
    "goes-score-0-from": "1",
    "goes-score-0-to": "7",
}


@pytest.fixture
def draft(bob, client):
    client.force_login(bob)
    return start_draft(create_survey("ces", "After a ticket", by=bob), by=bob)


def sent(client, draft, **data):
    """The form as htmx sends it, and the form that comes back."""
    content = Content.read(draft.content)
    form = {f"required-{q.key}": "on" for q in content.questions if q.required}
    form |= {"seen_at": draft.changed_at.isoformat()} | data
    answer = client.post(address(draft.survey), form, headers=HTMX)
    draft.refresh_from_db()
    return answer


@pytest.mark.parametrize(
    "deed, order",
    [
        ("move:comment:1", ["comment", "score", "difficult"]),
        ("move:score:3", ["difficult", "comment", "score"]),
        ("move:score:2", ["difficult", "score", "comment"]),
        ("move:score:99", ["difficult", "comment", "score"]),
        ("move:comment:0", ["comment", "score", "difficult"]),
        ("move:score:x", ["score", "difficult", "comment"]),
        ("move:score:", ["score", "difficult", "comment"]),
        ("move:nobody:1", ["score", "difficult", "comment"]),
    ],
)
def test_a_question_is_put_where_it_was_dropped(client, draft, deed, order):
    answer = sent(client, draft, do=deed, **{"t-en-title": "Typed before the drop"})

    assert answer.status_code == 200
    assert keys(draft) == order
    assert draft.content["texts"]["en"]["title"] == "Typed before the drop"


def test_what_was_dropped_is_said_kept_in_focus_and_taken_back(client, draft):
    page = sent(client, draft, do="move:comment:1").content.decode()

    assert "is now number 1 of 3." in page
    assert 'data-touched="question-comment"' in page
    assert 'id="bench"' in page
    assert "<html" not in page
    sent(client, draft, do="undo")
    assert keys(draft) == ["score", "difficult", "comment"]


@pytest.mark.parametrize(
    "deed, question",
    [
        ("move:comment:1", "comment"),
        ("up:comment", "comment"),
        ("add:nps", "question-4"),
        ("add_choice:difficult", "difficult"),
        ("remove:score", "difficult"),
        ("remove:comment", "difficult"),
    ],
)
def test_without_script_the_page_comes_back_at_the_question(client, draft, deed, question):
    answer = post(client, draft, do=deed)

    assert answer["Location"].endswith(f"#question-{question}")


def test_the_page_with_its_parts_says_that_it_depends_on_htmx(client, draft):
    answer = client.get(address(draft.survey))

    assert "HX-Request" in answer["Vary"]
    assert "<html" in answer.content.decode()


def test_a_draft_is_saved_whatever_is_wrong_and_says_so_at_the_question(client, draft):
    page = sent(client, draft, **TO_THE_END, **{"t-en-title": "Kept"}).content.decode()

    assert draft.content["texts"]["en"]["title"] == "Kept"
    assert goes(draft)[0] == [{"when": {"from": 1, "to": 7}, "to": "end"}]
    assert page.count("Nobody reaches this question") == 2
    assert "2 questions need another look before this can be published." in page
    assert 'href="#question-difficult"' in page
    again = client.get(address(draft.survey)).content.decode()
    assert again.count("Nobody reaches this question") == 2


def test_what_has_a_fault_is_not_published(client, draft):
    answer = sent(client, draft, do="publish", **TO_THE_END)

    assert answer.status_code == 422
    assert "Nobody reaches this question" in answer.content.decode()
    assert draft.published_at is None


def test_publishing_by_htmx_goes_to_the_page_anew(client, draft):
    answer = sent(client, draft, do="publish")

    assert answer["HX-Redirect"] == address(draft.survey)
    assert draft.published_at is not None


def test_a_moved_question_that_leads_back_keeps_its_way_until_somebody_changes_it(client, draft):
    """The list of goals holds the one that is chosen, so that sending the form loses no way."""
    sent(client, draft, do="move:comment:1")
    before = goes(draft)
    assert before[1][0]["to"] == "comment"

    page = client.get(address(draft.survey)).content.decode()
    assert "An answer leads back to question 1" in page
    assert "(leads back)</option>" in page

    way = before[1][0]
    form = {"goes-score-0": way["to"], "ways-score": "1"}
    form |= {f"goes-score-0-{end}": str(way["when"][end]) for end in ("from", "to")}
    sent(client, draft, **form)
    assert goes(draft) == before


def test_a_way_to_the_next_question_stays_chosen(client, draft):
    sent(client, draft, do="remove:difficult")
    assert goes(draft)[0][0]["to"] == "comment"

    page = client.get(address(draft.survey)).content.decode()

    assert '<option value="comment" selected>2. ' in page


def test_the_second_editor_sees_what_changed_and_keeps_what_they_typed_by_htmx(client, draft):
    seen_at = draft.changed_at.isoformat()
    sent(client, draft, **{"t-en-title": "First"})

    answer = sent(client, draft, seen_at=seen_at, do="move:comment:1", **{"t-en-title": "Second"})

    assert answer.status_code == 422
    assert "Second" in answer.content.decode()
    assert keys(draft) == ["score", "difficult", "comment"]


def test_another_language_beside_english_stays_in_the_address(client, draft):
    answer = sent(client, draft, do="language:da")

    assert answer["HX-Replace-Url"].endswith("?language=da")
    assert 'action="' + address(draft.survey, language="da") in answer.content.decode()
