"""Facts flow down: an answer stands on its customer's timeline, where warnings look at it."""

from collections.abc import Sequence
from typing import Any

from customers.models import Interaction
from feedback.models import Answer, Response
from feedback.results import score_among
from feedback.scores import SCORED_BY, sentiment


def tell_answer(response: Response) -> Interaction | None:
    """Write the one entry of a response that was sent in, or bring it up to date.

    None for what is on nobody's timeline: of an unknown person, not sent in, or set aside; an
    entry that was there goes.
    """
    told = Interaction.objects.filter(external_id=told_as(response))
    customer_known = response.customer_id is not None
    if not customer_known or not response.answered_at or response.quarantined_at:
        told.delete()
        return None
    answers = list(Answer.objects.filter(response=response))
    entry, _is_new = Interaction.objects.update_or_create(
        external_id=told_as(response), defaults=entry_of(response, answers)
    )
    return entry


def told_as(response: Response) -> str:
    """The id of the entry of a response."""
    return f"response:{response.pk}"


def entry_of(response: Response, answers: Sequence[Answer]) -> dict[str, Any]:
    """What the timeline says of a response: its score, its feeling, its first comment."""
    survey = response.survey
    score = score_among(answers, survey.kind, response.version.content)
    comments = (a.text for a in answers if a.kind == Answer.Kind.LONG and a.text)
    return {
        "customer_id": response.customer_id,
        "contact_id": response.contact_id,
        "kind": Interaction.Kind.ANSWER,
        "occurred_at": response.answered_at,
        "summary": next(comments, ""),
        "score": score,
        "sentiment": sentiment(SCORED_BY.get(survey.kind, ""), score),
        "facts": {"kind": survey.kind, "survey": survey.name, "response": response.pk},
    }
