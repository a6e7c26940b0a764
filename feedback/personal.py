"""What surveys, invitations and answers keep of people."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import Erase, Kept, Whose, registry
from feedback.models import (
    Answer,
    Invitation,
    OpenLink,
    Response,
    SendingRule,
    Survey,
    SurveyVersion,
)

ENOUGH = 5


def untie_from_few(contacts: tuple[int, ...]) -> int:
    """A pseudonym among fewer than five answers still says who it was: the link is cut."""
    small = (
        Survey.objects.filter(responses__contact__in=contacts)
        .annotate(several=Count("responses", filter=~Q(responses__answered_at=None)))
        .filter(several__lt=ENOUGH)
    )
    few = Response.objects.filter(contact__in=contacts, survey__in=small.values("pk"))
    Answer.objects.filter(response__in=few).update(text="")
    Invitation.objects.filter(contact__in=contacts, survey__in=small.values("pk")).update(
        contact=None
    )
    return few.update(contact=None, evidence={})


def forget_evidence(before: datetime) -> int:
    """How an answer was graded stays in its state; addresses and times go."""
    return Response.objects.filter(begun_at__lt=before).exclude(evidence={}).update(evidence={})


registry.declare(
    Answer,
    Whose.CONTACT,
    "response__contact",
    question=Erase.KEEP,
    number=Erase.KEEP,
    choices=Erase.KEEP,
    text=Erase.BLANK,
)
registry.declare(
    Response,
    Whose.CONTACT,
    "contact",
    language=Erase.KEEP,
    channel=Erase.KEEP,
    evidence=Erase.EMPTY,
)
registry.declare(Invitation, Whose.CONTACT, "contact", language=Erase.KEEP)
registry.declare_none(OpenLink, SendingRule, Survey, SurveyVersion)
registry.copies.append(untie_from_few)
registry.keep(
    Kept("evidence", _("How answers were given: addresses and times"), 90, forget_evidence)
)
