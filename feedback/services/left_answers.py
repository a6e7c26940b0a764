"""Answers whose person left the page without sending them in: what is whole counts all the same.

Somebody who says why they leave, and closes the page at the comment that nobody has to write, has
said it. Each response is looked through once, until its person goes on with it.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from feedback.answering import given_answers
from feedback.content import Content
from feedback.logic import missing, on_the_way
from feedback.models import Response
from feedback.services.answering import finish

log = structlog.get_logger(__name__)
LEFT_AFTER = timedelta(hours=2)
MOST = 1_000  # in one round; the next comes soon


def take_in(now: datetime) -> int:
    """Send in what was left whole for two hours; how many. Safe to repeat, and twice at once."""
    left = Response.objects.left_since(now - LEFT_AFTER).values_list("pk", flat=True)
    return sum(taken_in(pk, now) for pk in list(left[:MOST]))


def taken_in(pk: int, now: datetime) -> bool:
    """Whether one was sent in; one that fails is told of, and holds up no other."""
    try:
        return look_through(pk, now)
    except Exception:
        log.exception("left_answer_failed", response=pk)
        return False


@transaction.atomic
def look_through(pk: int, now: datetime) -> bool:
    """Send in one response, as of when it was left, unless something is lacking.

    Whoever holds it now, its person or another sweep, makes that needless.
    """
    left = Response.objects.left_since(now - LEFT_AFTER).filter(pk=pk)
    left = left.select_for_update(of=("self",), no_key=True, skip_locked=True)
    response = left.select_related("survey", "version").first()
    if response is None:
        return False
    response.swept_at = now
    response.save(update_fields=["swept_at"])
    if not is_whole(response):
        return False
    finish(response, now, left_at=response.changed_at)
    return True


def is_whole(response: Response) -> bool:
    """Whether something was said, and nothing required is lacking."""
    content, answers = Content.read(response.version.content), given_answers(response)
    said = on_the_way(content, answers).values()
    return not missing(content, answers) and any(not given.is_empty for given in said)
