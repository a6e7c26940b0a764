"""When themes are looked for: as an answer comes in, and each night through all comments."""

from datetime import datetime

from django.db.models.functions import Now

from churnapp.models import Organisation, ScheduledRun
from customers.night import night_of
from feedback.models import Answer, CommentTheme
from feedback.themes.comments import comments_of
from feedback.themes.proposing import propose
from feedback.themes.suggesting import suggest

JOB = "themes"


def look_at_response(response_id: int, now: datetime) -> int:
    """Suggest themes for the words of one response; those of one that doesn't count go."""
    answers = Answer.objects.filter(response=response_id)
    comments = list(comments_of(answers))
    spoken = [comment.answer for comment in comments]
    silent = CommentTheme.objects.filter(answer__response=response_id).exclude(answer__in=spoken)
    silent.filter(state=CommentTheme.State.SUGGESTED).delete()
    return suggest(comments, now=now)


def look_at_all(now: datetime) -> int:
    """Suggest the standing themes for all comments; those for what are our own notes go."""
    notes = CommentTheme.objects.filter(cancellation__involuntary=True)
    notes.filter(state=CommentTheme.State.SUGGESTED).delete()
    return suggest(comments_of(), now=now)


def run_if_due(now: datetime) -> int | None:
    """Run the latest night that has come and was not finished; None when there is none."""
    organisation = Organisation.current()
    period = night_of(now.astimezone(organisation.zone), organisation.night_hour).isoformat()
    night, _made = ScheduledRun.objects.get_or_create(job=JOB, period=period)
    if night.finished_at is not None:
        return None
    found = run(now)
    ScheduledRun.objects.filter(pk=night.pk).update(finished_at=Now())
    return found


def run(now: datetime) -> int:
    """Look through all comments, propose new themes, and look for those too; may be repeated."""
    found = look_at_all(now)
    if propose(comments_of(), now=now):
        found += look_at_all(now)
    return found
