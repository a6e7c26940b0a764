"""What a survey's document may say, and what it is told when it can't."""

import copy

import pytest

from churnapp.common.errors import RuleError
from feedback.content import Content, check, missing_texts
from feedback.ready_surveys import READY
from feedback.ready_surveys.common import LANGUAGES

CES = READY["ces"]


def changed(path, value, document=CES):
    """A copy of a document with one thing in it changed."""
    document = copy.deepcopy(document)
    *steps, last = path
    part = document
    for step in steps:
        part = part[step]
    part[last] = value
    return document


def without(path, document=CES):
    document = copy.deepcopy(document)
    *steps, last = path
    part = document
    for step in steps:
        part = part[step]
    del part[last]
    return document


@pytest.mark.parametrize("kind", READY)
def test_ready_surveys_can_be_asked_in_every_language(kind):
    content = check(READY[kind])

    assert content.languages == LANGUAGES
    assert missing_texts(content) == {}
    assert len({frozenset(content.texts[language]) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("kind", READY)
def test_what_is_read_is_written_back_as_it_was(kind):
    assert Content.read(READY[kind]).written() == READY[kind]


@pytest.mark.parametrize("kind", READY)
def test_no_language_of_a_ready_survey_was_left_in_english(kind):
    texts = Content.read(READY[kind]).texts
    for language in ("nb", "da", "sv"):
        same = [name for name, words in texts[language].items() if words == texts["en"][name]]
        assert same == []


TO_ITSELF = [{"when": {"from": 0, "to": 0}, "to": "score"}]
TO_THE_END = [{"when": {"from": 1, "to": 7}, "to": "end"}]


@pytest.mark.parametrize(
    "document, field",
    [
        (changed(["colour"], "red"), "colour"),
        (changed(["questions", 0, "colour"], "red"), "questions.0.colour"),
        (changed(["questions", 0, "kind"], "stars"), "questions.0.kind"),
        (changed(["questions", 0, "key"], "Score!"), "questions.0.key"),
        (changed(["questions", 0, "key"], "end"), "questions.0.key"),
        (changed(["questions", 0, "source"], "reasons"), "questions.0.source"),
        (changed(["questions", 0, "choices"], [{"key": "a"}]), "questions.0.choices"),
        (changed(["questions", 1, "choices"], [{"key": "a"}]), "questions.1.choices"),
        (changed(["questions", 1, "choices"], [{"key": "a"}] * 2), "questions.1.choices"),
        (changed(["questions", 2, "key"], "score"), "questions"),
        (changed(["questions"], []), "questions"),
        (changed(["questions", 0, "goes", 0, "to"], "score"), "questions.0.goes"),
        (changed(["questions", 0, "goes", 0, "to"], "nowhere"), "questions.0.goes"),
        (changed(["questions", 0, "goes", 0, "when"], {"from": 5, "to": 9}), "questions.0.goes"),
        (changed(["questions", 0, "goes", 0, "when"], {"from": 5, "to": 3}), "questions.0.goes"),
        (changed(["questions", 0, "goes", 0, "when"], "waiting"), "questions.0.goes"),
        (changed(["questions", 0, "goes"], TO_THE_END), "questions.1.key"),
        (
            changed(["questions", 2, "goes"], [{"when": "a", "to": "end"}]),
            "questions.2.goes",
        ),
        (changed(["languages"], ["nb"]), "languages"),
        (changed(["languages"], ["en", "nb", "da", "sv", "nb"]), "languages"),
        (changed(["languages"], ["en", "nb", "da"]), "texts.sv"),
        (changed(["texts", "nb", "q.gone"], "?"), "texts.nb.q.gone"),
        (changed(["texts", "en", "q.score"], " "), "texts.en.q.score"),
        (without(["texts", "en", "c.difficult.waiting"]), "texts.en.c.difficult.waiting"),
        (changed(["texts", "nb", "mail.body"], "{{ contact.age }}"), "texts.nb.mail.body"),
        (changed(["texts", "nb", "title"], "{{ contact.name }}"), "texts.nb.title"),
        (changed(["texts", "nb", "mail.subject"], "One\nTwo"), "texts.nb.mail.subject"),
        (without(["texts", "en", "mail.subject"]), "texts.en.mail.subject"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(document, field):
    with pytest.raises(RuleError) as refusal:
        check(document)

    assert refusal.value.field == field


def test_what_a_language_lacks_is_named_and_shown_in_english():
    content = check(without(["texts", "nb", "q.score"]))

    assert missing_texts(content) == {"nb": ["q.score"]}
    assert content.text("q.score", "nb") == content.text("q.score", "en")
