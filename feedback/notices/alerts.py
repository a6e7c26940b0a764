"""A mail about a customer who is unhappy, once for each answer: to their owner, or the managers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button
from customers.models import Customer, Interaction
from customers.services.staff import language_of
from feedback.models import Response
from feedback.notices.letters import Letter, draft, page
from feedback.score_words import out_of

# What comes by a file or another program may be long past: nobody is woken for it.
NEWS_FOR = timedelta(days=2)
ALERT = "unhappy"
# Of customers without an owner, whoever may hand them to one is told.
MANAGES = "customers.bulk_change_customer"


@dataclass(frozen=True)
class Unhappy:
    """An unhappy answer as the timeline tells it; with a score, `kind` is nps, csat or ces."""

    response: Response
    words: str
    score: int | None = None
    kind: str = ""

    @property
    def customer_name(self) -> str:
        customer = self.response.customer
        return (customer.name or customer.external_id) if customer else ""


def warn_owner(unhappy: Unhappy, *, now: datetime) -> bool:
    """Queue the mail to the owner; where nobody who works here is, one to each manager.

    Whether one was wanted. A second call for an answer changes nothing.
    """
    response = unhappy.response
    if response.customer is None or response.answered_at is None:
        return False
    if now - response.answered_at > NEWS_FOR:
        return False
    owner = response.customer.owner
    if owner is not None and owner.is_active:
        drafts = [told(unhappy, owner)] if wants_alerts(owner, response) else []
    else:
        drafts = [told(unhappy, manager, is_owner=False) for manager in managers()]
    queue(drafts, now=now)
    return bool(drafts)


def managers() -> QuerySet[User]:
    """Who may give customers an owner and read answers, and has not switched alerts off."""
    may_read = User.objects.who_may("feedback.view_response").order_by()
    return User.objects.who_may(MANAGES).filter(mail_unhappy=True, pk__in=may_read.values("pk"))


def told(unhappy: Unhappy, reader: User, *, is_owner: bool = True) -> Draft:
    """The mail in the reader's language."""
    zone = Organisation.current().zone
    with translation.override(language_of(reader)), timezone.override(zone):
        return alert(unhappy, reader, is_owner=is_owner)


def wants_alerts(owner: User, response: Response) -> bool:
    """Whether the owner works here, has not switched it off and may see the customer."""
    may_read = owner.is_active and owner.has_perm("feedback.view_response")
    if not may_read or not owner.mail_unhappy:
        return False
    return Customer.objects.visible_to(owner).filter(responses=response).exists()


def alert(unhappy: Unhappy, reader: User, *, is_owner: bool) -> Draft:
    response, name = unhappy.response, unhappy.customer_name
    letter = Letter()
    answered = _("%(customer)s answered %(survey)s.")
    letter.say(answered % {"customer": name, "survey": response.survey.name})
    subject = _("%(customer)s is unhappy") % {"customer": name}
    if unhappy.score is not None:
        letter.say(score_words(unhappy, unhappy.score))
        scored = {"customer": name, "score": out_of(unhappy.kind, unhappy.score)}
        subject = _("%(customer)s answered %(score)s") % scored
    words = unhappy.words.strip()
    letter.say(_("“%(words)s”") % {"words": words} if words else _("They wrote nothing."))
    if response.contact and response.contact.name:
        letter.say(_("Answered by %(person)s.") % {"person": response.contact.name})
    if not is_owner:
        letter.say(_("You get this mail because nobody who works here owns the customer."))
    if response.contact and reader.has_perm("customers.send_outgoingemail"):
        letter.link(_("Reply"), page("surveys:reply", response.pk))
    button = Button(_("Open the customer"), page("customers:detail", response.customer_id))
    key = f"{ALERT}:{response.pk}" if is_owner else f"{ALERT}:{response.pk}:{reader.pk}"
    return draft(key, reader, subject, letter, button)


def score_words(unhappy: Unhappy, score: int) -> str:
    """The score now and the one before."""
    now, before = {"score": out_of(unhappy.kind, score)}, answer_before(unhappy)
    if before is None:
        return _("Score: %(score)s. It is their first.") % now
    was = {
        "before": formats.number(before.score),
        "day": formats.day(timezone.localtime(before.occurred_at)),
    }
    return _("Score: %(score)s; it was %(before)s on %(day)s.") % (now | was)


def answer_before(unhappy: Unhappy) -> Interaction | None:
    """The customer's answer before this one on the same scale, as the timeline has it."""
    response = unhappy.response
    scored = Interaction.objects.filter(
        customer=response.customer,
        kind=Interaction.Kind.ANSWER,
        score__isnull=False,
        facts__kind=unhappy.kind,
        occurred_at__lt=response.answered_at,
    )
    return scored.order_by("-occurred_at", "-pk").first()
