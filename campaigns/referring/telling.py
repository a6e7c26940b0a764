"""Who is told of a referral: the colleague who gets in touch, and who is given an offer for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.granting import grant
from campaigns.links import link_of
from campaigns.models import CampaignKind, Grant, Offer, Referral
from campaigns.referring.asking import day_of
from churnapp.common.periods import working_days_after
from churnapp.common.personal import is_erased
from churnapp.models import Organisation
from customers.mail.checks import consent_refused
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of, quoted
from customers.mail.suppression import is_suppressed
from customers.mail.wishes import wants_topic
from customers.models import Contact, Customer, MailPurpose, OutgoingEmail, Task
from customers.services.mail import ring
from customers.services.staff import is_at_work, language_of
from customers.services.tasks import add_task_once
from customers.services.traces import Deed, audit, tell

PATIENCE = timedelta(days=7)  # how long a mail waits for the contact budget
DAYS_TO_ANSWER = 1
# To whom at a customer an offer goes where nobody is named.
ROLES = ("champion", "decision_maker", "billing", "user", "other")


@dataclass(frozen=True)
class Gift:
    """An offer made by itself, for a reason of ours; `key` makes it one for each customer.

    `kind` is the kind of mail that tells of it: the topics that readers choose go by it.
    """

    offer: Offer
    key: str
    why: Promise
    kind: str = f"campaign.{CampaignKind.REFERRAL}"


def ask_for_contact(referral: Referral, *, now: datetime) -> Task:
    """A task to get in touch, for who is responsible for the program, else for the owner.

    It names nobody: who came stands on the page it leads to.
    """
    program, customer = referral.link.program, referral.link.customer
    people = (program.responsible, customer.owner)
    to = next((each for each in people if each is not None and is_at_work(each)), None)
    with translation.override(language_of(to)):
        what = _("Get in touch with somebody whom %(customer)s recommended us to")
        said = what % {"customer": customer.name}
    key, due_on = f"referral:{referral.pk}", working_days_after(day_of(now), DAYS_TO_ANSWER)
    if add_task_once(key, said[:300], customer=customer, assignee=to, due_on=due_on):
        page = f"/referrals/{program.pk}/#referral-{referral.pk}"
        Task.objects.filter(key=key).update(page=page)
    return Task.objects.get(key=key)


def welcome(referral: Referral, *, now: datetime) -> Grant | None:
    """What the program promises to who came, where it does and may."""
    offer, customer = referral.link.program.welcome, referral.customer
    if offer is None or customer is None:
        return None
    why = _lazy("You get this mail because somebody recommended us to you.")
    made = give(Gift(offer, f"welcome:{referral.pk}", why), customer, referral.contact, now=now)
    return made if isinstance(made, Grant) else None


def give(gift: Gift, customer: Customer, contact: Contact | None, *, now: datetime) -> Grant | str:
    """Make the offer and tell somebody there; the code of why not where its rules say no."""
    refused = give_all(gift, {customer: contact or whom_at(customer)}, now=now)[1]
    if customer.pk in refused:
        return refused[customer.pk]
    together = Grant.objects.select_related("offer", "customer", "contact")
    return together.get(key=f"{gift.key}:{customer.pk}")


@transaction.atomic
def give_all(
    gift: Gift, people: Mapping[Customer, Contact | None], *, now: datetime
) -> tuple[int, dict[int, str]]:
    """Make the offer to many, and tell each; how many got it, and the code of why not of others.

    Both or neither is there afterwards, and who has it already is not told again.
    """
    asked = [(one.pk, person.pk if person else None) for one, person in people.items()]
    refused = grant(gift.offer, asked, key=gift.key, now=now)
    keys = {f"{gift.key}:{one.pk}": person for one, person in people.items()}
    made = Grant.objects.filter(key__in=list(keys), made_at=now)
    rows = list(made.select_related("offer", "customer__owner", "contact").order_by("pk"))
    for each in rows:
        announce(gift, each, keys[each.key], now=now)
    return len(rows), refused


def announce(gift: Gift, made: Grant, person: Contact | None, *, now: datetime) -> None:
    """On the timeline, and to somebody there.

    Where no mail may go out by itself, or nobody can be written to, a colleague hands it over.
    """
    facts = {"offer": made.offer.name, "grant": made.pk, "kind": made.offer.kind}
    deed = Deed("offer_made", None, now, facts)
    tell(deed, made.customer_id)
    audit(deed, made, {"state": [None, made.state]})
    is_automatic = not made.customer.never_automatic
    if person is not None and is_automatic and is_reachable(person, gift.kind, now):
        write(made, person, gift, now=now)
    else:
        hand_over(made, now=now)


def whom_at(customer: Customer) -> Contact | None:
    """Who hears of an offer to a customer: somebody who works there, by role."""
    people = [
        each
        for each in customer.contacts.all()
        if each.left_on is None and not is_erased(each.email)
    ]
    return min(people, key=lambda each: (ROLES.index(each.role), each.pk), default=None)


def is_reachable(contact: Contact, kind: str, now: datetime) -> bool:
    """Whether a mail of a kind that nobody writes may go to this person."""
    if is_erased(contact.email) or (contact.left_on and contact.left_on <= day_of(now)):
        return False
    said = OutgoingEmail(contact=contact, purpose=MailPurpose.CAMPAIGN, kind=kind)
    if is_suppressed(contact.email, MailPurpose.CAMPAIGN) or consent_refused(said):
        return False
    return wants_topic(said)


def hand_over(made: Grant, *, now: datetime) -> None:
    """A task for the owner: somebody tells the customer of the offer."""
    customer = made.customer
    owner = customer.owner if customer.owner and is_at_work(customer.owner) else None
    with translation.override(language_of(owner)):
        what = _("Tell %(customer)s of the offer made to them: %(offer)s")
        said = what % {"customer": customer.name, "offer": made.offer.name}
    due_on = working_days_after(day_of(now), DAYS_TO_ANSWER)
    add_task_once(f"gift:{made.pk}", said[:300], customer=customer, assignee=owner, due_on=due_on)


def write(made: Grant, contact: Contact, gift: Gift, *, now: datetime) -> None:
    """Queue the mail with the link of the offer, in the contact's language."""
    language = contact.language or settings.LANGUAGE_CODE
    sender, offer = Organisation.current().name, made.offer
    with translation.override(language):
        first_name = contact.name.split(" ")[0] if contact.name else ""
        hello = _("Hello %(name)s,") % {"name": first_name} if first_name else _("Hello,")
        parts = [hello, offer.text("text"), f"{_('Kind regards')}\n{sender}"]
        text, subject = quoted("\n\n".join(parts)), quoted(offer.text("title"))
        button = Button(quoted(offer.text("button") or _("See the offer")), "offer")
        footer = Footer(
            why=str(gift.why),
            organisation=quoted(sender),
            language=language,
            privacy_address=f"{settings.BASE_URL}/privacy/",
        )
        draft = Draft(
            dedupe_key=f"offer:{made.pk}",
            purpose=MailPurpose.CAMPAIGN,
            kind=gift.kind,
            to_email=contact.email,
            to_name=contact.name,
            customer=made.customer,
            contact=contact,
            language=language,
            subject=subject,
            text=frame_text(text, button, footer),
            html=frame(subject, html_of(text), button, footer),
            links={"offer": link_of(made)},
            patient_until=now + PATIENCE,
            unsubscribable=True,
        )
    queue([draft], now=now)
    ring()
