"""The contact budget: how many mails a person and a customer get in a while, of all kinds."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from customers.models import MailPurpose, OutgoingEmail, SendingRate

UNCOUNTED = (MailPurpose.NOTICE, MailPurpose.PERSONAL)


def is_spent(mail: OutgoingEmail, rules: SendingRate, *, now: datetime) -> bool:
    """Whether the person or the customer has got as many as the rules allow.

    Counted by what has gone out, or may have; not notices, not what a person wrote.
    """
    if mail.customer_id is None:
        return False
    since = now - timedelta(days=rules.contact_days)
    person = Q(contact=mail.contact_id) if mail.contact_id else Q(to_email__iexact=mail.to_email)
    got = (
        OutgoingEmail.objects.filter(customer=mail.customer_id, begun_at__gt=since)
        .filter(Q(state__in=OutgoingEmail.GONE_OUT) | Q(state=OutgoingEmail.State.UNCERTAIN))
        .exclude(purpose__in=UNCOUNTED)
        .exclude(pk=mail.pk)
        .aggregate(person=Count("pk", filter=person), customer=Count("pk"))
    )
    return bool(got["person"] >= rules.most_a_contact or got["customer"] >= rules.most_a_customer)
