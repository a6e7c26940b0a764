"""What Lysbro made of its comments: two themes were taken up, most of their comments judged."""

from datetime import timedelta

from django.db.models import F, Q

from churnapp.models import User
from customers.demo.world import World
from feedback.demo.setting import MANAGER
from feedback.demo.words import BY_LANGUAGE
from feedback.models import CommentTheme, Theme
from feedback.services.themes import joined
from feedback.themes.rounds import look_at_all, run

TAKEN_UP = ("topic:app", "topic:invoice")
WAITS = timedelta(days=14)  # what was said since then waits for somebody
JUDGED_AFTER = timedelta(days=1)
# What a reader added: some don't say that they don't understand, they ask what they pay for.
ADDED = {
    "en": "invoice paying",
    "nb": "faktura betaler",
    "da": "faktura betaler",
    "sv": "faktura betalar",
}
State = CommentTheme.State


def judge(world: World) -> None:
    """Look for themes; take two up; confirm what is about them, reject what is not."""
    run(world.now)
    manager = User.objects.get(email=MANAGER)
    in_use = Theme.objects.filter(key__in=TAKEN_UP, accepted_at=None)
    for theme in in_use.filter(key="topic:invoice"):
        theme.words = joined(theme.words, {language: [line] for language, line in ADDED.items()})
        theme.save(update_fields=["words"])
    look_at_all(world.now)
    in_use.update(accepted_at=world.now - WAITS, accepted_by=manager)
    rows = CommentTheme.objects.filter(theme__key__in=TAKEN_UP, state=State.SUGGESTED)
    judged = {"decided_at": world.now - WAITS + JUDGED_AFTER, "decided_by": manager}
    until = world.now - WAITS
    told = Q(answer__response__answered_at__lt=until) | Q(cancellation__recorded_at__lt=until)
    known = [text for words in BY_LANGUAGE.values() for text in (*words.APP_SLOW, *words.INVOICES)]
    rows.filter(told, answer__text__in=known).update(state=State.CONFIRMED, **judged)
    rows.filter(told, state=State.SUGGESTED).update(state=State.REJECTED, **judged)
    CommentTheme.objects.filter(decided_at__lt=F("suggested_at")).update(
        suggested_at=world.now - WAITS
    )
