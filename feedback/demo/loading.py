"""Invitations, mails, answers and what the timeline tells of them into PostgreSQL, by sets."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from customers.demo.company import Company
from customers.demo.setting import MARK
from customers.mail.links import SURVEY, hash_of, new_nonce, token_of
from customers.models import Cancellation, Contact, Customer, Interaction
from customers.services.answers import ToldAnswer, entry_of
from feedback.answering import as_given, why_set_aside
from feedback.content import Content
from feedback.demo.letters import load_mails
from feedback.demo.occasions import Ask
from feedback.demo.replies import Answered, Reply
from feedback.demo.setting import Setting
from feedback.inviting.invitations import OPEN_FOR
from feedback.models import Answer, Invitation, Response
from feedback.services.telling import told_answer, told_as

CHUNK = 1_000


@dataclass
class Names:
    """From a company's own ids to the database's."""

    customers: dict[str, int]
    contacts: dict[tuple[int, str], Contact]
    cancellations: dict[str | None, int]
    tickets: dict[str | None, int]

    @classmethod
    def read(cls) -> "Names":
        ours = {"customer__external_id__startswith": MARK}
        people = Contact.objects.filter(**ours).select_related("customer__owner")
        tickets = Interaction.objects.filter(**ours, kind=Interaction.Kind.TICKET)
        return cls(
            customers=dict(
                Customer.objects.filter(external_id__startswith=MARK).values_list(
                    "external_id", "pk"
                )
            ),
            contacts={(person.customer_id, person.email): person for person in people},
            cancellations=ids(Cancellation.objects.filter(**ours)),
            tickets=ids(tickets),
        )

    def contact(self, ask: Ask) -> Contact:
        return self.contacts[self.customers[ask.life.profile.external_id], ask.contact.email]

    def key(self, ask: Ask) -> str:
        """What was asked about, as the rules name it."""
        subject = {"cancellation": self.cancellations, "ticket": self.tickets}.get(ask.event)
        return f"{ask.event}:{subject[ask.subject] if subject else ask.subject}"


def ids(rows: QuerySet[Any]) -> dict[str | None, int]:
    return dict(rows.values_list("external_id", "pk"))


def load(company: Company, setting: Setting, replies: list[Reply]) -> None:
    """Write everything that the replies tell."""
    names = Names.read()
    made = [invitation(reply, names, setting) for reply in replies]
    Invitation.objects.bulk_create(made, batch_size=CHUNK)
    pairs = list(zip(replies, made, strict=True))
    load_mails(pairs, company.world.now)
    know_mails(made)
    load_answers([(reply.answered, row) for reply, row in pairs if reply.answered])


def know_mails(made: list[Invitation]) -> None:
    """Let the rows in hand name their mails, as the database does now."""
    there = Invitation.objects.filter(survey__in={row.survey_id for row in made})
    mails = dict(there.values_list("pk", "mail"))
    for row in made:
        row.mail_id = mails[row.pk]


def invitation(reply: Reply, names: Names, setting: Setting) -> Invitation:
    ask, nonce = reply.ask, new_nonce()
    contact, rule = names.contact(ask), setting.rules.get(ask.kind)
    about = names.key(ask)
    prefix = f"rule:{rule.pk}" if rule else f"batch:{setting.batch.pk}"
    return Invitation(
        survey=setting.surveys[ask.kind],
        version=setting.versions[ask.kind],
        customer_id=contact.customer_id,
        contact=contact,
        cancellation_id=names.cancellations[ask.subject] if ask.cancellation else None,
        rule=rule,
        batch=None if rule else setting.batch,
        dedupe_key=f"{prefix}:{about}:{contact.customer_id}",
        language=contact.language,
        nonce=nonce,
        token_sha256=hash_of(token_of(SURVEY, nonce)),
        created_at=ask.at,
        expires_at=max(ask.at, ask.due_at) + OPEN_FOR,
        reminders_sent=int(reply.reminded_at is not None),
        reminded_at=reply.reminded_at,
    )


def load_answers(given: list[tuple[Answered, Invitation]]) -> None:
    """Responses, their answers, and the entries of those that count."""
    responses = [response(answered, row) for answered, row in given]
    Response.objects.bulk_create(responses, batch_size=CHUNK)
    answers = {
        row.pk: [Answer(response=row, **each._asdict()) for each in answered.statements]
        for row, (answered, _invitation) in zip(responses, given, strict=True)
    }
    Answer.objects.bulk_create(
        (each for listed in answers.values() for each in listed), batch_size=CHUNK
    )
    Interaction.objects.bulk_create(
        (
            Interaction(external_id=told_as(row), **entry_of(told(row, answers[row.pk])))
            for row in responses
            if row.quarantined_at is None
        ),
        batch_size=CHUNK,
    )


def told(row: Response, answers: list[Answer]) -> ToldAnswer:
    """What the timeline holds of a response."""
    return told_answer(row, Content.read(row.version.content), as_given(answers))


def response(answered: Answered, row: Invitation) -> Response:
    doubt = why_set_aside(answered.evidence, mailed_at=answered.mailed_at, now=answered.at)
    return Response(
        survey=row.survey,
        version=row.version,
        invitation=row,
        customer_id=row.customer_id,
        contact=row.contact,
        cancellation_id=row.cancellation_id,
        language=row.language,
        begun_at=answered.begun_at,
        answered_at=answered.at,
        changed_at=answered.at,
        counted_at=None if doubt else answered.at,
        evidence=answered.evidence,
        quarantined_at=answered.at if doubt else None,
        quarantined_because=doubt,
    )
