"""The builder: words side by side, order, publication, and two people at one draft."""

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.content import Content, missing_texts
from feedback.services.surveys import create_survey, start_draft
from tests.factories import make_contact, make_customer, make_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(bob, client):
    client.force_login(bob)
    return create_survey("ces", "After a ticket", by=bob)


@pytest.fixture
def draft(survey, bob):
    return start_draft(survey, by=bob)


def address(survey, name="build", **query):
    return reverse(f"survey_builder:{name}", args=[survey.pk], query=query or None)


def post(client, draft, **data):
    """The form of the builder as it stands in the page, with some of it changed."""
    content = Content.read(draft.content)
    form = {f"required-{q.key}": "on" for q in content.questions if q.required}
    form |= {"seen_at": draft.changed_at.isoformat()} | data
    answer = client.post(address(draft.survey), form)
    draft.refresh_from_db()
    return answer


def keys(version):
    return [question["key"] for question in version.content["questions"]]


def test_what_is_published_is_shown_and_a_draft_begins_at_a_button(client, survey):
    page = client.get(address(survey)).content.decode()
    assert "<textarea" not in page
    assert "Was it easy?" in page
    assert "Write the next version" in page

    client.post(address(survey, "begin_draft"))

    page = client.get(address(survey)).content.decode()
    assert "<textarea" in page
    assert "Write the next version" not in page


def test_words_are_saved_in_their_language(client, draft):
    post(client, draft, **{"t-nb-title": "Gikk det greit?", "t-en-intro": "Line\r\nline"})

    assert draft.content["texts"]["nb"]["title"] == "Gikk det greit?"
    assert draft.content["texts"]["en"]["intro"] == "Line\nline"
    assert draft.content["texts"]["sv"]["title"] == "Var det enkelt?"
    assert draft.content["questions"][0]["required"] is True


def test_what_is_missing_is_counted(client, draft):
    post(client, draft, **{"t-da-title": ""})

    assert missing_texts(Content.read(draft.content)) == {"da": ["title"]}
    assert "1 missing" in client.get(address(draft.survey)).content.decode()


@pytest.mark.parametrize(
    "deed, order",
    [
        ("up:comment", ["score", "comment", "difficult"]),
        ("down:score", ["difficult", "score", "comment"]),
        ("up:score", ["score", "difficult", "comment"]),
        ("remove:comment", ["score", "difficult"]),
        ("add:nps", ["score", "difficult", "comment", "question-4"]),
        ("add:stars", ["score", "difficult", "comment"]),
        ("nonsense:score", ["score", "difficult", "comment"]),
    ],
)
def test_buttons_move_remove_and_add_questions(client, draft, deed, order):
    assert post(client, draft, do=deed).status_code == 302

    assert keys(draft) == order


def test_a_removed_question_takes_its_words_and_the_ways_to_it_along(client, draft):
    post(client, draft, do="remove:comment")

    assert draft.content["questions"][0]["goes"] == []
    assert "q.comment" not in draft.content["texts"]["en"]
    assert post(client, draft, do="publish").status_code == 302
    assert draft.published_at is not None


def test_choices_come_and_go(client, draft):
    post(client, draft, do="add_choice:difficult")
    post(client, draft, do="remove_choice:difficult:waiting")

    choices = [choice["key"] for choice in draft.content["questions"][1]["choices"]]
    assert "choice-1" in choices
    assert "waiting" not in choices
    assert "c.difficult.waiting" not in draft.content["texts"]["nb"]


def goes(draft):
    return [question["goes"] for question in draft.content["questions"]]


def test_ways_are_kept_where_the_form_says_nothing_of_them(client, draft):
    before = goes(draft)

    post(client, draft)

    assert goes(draft) == before


def test_numbers_and_choices_lead_where_the_form_says(client, draft):
    scale = {"ways-score": "1", "goes-score-0": "end", "goes-score-0-from": "7"}
    choice = {"ways-difficult": "1", "goes-difficult-other": "end", "goes-difficult-finding": ""}

    post(client, draft, **scale, **choice, **{"goes-score-0-to": "7"})

    assert goes(draft)[0] == [{"when": {"from": 7, "to": 7}, "to": "end"}]
    assert goes(draft)[1] == [{"when": "other", "to": "end"}]
    assert post(client, draft, do="publish").status_code == 302


