"""Filters of customers by what they answered; found by its name when Django starts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.filters import AnyKeyOf, AnyOf, Group, When, WholeNumber, register
from feedback.models import Answer, CommentTheme, Response, Survey, Theme

LAST_SCORE = _("By the last answer to “how likely are you to recommend us”, 0 to 10.")
ENTRY = Coalesce("merged_into", "pk")


def counted(when: When) -> QuerySet[Response]:
    """Answers that counted at that moment."""
    found = Response.objects.counted()
    return found.filter(answered_at__lte=when.known_at) if when.known_at else found


def last_scores(when: When) -> QuerySet[Answer]:
    """Of each customer the recommendation that was given last."""
    given = Answer.objects.filter(kind=Answer.Kind.NPS, number__isnull=False)
    same_moment = Q(response__answered_at=OuterRef("response__answered_at"), pk__gt=OuterRef("pk"))
    later = given.filter(
        Q(response__answered_at__gt=OuterRef("response__answered_at")) | same_moment,
        response__in=counted(when),
        response__customer=OuterRef("response__customer"),
    )
    return given.filter(response__in=counted(when)).exclude(Exists(later))


def score_from(number: int, when: When) -> Q:
    scores = last_scores(when).filter(number__gte=number)
    return Q(pk__in=scores.values("response__customer"))


def score_to(number: int, when: When) -> Q:
    scores = last_scores(when).filter(number__lte=number)
    return Q(pk__in=scores.values("response__customer"))


def answering(surveys: list[int], when: When) -> Q:
    """Who sent in an answer to one of these surveys."""
    theirs = counted(when).filter(survey__in=surveys, customer=OuterRef("pk"))
    return Q(Exists(theirs))


def speaking_of(keys: list[str], when: When) -> Q:
    """In whose comments a person confirmed one of these themes, or one merged into it."""
    every: QuerySet[Any, Any] = Theme.objects.annotate(entry=ENTRY)
    meant = every.filter(key__in=keys).values("entry")
    alike = list(every.filter(entry__in=meant).values_list("pk", flat=True))
    confirmed = CommentTheme.objects.counted().filter(
        theme__in=alike, state=CommentTheme.State.CONFIRMED
    )
    if when.known_at:
        confirmed = confirmed.filter(decided_at__lte=when.known_at)
    answered = confirmed.filter(answer__isnull=False).values("answer__response__customer")
    left = confirmed.filter(cancellation__isnull=False).values("cancellation__customer")
    return Q(pk__in=answered.union(left))


def surveys() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Survey.objects.order_by("name", "pk")]


def themes() -> Iterable[tuple[str, str]]:
    return [(theme.key, str(theme)) for theme in Theme.objects.in_use()]


register(
    "nps_from",
    WholeNumber(
        _("NPS score, at least"), score_from, min_value=0, max_value=10, help_text=LAST_SCORE
    ),
    Group.ANSWERS,
)
register(
    "nps_to",
    WholeNumber(_("NPS score, at most"), score_to, min_value=0, max_value=10, help_text=LAST_SCORE),
    Group.ANSWERS,
)
register(
    "answered",
    AnyKeyOf(
        _("Answered"),
        answering,
        offers=surveys,
        help_text=_("Sent in an answer to one of these surveys that counts."),
    ),
    Group.ANSWERS,
)
register(
    "theme",
    AnyOf(
        _("Speaks of"),
        speaking_of,
        offers=themes,
        help_text=_("A person confirmed one of these themes in their comments."),
    ),
    Group.ANSWERS,
)
