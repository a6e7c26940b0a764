"""The pages from the first to the confirmed cancellation, and how many clicks they take. Pure."""

from campaigns.models import FlowAnswer

REASON, HELP, CONFIRM = "reason", "help", "confirm"
PAGES = (REASON, HELP, CONFIRM)
FEWEST = 2  # the reason, and the last word


def pages_of(answer: FlowAnswer | None, most_clicks: int, *, held_out: bool = False) -> list[str]:
    """The pages on the way out; each has one button that leads on, which is one click.

    Help on a page of its own goes onto the last page where that would be a click too many.
    """
    if held_out or not is_apart(answer) or len(PAGES) > most_clicks:
        return [REASON, CONFIRM]
    return list(PAGES)


def clicks_of(answer: FlowAnswer | None) -> int:
    """How many clicks leaving takes as it is written."""
    return FEWEST + is_apart(answer)


def is_apart(answer: FlowAnswer | None) -> bool:
    return answer is not None and answer.apart and answer.kind != FlowAnswer.Kind.NONE
