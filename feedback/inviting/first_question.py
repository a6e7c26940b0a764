"""The first question of a survey in its mail, where the mail's words leave a place for it."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext as _

from customers.mail.linked_questions import LinkedAnswer, LinkedQuestion
from feedback.content import FIRST_QUESTION, REASONS, SCALES, Content, Kind, Question
from feedback.offers import in_turn, offers_of

PLACE = re.compile(r"\{\{\s*" + FIRST_QUESTION + r"\b[^}]*\}\}")
LINK = "survey"


def first_question(content: Content, language: str) -> LinkedQuestion | None:
    """The question with a link for each answer; None where one click can't say the answer.

    Links name a score or a choice (`score`, `pick`): the page marks it, and keeps nothing.
    """
    question = next(iter(content.questions), None)
    if question is None or question.kind not in {*SCALES, Kind.SINGLE}:
        return None
    with translation.override(language):
        return linked(content, question, language)


def in_its_turn(question: LinkedQuestion, turn: int) -> LinkedQuestion:
    """The question with its reasons in the order of an invitation, as on its page."""
    if not all(answer.key for answer in question.answers):
        return question
    ordered = in_turn(question.answers, lambda answer: answer.key, turn)
    return replace(question, answers=tuple(ordered))


def linked(content: Content, question: Question, language: str) -> LinkedQuestion:
    name = f"q.{question.key}"
    is_scale = question.kind in SCALES
    answers = keys if is_scale else choices
    return LinkedQuestion(
        words=content.text(name, language),
        help=content.text(f"{name}.help", language),
        answers=answers(content, question, language),
        is_scale=is_scale,
        ends=" · ".join(ends(content, question, language).values()),
        note=_("Your choice is marked on the page that opens. It counts once you send it in."),
        way_around=LinkedAnswer(_("Open the questions without choosing"), address()),
    )


def keys(content: Content, question: Question, language: str) -> tuple[LinkedAnswer, ...]:
    spoken = ends(content, question, language)
    return tuple(
        LinkedAnswer(str(number), address(score=str(number)), spoken.get(number, ""))
        for number in question.numbers
    )


def choices(content: Content, question: Question, language: str) -> tuple[LinkedAnswer, ...]:
    offers = offers_of(content, question, language)
    is_free = question.source == REASONS
    return tuple(
        LinkedAnswer(offer.label, address(pick=offer.key), key=offer.key if is_free else "")
        for offer in offers
    )


def ends(content: Content, question: Question, language: str) -> dict[int, str]:
    """What the lowest and the highest number mean, by number."""
    if not question.numbers:
        return {}
    least, most = question.numbers[0], question.numbers[-1]
    named = {least: "low", most: "high"}
    words = {at: content.text(f"q.{question.key}.{end}", language) for at, end in named.items()}
    return {at: f"{at}: {said}" for at, said in words.items() if said}


def address(**chosen: str) -> str:
    """The private link, with what it marks."""
    return f"[[link:{LINK}]]" + (f"?{urlencode(chosen)}" if chosen else "")
