"""A survey's mail to oneself, to see it in one's own mail program; nobody is asked by it."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from churnapp.models import Organisation, User
from customers.mail.drafts import Draft, queue
from customers.mail.links import PLACE
from customers.models import Contact, MailPurpose, OutgoingEmail
from customers.services.ledger import database_clock
from customers.services.mail import ring
from feedback.inviting.letters import Writer, language_for
from feedback.models import SurveyVersion


@transaction.atomic
def send_trial(version: SurveyVersion, contact: Contact, kind: str, *, to: User) -> OutgoingEmail:
    """The mail or the `reminder` as a contact would get it, to a colleague and marked as a test.

    Its links lead to the preview. It makes no invitation and counts nowhere. RuleError for words
    that no mail can hold.
    """
    writer, now = Writer(Organisation.current()), database_clock()
    language = language_for(contact, writer.content(version))
    letter = writer.letter(kind, version, contact, language)
    address = settings.BASE_URL + reverse("survey_builder:preview", args=[version.survey_id])
    with translation.override(to.language or settings.LANGUAGE_CODE):
        subject = _("Test: %(subject)s") % {"subject": letter.subject}
    draft = Draft(
        dedupe_key=f"trial:{version.pk}:{to.pk}:{now.timestamp()}",
        purpose=MailPurpose.NOTICE,
        to_email=to.email,
        to_name=to.name,
        language=language,
        subject=subject[:200],
        text=PLACE.sub(address, letter.text),
        html=PLACE.sub(address, letter.html),
    )
    (mail,) = queue([draft], now=now)
    ring()
    return mail
