"""A campaign's mail to oneself, to see it in one's own mail program; no customer gets it."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.sequences.rehearsing import Shown, Wish, mail_as
from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.mail.drafts import Draft, queue
from customers.mail.links import PLACE
from customers.models import MailPurpose, OutgoingEmail
from customers.services.ledger import database_clock
from customers.services.mail import ring


@transaction.atomic
def send_trial(campaign: Campaign, wish: Wish, *, to: User) -> OutgoingEmail:
    """The mail as a customer's contact would get it, to a colleague and marked as a test.

    Its links lead to the preview. It counts nowhere. RuleError where they would get none.
    """
    now = database_clock()
    shown: Shown = mail_as(campaign, wish, now)
    if shown.mail is None:
        raise RuleError(_("This customer would get no mail at that step, so there is no test."))
    address = settings.BASE_URL + reverse("campaigns:preview", args=[campaign.pk])
    with translation.override(to.language or settings.LANGUAGE_CODE):
        subject = _("Test: %(subject)s") % {"subject": shown.mail.subject}
    draft = Draft(
        dedupe_key=f"trial:campaign:{campaign.pk}:{to.pk}:{now.timestamp()}",
        purpose=MailPurpose.NOTICE,
        to_email=to.email,
        to_name=to.name,
        language=shown.mail.language,
        subject=subject[:200],
        text=PLACE.sub(address, shown.mail.text),
        html=PLACE.sub(address, shown.mail.html),
    )
    (mail,) = queue([draft], now=now)
    ring()
    return mail