@pytest.mark.parametrize("least, most, to", [("x", "7", "end"), ("5", "9", "end"), ("1", "2", "?")])
def test_a_way_that_no_answer_takes_is_not_published(client, draft, least, most, to):
    way = {"goes-score-0": to, "goes-score-0-from": least, "goes-score-0-to": most}

    answer = post(client, draft, do="publish", **{"ways-score": "1"}, **way)

    assert answer.status_code == 422
    assert "questions.0.goes" in answer.content.decode()


def test_a_draft_that_cannot_be_asked_is_kept_and_the_field_named(client, draft):
    answer = post(client, draft, do="publish", **{"t-en-title": ""})

    assert answer.status_code == 422
    assert "texts.en.title" in answer.content.decode()
    assert draft.published_at is None


def test_the_second_editor_keeps_what_they_typed_and_overwrites_nothing(client, draft):
    seen_at = draft.changed_at.isoformat()
    post(client, draft, **{"t-en-title": "First"})

    answer = post(client, draft, seen_at=seen_at, **{"t-en-title": "Second"})

    assert answer.status_code == 422
    assert "Second" in answer.content.decode()
    assert draft.content["texts"]["en"]["title"] == "First"


@pytest.mark.parametrize("seen_at", ["", "x", "2020-13-01", "2020-01-01T00:00:00"])
def test_a_form_that_does_not_say_what_it_saw_changes_nothing(client, draft, seen_at):
    answer = post(client, draft, seen_at=seen_at, **{"t-en-title": "Blind"})

    assert answer.status_code == 422
    assert draft.content["texts"]["en"]["title"] == "Was it easy?"


