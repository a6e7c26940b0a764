"""The contact budget: how many mails a person and a customer get in a while, of all kinds."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from customers.models import MailPurpose, OutgoingEmail, SendingRate

UNCOUNTED = (MailPurpose.NOTICE, MailPurpose.PERSONAL)


def is_spent(mail: OutgoingEmail, rules: SendingRate, *, now: datetime) -> bool:
    """Whether the person or the customer has got as many as the rules allow.

    Counted by what has gone out, or may have; not notices, not what a person wrote. A person is
    known by their address too, so that one who stands at two customers has one budget.
    """
    if mail.customer_id is None:
        return False
    since = now - timedelta(days=rules.contact_days)
    person, customer = Q(to_email__iexact=mail.to_email), Q(customer=mail.customer_id)
    if mail.contact_id:
        person |= Q(contact=mail.contact_id)
    got = (
        OutgoingEmail.objects.filter(person | customer, begun_at__gt=since)
        .filter(Q(state__in=OutgoingEmail.GONE_OUT) | Q(state=OutgoingEmail.State.UNCERTAIN))
        .exclude(purpose__in=UNCOUNTED)
        .exclude(pk=mail.pk)
        .aggregate(person=Count("pk", filter=person), customer=Count("pk", filter=customer))
    )
    return bool(got["person"] >= rules.most_a_contact or got["customer"] >= rules.most_a_customer)
