"""Files of answers to surveys: what was asked elsewhere, or before there was Churnapp.

A survey that the file is the first to name is made with one version: a score and a comment; of
those who leave, the reason and a comment.
"""

import json
from pathlib import Path
from typing import Any

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind, Rows, Target
from customers.importing.registry import register
from customers.models import Task
from feedback.content import REASONS
from feedback.models import Answer, Response, Survey, SurveyVersion
from feedback.scores import SCALES, SCORED_BY

SQL = Path(__file__).with_name("sql") / "responses"
KINDS = choices(
    nps="recommendation anbefaling anbefalelse rekommendation empfehlung",
    csat="satisfaction tilfredshet tilfredshed nöjdhet kundnöjdhet zufriedenheit",
    ces="effort innsats indsats ansträngning aufwand",
    exit="churn cancellation oppsigelse opsigelse uppsägning kündigung",
)
COMMENTS = {
    "en": "What is the most important reason for your answer?",
    "nb": "Hva er den viktigste grunnen til svaret ditt?",
    "da": "Hvad er den vigtigste grund til dit svar?",
    "sv": "Vilket är det viktigaste skälet till ditt svar?",
}
WHY = {
    "en": "What was the main reason?",
    "nb": "Hva var hovedgrunnen?",
    "da": "Hvad var hovedgrunden?",
    "sv": "Vilket var huvudskälet?",
}
WINDOW_DAYS = 90  # an exit answer is about the nearest departure of so many days before it
SCORES = {
    "nps": {
        "en": "How likely is it that you would recommend us?",
        "nb": "Hvor sannsynlig er det at du vil anbefale oss?",
        "da": "Hvor sandsynligt er det, at du vil anbefale os?",
        "sv": "Hur troligt är det att du skulle rekommendera oss?",
    },
    "csat": {
        "en": "How satisfied are you with us?",
        "nb": "Hvor fornøyd er du med oss?",
        "da": "Hvor tilfreds er du med os?",
        "sv": "Hur nöjd är du med oss?",
    },
    "ces": {
        "en": "How easy was it to get done what you wanted?",
        "nb": "Hvor lett var det å få gjort det du ville?",
        "da": "Hvor let var det at få gjort det, du ville?",
        "sv": "Hur lätt var det att få gjort det du ville?",
    },
}


def content(kind: str) -> dict[str, Any]:
    """What a survey of a file asks, as `SurveyVersion.content`; its titles are its name."""
    asked = {"score": SCORED_BY.get(kind), "comment": "long"}
    questions = [asked_for(key, answered) for key, answered in asked.items() if answered]
    if kind == "exit":
        questions.insert(0, asked_for("reason", Answer.Kind.SINGLE) | {"source": REASONS})
    texts = {
        language: {f"q.{key}": words[language] for key, words in worded(kind).items()}
        for language in COMMENTS
    }
    return {"languages": list(COMMENTS), "questions": questions, "texts": texts}


def asked_for(key: str, kind: str) -> dict[str, Any]:
    return {"key": key, "kind": kind, "required": False, "choices": []}


def worded(kind: str) -> dict[str, dict[str, str]]:
    """The words of each question, by its key and then by language."""
    first = {"score": SCORES[kind]} if kind in SCORES else {"reason": WHY}
    return first | {"comment": COMMENTS}


def scales() -> dict[str, Any]:
    """By kind of survey: what its score is an answer to, and the ends of the scale."""
    return {
        kind: {"kind": answered, "lowest": SCALES[answered][0], "highest": SCALES[answered][1]}
        for kind, answered in SCORED_BY.items()
    }


KIND = Kind(
    name="responses",
    columns=(
        Column("customer_id", required=True),
        Column("survey", required=True),
        Column("kind", Reads.CHOICE, required=True, choices=KINDS),
        Column("answered_at", Reads.MOMENT, required=True),
        Column("score", Reads.WHOLE),
        Column("comment", longest=100_000),
        Column("language", longest=20),
        Column("external_id"),
        Column("contact_email", Reads.ADDRESS),
        Column("reason"),
        Column("cancellation_id"),
        Column("effective_on", Reads.DAY),
    ),
    constants={
        "window": str(WINDOW_DAYS),
        "scales": json.dumps(scales()),
        "contents": json.dumps({kind: content(kind) for kind in (*SCORES, "exit")}),
    },
    resolve=(
        "reason_wordings.sql",
        str(SQL / "resolve.sql"),
        str(SQL / "departures.sql"),
        str(SQL / "refuse.sql"),
        "unknown_customer.sql",
    ),
    compare=(str(SQL / "compare.sql"),),
    before=(str(SQL / "before.sql"), "cancellations/before.sql"),
    target=Target(
        table="feedback_response",
        columns={
            "survey_id": "*",
            "version_id": "*",
            "customer_id": "*",
            "contact_id": "contact_email",
            "cancellation_id": "*",
            "channel": "",
            "language": "language",
            "external_id": "",
            "begun_at": "",
            "answered_at": "*",
            "changed_at": "",
            "counted_at": "",
            "evidence": "",
            "quarantined_because": "",
        },
        also_changed=True,
        called="customer_key || ' ' || pg_temp.our_day(answered_at)",
    ),
    publish=tuple(str(SQL / f"{name}.sql") for name in ("publish", "timeline", "tasks", "stated")),
)
RESPONSE = """(SELECT c.name || ' ' || pg_temp.our_day(t.answered_at)
    FROM customers_customer c
    WHERE c.id = t.customer_id)"""
QUESTION = """(SELECT c.name || ' ' || t.question FROM feedback_response r
    JOIN customers_customer c ON c.id = r.customer_id WHERE r.id = t.response_id)"""

register(
    KIND,
    Rows(Task, called="t.what"),
    Rows(Answer, called=QUESTION),
    Rows(Response, called=RESPONSE, part=Answer),
    Rows(Survey, called="t.name", part=SurveyVersion, added_since="o.number > 1"),
)
