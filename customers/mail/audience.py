"""One letter to many: a row a contact in one statement, placeholders filled in by the database."""

import html
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from churnapp.common.personal import ERASED
from churnapp.models import Organisation
from customers.mail.drafts import is_exempt
from customers.mail.hours import ZONES, after_quiet_hours, zone_of
from customers.mail.rendering import pieces
from customers.models import Contact, MailBatch, MailPurpose, SendingRate

SQL = """
INSERT INTO customers_outgoingemail (
       dedupe_key, purpose, kind, batch_id, customer_id, contact_id, to_email, to_name, language,
       subject, text, html, links, unsubscribable, state, due_at, patient_until, created_at,
       changed_at, attempts, message_id, provider_id, error_code, error)
SELECT wanted.key, %s, %s, %s, contact.customer_id, contact.id, contact.email,
       contact.name, %s, left(regexp_replace({subject}, '\\s+', ' ', 'g'), 500), {text}, {html},
       wanted.links, %s, 'queued', {due_at}, %s, now(), now(), 0, '', '', '', ''
  FROM ({rows}) AS wanted
  JOIN customers_contact AS contact ON contact.id = wanted.contact_id
  JOIN customers_customer AS customer ON customer.id = contact.customer_id
 WHERE contact.left_on IS NULL AND NOT customer.never_automatic
   AND contact.email NOT LIKE '%%' || %s
    ON CONFLICT (dedupe_key) DO NOTHING
"""
CONTACTS = """
SELECT %s || ':' || id AS key, id AS contact_id, '{{}}'::jsonb AS links, '{{}}'::jsonb AS given
  FROM customers_contact WHERE id IN ({contacts})
"""
VALUES = {
    "contact.first_name": "split_part(btrim(contact.name), ' ', 1)",
    "contact.name": "btrim(contact.name)",
    "contact.email": "contact.email",
    "customer.name": "customer.name",
}
ESCAPED = (
    "replace(replace(replace(replace({}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '\"', '&quot;')"
)
Part = tuple[str, list[object]]


@dataclass(frozen=True)
class Letter:
    """What all of an audience get, in one language.

    Beside the usual placeholders it may hold those of `names`, whose values come with the rows.
    With `patient_until` mails wait so long for the contact budget, instead of being given up.
    `kind`, such as `campaign.news`, says under which of the reader's topics it falls.
    """

    subject: str
    text: str
    html: str = ""
    language: str = "en"
    purpose: str = MailPurpose.CAMPAIGN
    batch: MailBatch | None = None
    due_at: datetime | None = None
    patient_until: datetime | None = None
    unsubscribable: bool = True
    names: Collection[str] = ()
    kind: str = ""

    @property
    def plain(self) -> tuple[str, str]:
        return self.subject, self.text


def queue_for_audience(
    contacts: QuerySet[Contact], letter: Letter, *, key: str, now: datetime
) -> int:
    """Queue `letter` for each of `contacts`, without private links; gives how many rows are new.

    `key` and the contact make the dedupe key: a second call of the same adds nobody twice.
    """
    chosen, values = contacts.order_by().values("pk").query.sql_with_params()
    return queue_rows((CONTACTS.format(contacts=chosen), [key, *values]), letter, now=now)


def queue_rows(rows: Part, letter: Letter, *, now: datetime) -> int:
    """Queue `letter` for each of the rows that a question gives; gives how many mails are new.

    A row is `(key, contact_id, links, given)`: the dedupe key, whom it goes to, the private links
    as `OutgoingEmail.links` keeps them, and the values of `letter.names` by name, both as jsonb.

    Not for who has left, was erased or is never to be mailed automatically. Suppression and the
    contact budget are asked when a mail goes out.
    """
    organisation = Organisation.current()
    subject, text = (filled(part, organisation, str, letter.names) for part in letter.plain)
    as_html = filled(letter.html, organisation, html.escape, letter.names)
    due_at = due_by_country(letter, organisation, now)
    statement = SQL.format(
        subject=subject[0], text=text[0], html=as_html[0], due_at=due_at[0], rows=rows[0]
    )
    values: list[Any] = [
        letter.purpose, letter.kind, letter.batch and letter.batch.pk, letter.language,
        *subject[1], *text[1], *as_html[1], letter.unsubscribable, *due_at[1],
        letter.patient_until, *rows[1], ERASED[1],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def filled(
    template: str,
    organisation: Organisation,
    escape: Callable[[str], str],
    names: Collection[str] = (),
) -> Part:
    """A template as an SQL expression: its literal pieces, and a value or its default between."""
    words, values = ["%s::text"], list[object]([""])
    for literal, name, default in pieces(template, names):
        words.append("%s")
        values.append(literal)
        if name == "organisation.name":
            words.append("%s")
            values.append(escape(organisation.name or default))
        elif name:
            value = VALUES.get(name, "wanted.given->>%s")
            words.append(
                f"coalesce(nullif({value if escape is str else ESCAPED.format(value)}, ''), %s)"
            )
            values += [*([] if name in VALUES else [name]), escape(default)]
    return " || ".join(words), values


def due_by_country(letter: Letter, organisation: Organisation, now: datetime) -> Part:
    """When it goes out, the quiet hours of each country minded."""
    rules = SendingRate.objects.get(pk=1)
    due_at = max(letter.due_at or now, now + timedelta(minutes=rules.hold_minutes))
    if is_exempt(letter.purpose):
        return "%s::timestamptz", [due_at]
    usual = after_quiet_hours(due_at, organisation.zone, rules)
    cases, values = [], list[object]()
    for countries in ZONES.values():
        here = after_quiet_hours(due_at, zone_of(countries[0], organisation), rules)
        if here != usual:
            cases.append("WHEN lower(btrim(customer.country)) = ANY(%s) THEN %s::timestamptz")
            values += [list(countries), here]
    if not cases:
        return "%s::timestamptz", [usual]
    return f"CASE {' '.join(cases)} ELSE %s::timestamptz END", [*values, usual]
