"""Which person of a customer is asked, and why none is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from churnapp.common.personal import is_erased_at
from customers.mail.suppression import address_hmac
from customers.mail.wishes import PAUSED, UNWANTED, hindrance_of, with_wishes
from customers.models import Consent, Contact, Customer, MailPurpose, Suppression
from feedback.inviting.days import here
from feedback.models import Invitation, SendingRule, Survey

# Who knows why a company leaves, or how it fares: the first that a customer has.
ROLES = (
    Contact.Role.DECISION_MAKER,
    Contact.Role.CHAMPION,
    Contact.Role.USER,
    Contact.Role.OTHER,
    Contact.Role.BILLING,
)
NEVER_AUTOMATIC, ASKED_LATELY, NOBODY = "never_automatic", "asked_lately", "nobody"
OF_PERSONS = (NOBODY, UNWANTED, PAUSED)  # what speaks against who is there, not the customer


@dataclass
class Addressees:
    """Whom to ask, by customer; and for the other customers the reason why nobody is."""

    asked: dict[int, Contact] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asking:
    """Who may be asked what: a survey, the roles in order, and how long a customer is spared.

    `tried` are contacts whom a mail did not reach: somebody else is asked.
    """

    survey: Survey
    roles: Sequence[str] = ()
    not_again_days: int = 90
    tried: frozenset[int] = frozenset()

    @classmethod
    def by_rule(cls, rule: SendingRule, tried: Iterable[int] = ()) -> "Asking":
        return cls(rule.survey, tuple(rule.roles), rule.not_again_days, frozenset(tried))


def choose(asking: Asking, customers: Collection[int], *, now: datetime) -> Addressees:
    """One contact for each customer, or why none. As many questions for one customer as for many.

    Who was asked by another survey of the same kind was asked the same. Who was asked by a mail
    that nobody has received was not asked, unless they answered.
    """
    found = Addressees()
    careful = Customer.objects.filter(pk__in=customers, never_automatic=True)
    found.left_out |= dict.fromkeys(careful.values_list("pk", flat=True), NEVER_AUTOMATIC)
    since = now - timedelta(days=asking.not_again_days)
    lately = Invitation.objects.filter(
        survey__kind=asking.survey.kind,
        customer__in=customers,
        created_at__gt=since,
        called_back_at=None,
    ).exclude(mail__state__in=Invitation.LOST, response__answered_at=None)
    found.left_out |= dict.fromkeys(lately.values_list("customer", flat=True), ASKED_LATELY)
    open_to = set(customers) - set(found.left_out)
    kind = asking.survey.kind_of_mail
    there = [one for one in reachable(open_to, kind, here(now)) if one.pk not in asking.tried]
    against = {one.pk: hindrance_of(one, now) for one in there}
    willing = [one for one in there if not against[one.pk]]
    found.asked = best_of(willing, asking.roles or ROLES)
    first = best_of((one for one in there if one.customer_id not in found.asked), ROLES)
    found.left_out |= {customer: against[one.pk] for customer, one in first.items()}
    found.left_out |= dict.fromkeys(open_to - set(found.asked) - set(first), NOBODY)
    return found


def reachable(customers: Collection[int], kind: str, today: date) -> list[Contact]:
    """People at these customers who still work there, whose address takes surveys and who have
    not said no to them.

    Nobody who was erased: their row stays, and nobody is behind its address. What they wish of mail
    of a kind is told beside each.
    """
    people = Contact.objects.filter(~is_erased_at("email"), customer__in=customers)
    people = with_wishes(people.select_related("customer"), kind)
    there = [person for person in people.order_by("pk") if not has_left(person, today)]
    hashes = {address_hmac(person.email): person for person in there}
    refused = Suppression.objects.filter(
        address_hmac__in=hashes, purpose__in=("", MailPurpose.SURVEY), lifted_at=None
    )
    closed = set(refused.values_list("address_hmac", flat=True))
    said_no = set(who_said_no(there))
    takes = (person for person in there if person.pk not in said_no)
    return [person for person in takes if address_hmac(person.email) not in closed]


def who_said_no(people: Iterable[Contact]) -> list[int]:
    """Those whose last word on surveys was no."""
    said = Consent.objects.filter(contact__in=people, purpose=MailPurpose.SURVEY)
    last = said.order_by("contact", "-at", "-pk").distinct("contact")
    return [consent.contact_id for consent in last if consent.given is False]


def has_left(person: Contact, today: date) -> bool:
    return person.left_on is not None and person.left_on <= today


def best_of(people: Iterable[Contact], roles: Sequence[str]) -> dict[int, Contact]:
    """The first of each customer in the order of roles; a role that is not named comes last."""
    place = {role: number for number, role in enumerate(roles)}
    ranked = sorted(people, key=lambda person: (place.get(person.role, len(place)), person.pk))
    chosen: dict[int, Contact] = {}
    for person in ranked:
        chosen.setdefault(person.customer_id, person)
    return chosen
