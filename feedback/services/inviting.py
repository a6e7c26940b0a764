"""Ask people of a customer by hand: now, and through the same rules as a round."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Cancellation, Contact, Customer
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.content import Content
from feedback.inviting.addressees import OF_PERSONS, Asking, choose
from feedback.inviting.hindrances import hindrances
from feedback.inviting.invitations import Round, keep, new_invitation
from feedback.inviting.occasions import Occasion
from feedback.models import Invitation, Survey, SurveyVersion


@dataclass(frozen=True)
class Wish:
    """Who is to be asked what; without `people` the one whom a rule would choose.

    `key` makes it one wish: handed in again, nobody is asked twice. Who left is asked about the
    `cancellation`, and the answer states its reason. Who has not answered so many days after their
    mail went out is reminded once; None: never.
    """

    key: str
    survey: Survey
    customer: Customer
    people: Sequence[Contact] = ()
    cancellation: Cancellation | None = None
    not_again_days: int = 90
    remind_after_days: int | None = None


@dataclass
class Outcome:
    """Invitations made, and who got none with the code of the reason; None where nobody was found.

    The words of a code are in `feedback.inviting.words`.
    """

    made: list[Invitation] = field(default_factory=list)
    left_out: list[tuple[Contact | None, str]] = field(default_factory=list)


@transaction.atomic
def invite_people(wish: Wish, *, by: User | None) -> Outcome:
    """Invite them, one mail each, which waits as the rules of sending say and can be called back.

    Raises RuleError for a survey that can't be sent, and for a departure that is not to be asked
    about.
    """
    version = sendable(wish.survey)
    check_departure(wish)
    list(Customer.objects.select_for_update(no_key=True).filter(pk=wish.customer.pk))  # one by one
    now = database_clock()
    outcome, asked = Outcome(), list(wish.people)
    asking = Asking(wish.survey, not_again_days=wish.not_again_days)
    chosen = choose(asking, [wish.customer.pk], now=now)
    code = chosen.left_out.get(wish.customer.pk, "")
    if not asked and wish.customer.pk in chosen.asked:
        asked = [chosen.asked[wish.customer.pk]]
    if code and not (asked and code in OF_PERSONS):  # of those named, each has a reason of its own
        outcome.left_out = [(person, code) for person in asked] or [(None, code)]
        return outcome
    patient, kind = wish.cancellation is not None, wish.survey.kind_of_mail
    against = hindrances(asked, patient=patient, now=now, kind=kind)
    outcome.left_out = [(person, against[person.pk]) for person in asked if person.pk in against]
    free = [person for person in asked if person.pk not in against]
    around = Round(asking, f"wish:{wish.key}", now, by=by, remind_after_days=wish.remind_after_days)
    outcome.made = made_for(free, wish, version, around)
    told = {"invited": [None, [row.pk for row in outcome.made]]}
    audit(Deed("people_invited", by, now), wish.survey, told)
    return outcome


def made_for(
    people: Sequence[Contact], wish: Wish, version: SurveyVersion, around: Round
) -> list[Invitation]:
    content = Content.read(version.content)
    about = wish.cancellation.pk if wish.cancellation else None
    rows = [
        new_invitation(
            Occasion(person.customer_id, f"contact:{person.pk}", around.now, about),
            person,
            content,
            version,
            around,
        )
        for person in people
    ]
    return keep(rows, {}, around.now)


def sendable(survey: Survey) -> SurveyVersion:
    """The version that goes out now. Raises RuleError where there is none."""
    if survey.archived_at is not None:
        said = _("“%(survey)s” is archived and asks nobody any more. Choose another survey.")
        raise RuleError(said % {"survey": survey.name}, field="survey")
    version = survey.versions.exclude(published_at=None).first()
    if version is None:
        raise RuleError(_("This survey is a draft. Publish it first."), field="survey")
    return version


def check_departure(wish: Wish) -> None:
    gone = wish.cancellation
    if gone is None:
        return
    facts = {"id": gone.pk, "customer": wish.customer.external_id}
    if gone.customer_id != wish.customer.pk:
        said = _(
            "Cancellation %(id)s is not one of customer %(customer)s. Send one of theirs, or leave"
            " it out."
        )
        raise RuleError(said % facts, field="cancellation")
    if gone.withdrawn_at is not None:
        said = _("Cancellation %(id)s was withdrawn: nobody leaves who could say why.")
        raise RuleError(said % facts, field="cancellation")
    if gone.involuntary:
        said = _("Cancellation %(id)s is involuntary: the customer did not ask for it.")
        raise RuleError(said % facts, field="cancellation")