def test_the_preview_shows_the_draft_to_our_own_pages_only(client, draft):
    post(client, draft, **{"t-nb-title": "Gikk det greit?"})

    page = client.get(address(draft.survey, "preview", lang="nb"))

    assert "Gikk det greit?" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert page["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert 'method="post"' not in page.content.decode()


def test_the_page_costs_few_questions(client, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        client.get(address(draft.survey))


def test_a_language_comes_and_goes_with_its_words(client, draft):
    post(client, draft, do="remove_language:sv")
    assert draft.content["languages"] == ["en", "nb", "da"]
    assert "sv" not in draft.content["texts"]
    page = client.get(address(draft.survey)).content.decode()
    assert 'value="add_language:sv"' in page

    answer = post(client, draft, do="add_language:sv")
    assert draft.content["languages"] == ["en", "nb", "da", "sv"]
    assert answer["Location"].endswith("?language=sv")
    assert len(missing_texts(Content.read(draft.content))["sv"]) > 5

    for deed in ("remove_language:en", "add_language:xx", "add_language:sv"):
        post(client, draft, do=deed)
    assert draft.content["languages"] == ["en", "nb", "da", "sv"]


def test_the_last_changes_are_taken_back_one_by_one(client, draft):
    first = draft.content
    assert "Take the last change back" not in client.get(address(draft.survey)).content.decode()
    post(client, draft, **{"t-en-title": "How easy?"})
    second = draft.content
    post(client, draft, do="remove:comment")
    assert "comment" not in keys(draft)
    post(client, draft)  # nothing changed: nothing to take back either
    assert "Take the last change back" in client.get(address(draft.survey)).content.decode()

    post(client, draft, do="undo", **{"t-en-title": "Typed and not saved"})
    assert (titled(draft), "comment" in keys(draft)) == ("How easy?", False)
    post(client, draft, do="undo")
    assert draft.content == second
    post(client, draft, do="undo")
    assert draft.content == first
    answer = post(client, draft, do="undo")
    assert answer.status_code == 422
    assert "nothing to take back" in answer.content.decode()


def titled(draft):
    return draft.content["texts"]["en"]["title"]


def test_what_was_typed_before_a_move_stays_when_the_move_is_taken_back(client, draft):
    before = keys(draft)
    post(client, draft, do="up:comment", **{"t-en-title": "How easy?"})
    assert keys(draft) != before

    post(client, draft, do="undo")
    assert (keys(draft), titled(draft)) == (before, "How easy?")
    post(client, draft, do="undo")
    assert titled(draft) == "Was it easy?"


def test_what_was_taken_back_is_made_again_until_something_else_changes(client, draft):
    post(client, draft, do="up:comment", **{"t-en-title": "How easy?"})
    moved = keys(draft)
    for deed in ("undo", "undo", "redo", "redo"):
        assert post(client, draft, do=deed).status_code == 302
    assert (keys(draft), titled(draft)) == (moved, "How easy?")
    assert "Make it again" not in client.get(address(draft.survey)).content.decode()

    post(client, draft, do="undo")
    assert "Make it again" in client.get(address(draft.survey)).content.decode()
    post(client, draft, **{"t-en-title": "Something else"})
    answer = post(client, draft, do="redo")
    assert answer.status_code == 422
    assert "nothing to make again" in answer.content.decode()


def test_a_form_that_changes_nothing_leaves_nothing_to_take_back(client, draft):
    empty = {f"t-{language}-intro": "" for language in ("en", "nb", "da", "sv")}
    draft.content["texts"] = {
        language: {name: text for name, text in words.items() if name != "intro"}
        for language, words in draft.content["texts"].items()
    }
    draft.save()
    post(client, draft, do="up:comment", **empty)
    assert len(draft.earlier) == 1


def test_a_draft_remembers_its_last_twenty_changes_until_it_is_published(client, draft):
    for number in range(23):
        post(client, draft, **{"t-en-title": f"Title {number}"})
    assert len(draft.earlier) == 20
    post(client, draft, do="publish_anyway")  # the English was changed alone
    assert draft.published_at
    assert draft.earlier == []


def test_reasons_lead_where_the_form_says_while_they_are_in_use(client, bob):
    reason = make_reason("missing-feature")
    make_reason("price")
    draft = start_draft(create_survey("exit", "Why they leave", by=bob), by=bob)
    client.force_login(bob)
    asked = next(q["key"] for q in draft.content["questions"] if q["source"] == "reasons")
    last = keys(draft)[-1]
    page = client.get(address(draft.survey)).content.decode()
    assert f'name="goes-{asked}-missing-feature"' in page

    ways = {f"ways-{asked}": "1", f"goes-{asked}-missing-feature": last}
    post(client, draft, **ways)
    question = next(q for q in draft.content["questions"] if q["key"] == asked)
    assert question["goes"] == [{"when": "missing-feature", "to": last}]

    type(reason).objects.filter(pk=reason.pk).update(retired_at=timezone.now())
    refused = post(client, draft, do="publish")
    assert refused.status_code == 422
    assert "No reason in use is called “missing-feature”" in refused.content.decode()


def test_the_mail_is_shown_as_a_contact_would_get_it(client, draft, django_assert_max_num_queries):
    nobody = client.get(address(draft.survey, "mail_preview"))
    assert "no customer has a contact" in nobody.content.decode()
    kari = make_contact(make_customer("Havbris"), name="Kari Moe", language="nb")
    make_contact(make_customer("Lysbro"), name="Ola By", language="sv")

    with django_assert_max_num_queries(12):
        page = client.get(address(draft.survey, "mail_preview", contact=kari.pk))
    frame = client.get(address(draft.survey, "mail_frame", contact=kari.pk, kind="reminder"))

    assert page.context["letter"].subject == "Var det enkelt å få hjelp?"
    assert "Kari Moe · Havbris" in page.content.decode()
    assert "Hei Kari!" in frame.content.decode()
    assert "For noen dager siden" in frame.content.decode()
    assert 'href="#?score=7"' in frame.content.decode()
    assert "[[link" not in frame.content.decode() + page.content.decode()
    assert frame["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    found = client.get(address(draft.survey, "mail_preview", q="lysb")).context["people"]
    assert [each.name for each in found] == ["Ola By"]


def test_a_draft_that_no_mail_can_hold_says_so(client, draft):
    make_contact(make_customer(), language="en")
    post(client, draft, **{"t-en-mail.body": "Hello {{ contact.age }}"})

    page = client.get(address(draft.survey, "mail_preview"))

    assert page.status_code == 200
    assert "contact.age" in page.content.decode()


@pytest.mark.parametrize("contact", ["", "x", "²", "0", "9" * 40])
def test_a_contact_that_is_none_has_no_mail(client, draft, contact):
    assert client.get(address(draft.survey, "mail_frame", contact=contact)).status_code == 404
    assert client.get(address(draft.survey, "mail_preview", contact=contact)).status_code == 200
