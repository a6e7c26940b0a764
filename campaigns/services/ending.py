"""End what a customer has who leaves through a cancel flow, and confirm it by mail."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.leaving.endings import Ending
from campaigns.leaving.evidence import write_step
from campaigns.leaving.showing import said_endings
from campaigns.models import CancelVisit
from churnapp.common import formats
from churnapp.common.personal import is_erased
from churnapp.models import Organisation
from customers.mail.drafts import Draft, queue
from customers.mail.rendering import Footer, frame, frame_text, html_of, quoted
from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    MailPurpose,
    Subscription,
)
from customers.services.cancellations import CancellationDetails, record_cancellation
from customers.services.ledger import database_clock
from customers.services.mail import ring


def end_all_of(visit: CancelVisit, ends: Sequence[Ending], *, now: datetime) -> None:
    """Record the departure, end each subscription on its day, and send the confirmation."""
    gone = [record(visit, subscription, on) for subscription, on in departures(visit, ends)]
    visit.cancellations.set(gone)
    confirm(visit, ends, now)
    facts = {
        "cancellations": [each.pk for each in gone],
        "ends": [[each.subscription.external_id, each.on.isoformat()] for each in ends],
        "mail": visit.mail_id,
    }
    write_step(visit, "confirmed", facts, at=now)


def departures(
    visit: CancelVisit, ends: Sequence[Ending]
) -> list[tuple[Subscription | None, date]]:
    """What is recorded: each that ends before the last one by itself, then the whole customer.

    Where one subscription is meant, or another was cancelled before, each by itself.
    """
    ordered = sorted(ends, key=lambda each: (each.on, each.subscription.pk))
    several = [(each.subscription, each.on) for each in ordered]
    last = ordered[-1].on
    later = Cancellation.objects.in_force().filter(customer=visit.customer_id)
    if not visit.ends_all or later.filter(effective_on__gt=last).exists():
        return [*several]
    return [*[each for each in several if each[1] < last], (None, last)]


def record(visit: CancelVisit, subscription: Subscription | None, on: date) -> Cancellation:
    reason = usable(visit.reason)
    details = CancellationDetails(
        effective_on=on,
        requested_at=database_clock(),
        stated_reason=reason,
        comment=visit.comment,
        competitor=visit.competitor,
        missing_feature=visit.missing_feature,
        subscription=subscription,
    )
    return record_cancellation(visit.customer, details, by=None)


def usable(reason: CancellationReason | None) -> CancellationReason | None:
    """The reason, as long as the list has it: that it was retired meanwhile keeps nobody."""
    found = reason.counts_as if reason else None
    return None if found is None or found.retired_at else found


def confirm(visit: CancelVisit, ends: Sequence[Ending], now: datetime) -> None:
    """Queue the mail that says what ends when; to nobody where no contact is known."""
    contact = visit.contact
    if contact is None or not contact.email or is_erased(contact.email):
        return
    with translation.override(visit.language):
        draft = drafted(visit, contact, ends, now)
    (visit.mail,) = queue([draft], now=now)
    visit.save(update_fields=["mail"])
    ring()


def drafted(visit: CancelVisit, contact: Contact, ends: Sequence[Ending], now: datetime) -> Draft:
    ours = Organisation.current()
    subject = _("Your cancellation is confirmed")
    lines = "\n".join(f"- {what}: {when}" for what, when in said_endings(ends))
    words = {"moment": formats.moment(now), "number": visit.pk}
    text = "\n\n".join([
        _("We received your cancellation on %(moment)s. Its number is %(number)s.") % words,
        quoted(lines),
        _("You need not do anything else. Keep this mail as proof."),
    ])  # fmt: skip
    footer = Footer(
        why=_("You get this mail because you cancelled with us."),
        organisation=quoted(ours.name),
        language=visit.language,
        privacy_address=f"{settings.BASE_URL}/privacy/",
        unsubscribable=False,
    )
    return Draft(
        dedupe_key=f"cancel-visit:{visit.pk}",
        purpose=MailPurpose.PERSONAL,
        to_email=contact.email,
        to_name=contact.name,
        customer=visit.customer,
        contact=contact,
        language=visit.language,
        subject=subject,
        text=frame_text(text, None, footer),
        html=frame(subject, html_of(text), None, footer),
    )
