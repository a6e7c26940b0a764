"""What the builder shows: a version's questions with their words, ways, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common.errors import RuleError
from churnapp.common.htmx import page_or_fragment
from feedback.content import (
    FIRST_QUESTION,
    SOURCE_LANGUAGE,
    Content,
    Fault,
    Question,
    faults,
    missing_texts,
)
from feedback.forms.builder import (
    general_rows,
    question_rows,
    short,
    targets_of,
    ways_of,
    worded,
)
from feedback.models import Answer, Survey, SurveyVersion
from feedback.offers import reasons_in_use
from feedback.public_views.pages import spoken_languages
from feedback.views.lacking import Lack


@dataclass(frozen=True)
class Bench:
    """A version of a survey with its document as it was last typed.

    `beside` is the language next to English. What was done stands in `said`, and `touched` is the
    question that it was done to. `lacks` are told before it is published.
    """

    survey: Survey
    version: SurveyVersion
    document: dict[str, Any]
    beside: str = ""
    refusal: RuleError | None = None
    said: str = ""
    touched: str = ""
    lacks: Sequence[Lack] = ()


def reasons() -> list[str]:
    """The keys of the organisation's own reasons in use, in their order."""
    return list(reasons_in_use().order_by("position", "key").values_list("key", flat=True))


def here(survey: Survey, language: str, question: str = "") -> str:
    """The builder's address with a language beside English, at one of its questions."""
    query = {"language": language} if language else None
    address = reverse("survey_builder:build", args=[survey.pk], query=query)
    return f"{address}#question-{question}" if question else address


def show(request: HttpRequest, bench: Bench) -> HttpResponse:
    """The page, or its form alone where htmx asks for that."""
    content = Content.read(bench.document)
    wrong = faults(content) if bench.version.published_at is None else []
    others = [code for code in spoken_languages(content) if code != SOURCE_LANGUAGE]
    beside = bench.beside if bench.beside in others else next(iter(others), "")
    shown = [SOURCE_LANGUAGE, *([beside] if beside else [])]
    usable = reasons()
    context = {
        "bench": bench,
        "survey": bench.survey,
        "version": bench.version,
        "is_draft": bench.version.published_at is None,
        "seen_at": bench.version.changed_at.isoformat(),
        "here": here(bench.survey, beside),
        "general": general_rows(content, shown),
        "questions": [card(content, each, shown, usable, wrong) for each in content.questions],
        "look_at": list(dict.fromkeys(fault.question for fault in wrong)),
        "kinds": Answer.Kind.choices,
        "first_question": f"{{{{ {FIRST_QUESTION} }}}}",
        "beside": beside,
        "beside_name": dict(settings.LANGUAGES).get(beside, ""),
        "languages": language_buttons(content, beside),
        "unspoken": [each for each in settings.LANGUAGES if each[0] not in content.languages],
    }
    template = page_or_fragment(request, "feedback/builder.html", "feedback/_bench.html")
    return render(request, template, context, status=422 if bench.refusal else 200)


def card(
    content: Content,
    question: Question,
    languages: list[str],
    usable: list[str],
    wrong: list[Fault],
) -> dict[str, Any]:
    """One question of the builder; `usable` are the reasons that it may offer."""
    return {
        "question": question,
        "title": short(content, question),
        "is_unnamed": not content.text(f"q.{question.key}", SOURCE_LANGUAGE),
        "kind": Answer.Kind(question.kind).label,
        "rows": question_rows(content, question, languages),
        "ways": worded(ways_of(question, usable), content, question),
        "targets": targets_of(content, question),
        "faults": [fault.words for fault in wrong if fault.question == question.key],
    }


def language_buttons(content: Content, beside: str) -> list[dict[str, Any]]:
    """Each language but English, with how many of its texts are missing or to be looked at."""
    missing = missing_texts(content)
    return [
        {
            "code": code,
            "name": name,
            "missing": len(missing.get(code, ())),
            "outdated": len(content.outdated.get(code, ())),
            "is_current": code == beside,
        }
        for code, name in spoken_languages(content).items()
        if code != SOURCE_LANGUAGE
    ]


def said_of(document: dict[str, Any], deed: str, touched: str) -> str:
    """What a button did, for those who don't see it: where a moved question stands now, and how
    many questions have to be looked at before the survey can be published.
    """
    content = Content.read(document)
    said = [_("Saved.")]
    moved = content.question(touched)
    if deed.partition(":")[0] in {"up", "down", "move"} and moved:
        words = _("Question “%(question)s” is now number %(place)s of %(count)s.")
        place = content.questions.index(moved) + 1
        named = {"question": short(content, moved), "place": place}
        said = [words % (named | {"count": len(content.questions)})]
    wrong = len({fault.question for fault in faults(content)})
    if wrong:
        warning = ngettext(
            "%(number)s question needs another look before this can be published.",
            "%(number)s questions need another look before this can be published.",
            wrong,
        )
        said.append(warning % {"number": wrong})
    return " ".join(said)
