"""The first question stands in the mail itself, each answer a link that only marks it."""

import re
from html import unescape

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.models import OutgoingEmail
from feedback.content import check
from feedback.inviting.letters import Writer
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, Response, SendingRule
from feedback.ready_surveys import READY
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_organisation,
    make_reason,
)
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "nb", "da", "sv")
NUMBERS = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8), "product": range(1, 6)}
LINK = re.compile(r'<a href="\[\[link:survey\]\]([^"]*)"[^>]*>([^<]*)</a>')
NOTES = {
    "en": "It counts once you send it in.",
    "nb": "Det teller først når du sender det inn.",
    "da": "Det tæller først, når du sender det ind.",
    "sv": "Det räknas först när du skickar in det.",
}


@pytest.fixture(autouse=True)
def reasons():
    make_organisation(name="Lysbro")
    make_reason("dear", labels={"en": "Too dear", "nb": "For dyrt", "sv": "För dyrt"})
    make_reason("else", labels={"en": "Else & more", "da": "Andet"})


def letter(kind_or_survey="nps", language="en", words="mail"):
    survey = kind_or_survey
    if isinstance(survey, str):
        survey = make_survey(survey)
    contact = make_contact(make_customer(), name="Kari Moe", language=language)
    writer = Writer(Organisation.current())
    return writer.letter(words, survey.versions.get(), contact, language)


def links(written):
    return [(unescape(where), unescape(label)) for where, label in LINK.findall(written.html)]


@pytest.mark.parametrize("words", ["mail", "reminder"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NUMBERS)
def test_a_scale_has_a_link_for_each_number_in_the_readers_language(kind, language, words):
    written = letter(kind, language, words)
    *keys, around = links(written)
    texts = READY[kind]["texts"][language]
    least, most = NUMBERS[kind][0], NUMBERS[kind][-1]

    assert keys == [(f"?score={number}", str(number)) for number in NUMBERS[kind]]
    assert around[0] == ""
    assert texts["q.score"] in unescape(written.html)
    assert f"{least}: {texts['q.score.low']} · {most}: {texts['q.score.high']}" in written.html
    assert f'aria-label="{most}: {texts["q.score.high"]}"' in written.html
    assert NOTES[language] in written.html


@pytest.mark.parametrize(
    "language, labels",
    [
        ("en", ["Too dear", "Else & more"]),
        ("nb", ["For dyrt", "Else & more"]),
        ("da", ["Too dear", "Andet"]),
        ("sv", ["För dyrt", "Else & more"]),
    ],
)
def test_reasons_are_offered_as_the_organisation_words_them(language, labels):
    written = letter("exit", language)

    assert links(written)[:-1] == list(zip(["?pick=dear", "?pick=else"], labels, strict=True))
    assert READY["exit"]["texts"][language]["q.reason.help"] in unescape(written.html)


def test_the_text_part_tells_the_question_and_has_one_link():
    nps, leaving = letter("nps"), letter("exit")

    assert "somebody you know?\n0: Not at all likely · 10: Very likely\n" in nps.text
    assert "What was the main reason?" in leaving.text
    assert "- Too dear\n- Else & more\n" in leaving.text
    for written in (nps, leaving):
        assert written.text.count("[[link:survey]]") == 1
        assert "first_question" not in written.text + written.html


def reworded(kind, body, questions=None):
    content = READY[kind]
    english = {**content["texts"]["en"], "mail.body": body}
    return make_survey(
        kind,
        content={
            "languages": ["en"],
            "questions": questions or content["questions"],
            "texts": {"en": english},
        },
    )


def test_without_its_place_the_mail_has_its_button_as_before():
    written = letter(reworded("nps", "Tell us."))

    assert links(written) == [("", "Answer")]
    assert "How likely" not in written.html + written.text


@pytest.mark.parametrize("kind", ["long", "short", "multiple"])
def test_a_question_that_one_click_can_not_answer_stays_on_the_page(kind):
    choices = [{"key": "a"}, {"key": "b"}] if kind == "multiple" else []
    question = {"key": "score", "kind": kind, "choices": choices}
    written = letter(reworded("nps", "Hello\n\n{{ first_question }}\n\nBye", [question]))

    assert links(written) == [("", "Answer")]
    assert "Hello\n\nBye" in written.text
    assert "first_question" not in written.text + written.html


def test_choices_of_its_own_are_offered_too():
    question = {"key": "kept", "kind": "single", "choices": [{"key": "no"}, {"key": "price"}]}
    written = letter(reworded("exit", "{{first_question}}", [question]))

    assert links(written)[:-1] == [
        ("?pick=no", "No, the decision was made"),
        ("?pick=price", "A lower price"),
    ]


def test_labels_bring_no_tags_placeholders_or_links_along():
    make_reason("odd", labels={"en": '<b>{{ contact.email }}</b> [[link:x]] "'})
    written = letter("exit")

    assert "<b>" not in written.html
    assert "@" not in written.html.split("</head>")[1]
    assert "[[link:x]]" not in written.html + written.text


def test_the_place_is_for_the_words_of_a_mail_only():
    texts = {language: dict(words) for language, words in READY["nps"]["texts"].items()}
    for name in ("mail.body", "reminder.body"):
        texts["en"][name] = "{{ first_question }}"
    check({**READY["nps"], "texts": texts})
    for name in ("mail.subject", "thanks"):
        wrong = {**texts, "en": {**texts["en"], name: "{{ first_question }}"}}
        with pytest.raises(RuleError) as refused:
            check({**READY["nps"], "texts": wrong})
        assert refused.value.field == f"texts.en.{name}"


@pytest.mark.parametrize("leavers", [1, 30])
def test_reasons_are_looked_up_once_a_round(leavers, django_assert_max_num_queries):
    now = timezone.now()
    SendingRule.objects.create(survey=make_survey("exit"), trigger="cancellation", on_since=now)
    for number in range(leavers):
        customer = make_customer()
        make_contact(customer, language=LANGUAGES[number % 2])
        make_cancellation(customer, recorded_at=now)
    with django_assert_max_num_queries(31):
        assert run_rules(now) == leavers
    assert OutgoingEmail.objects.filter(html__contains="?pick=dear").count() == leavers
    assert Invitation.objects.count() == leavers
    assert not Response.objects.exists()
