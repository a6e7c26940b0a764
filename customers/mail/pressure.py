"""The contact budget: how many mails a person and a customer get in a while, of all kinds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Upper

from customers.mail.wishes import LESS_OFTEN, days_between
from customers.models import Contact, MailPurpose, MailWishes, OutgoingEmail, SendingRate

State = OutgoingEmail.State
LOCK = "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number"
SPENT = "contact_budget"
UNCOUNTED = (MailPurpose.NOTICE, MailPurpose.PERSONAL)


def is_spent(mail: OutgoingEmail, rules: SendingRate, *, now: datetime) -> bool:
    """Whether the person or the customer has got as many as the rules, or the person, allow."""
    return bool(spent_why(mail, rules, now=now))


def spent_why(mail: OutgoingEmail, rules: SendingRate, *, now: datetime) -> str:
    """The code of why this mail would be one too many, else "".

    Counted by what has gone out, or may have; not notices, not what a person wrote. A person is
    known by their address too, so that one who stands at two customers has one budget. What the
    person wishes only ever makes it smaller.
    """
    if mail.customer_id is None:
        return ""
    person, customer = Q(to_email__iexact=mail.to_email), Q(customer=mail.customer_id)
    if mail.contact_id:
        person |= Q(contact=mail.contact_id)
    rarely = days_between(mail.contact)
    lately = Q(begun_at__gt=now - timedelta(days=rules.contact_days))
    of_wish = Q(begun_at__gt=now - timedelta(days=rarely))
    got = (
        counted(max(rules.contact_days, rarely), now)
        .filter(person | customer)
        .exclude(pk=mail.pk)
        .aggregate(
            person=Count("pk", filter=person & lately),
            customer=Count("pk", filter=customer & lately),
            wished=Count("pk", filter=person & of_wish),
        )
    )
    if got["person"] >= rules.most_a_contact or got["customer"] >= rules.most_a_customer:
        return SPENT
    return LESS_OFTEN if rarely and got["wished"] else ""


def spent(people: Sequence[Contact], rules: SendingRate, *, now: datetime) -> set[int]:
    """Of these contacts, those for whom another mail would be one too many."""
    customers = {person.customer_id for person in people}
    addresses = {person.email.upper() for person in people}
    got = counted(rules.contact_days, now).annotate(address=Upper("to_email"))
    rows = (
        got.filter(Q(customer__in=customers) | Q(address__in=addresses))
        .values_list("customer", "contact", "address")
        .annotate(mails=Count("pk"))
        .order_by()
    )
    of_customer: Counter[int] = Counter()
    of_person: Counter[int | str] = Counter()
    for customer, contact, address, mails in rows:
        of_customer[customer] += mails
        of_person[contact] += mails
        of_person[address] += mails
    return {
        person.pk
        for person in people
        if max(of_person[person.pk], of_person[person.email.upper()]) >= rules.most_a_contact
        or of_customer[person.customer_id] >= rules.most_a_customer
    } | had_theirs(people, now)


def had_theirs(people: Sequence[Contact], now: datetime) -> set[int]:
    """Of these contacts, those who wished for less mail and have got what they wished for."""
    wished = MailWishes.objects.filter(contact__in=people, days_between__isnull=False)
    said = wished.values_list("contact", "days_between")
    rarely = {contact: timedelta(days=days) for contact, days in said if days}
    if not rarely:
        return set()
    rare = [person for person in people if person.pk in rarely]
    found = counted(max(rarely.values()).days, now).annotate(address=Upper("to_email"))
    address = Q(address__in={person.email.upper() for person in rare})
    rows = found.filter(address | Q(contact__in=rare)).values_list("contact", "address", "begun_at")
    last: dict[int | str | None, datetime] = {}
    for contact, written_to, begun_at in rows.order_by("begun_at"):
        last |= {contact: begun_at or now, written_to: begun_at or now}
    long_ago = now - timedelta(days=36_500)
    return {
        person.pk
        for person in rare
        if max(last.get(person.pk, long_ago), last.get(person.email.upper(), long_ago))
        > now - rarely[person.pk]
    }


def counted(days: int, now: datetime) -> QuerySet[OutgoingEmail]:
    """Mails of so many days back: gone out, on their way, or perhaps gone out."""
    since = now - timedelta(days=days)
    counted = Q(state__in=(*OutgoingEmail.GONE_OUT, State.UNCERTAIN))
    counted |= Q(state=State.CLAIMED, begun_at__gte=F("claimed_at"))
    counted |= Q(state__in=(State.CLAIMED, State.RETRY), error_code=OutgoingEmail.IN_DOUBT)
    return OutgoingEmail.objects.filter(counted, begun_at__gt=since).exclude(purpose__in=UNCOUNTED)


@contextmanager
def alone_with_budget(mail: OutgoingEmail) -> Iterator[None]:
    """A transaction in which nobody else counts or begins mail of the same customer or address."""
    if mail.customer_id is None or mail.purpose in UNCOUNTED:
        yield
        return
    names = (f"customer {mail.customer_id}", f"address {mail.to_email.upper()}")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [sorted(map(lock_of, names))])
        yield


def lock_of(name: str) -> int:
    """A number of 64 bits; all take theirs in ascending order, so that none waits for another."""
    digest = sha256(f"churnapp.mail.budget {name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
