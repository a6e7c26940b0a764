"""Wake a worker once the rows are committed; where the broker is away, the night does it."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from feedback.models import Response
from feedback.tasks import look_for_themes, look_through_comments


def ring_for_themes(response: Response) -> None:
    """A response came in or changed: look for themes in its words."""
    call: Callable[[], object] = partial(look_for_themes.delay, response.pk)
    transaction.on_commit(call, robust=True)


def ring_for_all() -> None:
    """The words of a theme changed: look through all comments."""
    call: Callable[[], object] = look_through_comments.delay
    transaction.on_commit(call, robust=True)
