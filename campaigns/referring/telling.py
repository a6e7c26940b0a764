"""Who is told of a referral: the colleague who gets in touch, and who is given an offer for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.granting import grant
from campaigns.links import link_of
from campaigns.models import Grant, Offer, Referral
from campaigns.referring.asking import day_of
from churnapp.common.periods import working_days_after
from churnapp.common.personal import is_erased
from churnapp.models import Organisation
from customers.mail.checks import consent_refused
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Button, Footer, frame, frame_text, html_of, quoted
from customers.mail.suppression import is_suppressed
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
    """An offer made by itself, for a reason of ours; `key` makes it one for each customer."""

    offer: Offer
    key: str
    why: Promise


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
    """Make the offer and tell somebody there; the code of why not where its rules say no.

    Where no mail may go out by itself, or nobody can be written to, a colleague hands it over.
    """
    person = contact or whom_at(customer)
    refused = grant(
        gift.offer, [(customer.pk, person.pk if person else None)], key=gift.key, now=now
    )
    if customer.pk in refused:
        return refused[customer.pk]
    made = Grant.objects.select_related("offer", "customer", "contact").get(
        key=f"{gift.key}:{customer.pk}"
    )
    facts = {"offer": gift.offer.name, "grant": made.pk, "kind": gift.offer.kind}
    deed = Deed("offer_made", None, now, facts)
    tell(deed, customer.pk)
    audit(deed, made, {"state": [None, made.state]})
    if person is not None and not customer.never_automatic and is_reachable(person, now):
        write(made, person, gift.why, now=now)
    else:
        hand_over(made, now=now)
    return made


def whom_at(customer: Customer) -> Contact | None:
    """Who hears of an offer to a customer: somebody who works there, by role."""
    people = [
        each
        for each in customer.contacts.filter(left_on=None).order_by("pk")
        if not is_erased(each.email)
    ]
    return min(people, key=lambda each: ROLES.index(each.role), default=None)


def is_reachable(contact: Contact, now: datetime) -> bool:
    """Whether a mail that nobody writes may go to this person."""
    if is_erased(contact.email) or (contact.left_on and contact.left_on <= day_of(now)):
        return False
    said = OutgoingEmail(contact=contact, purpose=MailPurpose.CAMPAIGN)
    return not (is_suppressed(contact.email, MailPurpose.CAMPAIGN) or consent_refused(said))


def hand_over(made: Grant, *, now: datetime) -> None:
    """A task for the owner: somebody tells the customer of the offer."""
    customer = made.customer
    owner = customer.owner if customer.owner and is_at_work(customer.owner) else None
    with translation.override(language_of(owner)):
        what = _("Tell %(customer)s of the offer made to them: %(offer)s")
        said = what % {"customer": customer.name, "offer": made.offer.name}
    due_on = working_days_after(day_of(now), DAYS_TO_ANSWER)
    add_task_once(f"gift:{made.pk}", said[:300], customer=customer, assignee=owner, due_on=due_on)


def write(made: Grant, contact: Contact, why: Promise, *, now: datetime) -> None:
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
            why=str(why),
            organisation=quoted(sender),
            language=language,
            privacy_address=f"{settings.BASE_URL}/privacy/",
        )
        draft = Draft(
            dedupe_key=f"offer:{made.pk}",
            purpose=MailPurpose.CAMPAIGN,
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
