"""A mail to the owner of a customer who is unhappy, once for each answer."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from churnapp.common import formats
from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button
from customers.models import Customer
from feedback.models import Response
from feedback.notices.letters import Letter, draft, language_of, page
from feedback.results import score_among
from feedback.scores import SCALES, SCORED_BY

# What comes by a file or another program may be long past: nobody is woken for it.
NEWS_FOR = timedelta(days=2)
ALERT = "unhappy"


def warn_owner(response: Response, words: str, score: int | None, *, now: datetime) -> bool:
    """Queue the mail; whether one was wanted. A second call for an answer changes nothing."""
    owner = response.customer.owner if response.customer else None
    is_news = response.answered_at is not None and now - response.answered_at <= NEWS_FOR
    if owner is None or not is_news or not wants_alerts(owner, response):
        return False
    zone = Organisation.current().zone
    with translation.override(language_of(owner)), timezone.override(zone):
        queue([alert(response, owner, words, score)], now=now)
    return True


def wants_alerts(owner: User, response: Response) -> bool:
    """Whether the owner works here, has not switched it off and may see the customer."""
    may_read = owner.is_active and owner.has_perm("feedback.view_response")
    if not may_read or not owner.mail_unhappy:
        return False
    return Customer.objects.visible_to(owner).filter(responses=response).exists()


def alert(response: Response, owner: User, words: str, score: int | None) -> Draft:
    name = response.customer.name or response.customer.external_id if response.customer else ""
    letter = Letter()
    letter.say(
        _("%(customer)s answered %(survey)s.") % {"customer": name, "survey": response.survey.name}
    )
    if score is not None:
        letter.say(score_words(response, score))
    letter.say(f"“{words}”" if words.strip() else _("They wrote nothing."))
    if response.contact and response.contact.name:
        letter.say(_("Answered by %(person)s.") % {"person": response.contact.name})
    subject = _("%(customer)s is unhappy") % {"customer": name}
    if score is not None:
        said = {"customer": name, "score": out_of(response, score)}
        subject = _("%(customer)s answered %(score)s") % said
    button = Button(_("Open the customer"), page("customers:detail", response.customer_id))
    return draft(f"{ALERT}:{response.pk}", owner, subject, letter, button)


def out_of(response: Response, score: int) -> str:
    _least, most = SCALES[SCORED_BY[response.survey.kind]]
    return pgettext("a score", "%(score)s of %(most)s") % {"score": score, "most": most}


def score_words(response: Response, score: int) -> str:
    """The score now and the one before."""
    before = answer_before(response)
    now = {"score": out_of(response, score)}
    if before is None:
        return _("Score: %(score)s. It is their first.") % now
    number, day = before
    was = {"before": number, "day": formats.day(timezone.localtime(day))}
    return _("Score: %(score)s; it was %(before)s on %(day)s.") % (now | was)


def answer_before(response: Response) -> tuple[int, datetime] | None:
    """The score of the customer's answer before this one, to a survey of the same kind."""
    earlier = (
        Response.objects.counted()
        .filter(
            customer=response.customer_id,
            survey__kind=response.survey.kind,
            answered_at__lt=response.answered_at,
        )
        .exclude(pk=response.pk)
        .select_related("version", "survey")
        .prefetch_related("answers")
        .order_by(F("answered_at").desc(), "-pk")
    )
    for found in earlier[:5]:
        number = score_among(found.answers.all(), found.survey.kind, found.version.content)
        if number is not None and found.answered_at is not None:
            return number, found.answered_at
    return None
