"""What the placeholders of campaigns stand for, as SQL on a row `recipient`."""

from django.conf import settings

from campaigns.letters import REFERRAL, THEIR_WORDS
from campaigns.library.mailing import Shelf
from campaigns.models import Campaign, ReferralProgram
from campaigns.sequences.own_words import own_words
from campaigns.sequences.sql import quoted_literal

# How a day is written in a mail.
DAYS = {"en": "FMDD FMMonth YYYY", "nb": "DD.MM.YYYY", "da": "DD.MM.YYYY", "sv": "YYYY-MM-DD"}
_OFFERED = """(SELECT {what} FROM campaigns_stepdone AS made
                 JOIN campaigns_grant AS offered ON offered.id = made.grant_id
                 JOIN campaigns_offer AS offer ON offer.id = offered.offer_id
                WHERE made.recipient_id = recipient.id ORDER BY made.id DESC LIMIT 1)"""
_REASON = """(SELECT coalesce(version.labels ->> {language}, version.labels ->> 'en')
                FROM customers_cancellation AS gone
                JOIN customers_cancellationreason AS reason ON reason.id = gone.reason_id
                JOIN customers_reasonversion AS version
                     ON version.reason_id = coalesce(reason.merged_into_id, reason.id)
               WHERE gone.customer_id = recipient.customer_id AND gone.withdrawn_at IS NULL
               ORDER BY gone.effective_on DESC, gone.id DESC, version.version DESC LIMIT 1)"""
_PLAN = """(SELECT plan.name FROM customers_standing AS standing
              JOIN customers_plan AS plan ON plan.id = standing.plan_id
             WHERE standing.customer_id = recipient.customer_id)"""
_OWNER = """(SELECT owner.name FROM customers_customer AS customer
               JOIN churnapp_user AS owner ON owner.id = customer.owner_id
              WHERE customer.id = recipient.customer_id)"""

_REFERRAL = """(SELECT {base} || '/r/' || link.code FROM campaigns_referrallink AS link
                 WHERE link.key = {program} || ':' || recipient.customer_id || ':'
                                  || recipient.contact_id)"""


def given(text: str, campaign: Campaign, shelf: Shelf, zone: str) -> str:
    """The values of the placeholders that a text holds, as an SQL expression of jsonb."""
    language = shelf.language
    words = quoted_literal(language)
    day = DAYS.get(language, DAYS["en"])
    title = f"coalesce(offer.texts -> {words} ->> 'title', offer.texts -> 'en' ->> 'title')"
    until = f"to_char(offered.expires_at AT TIME ZONE {quoted_literal(zone)}, '{day}')"
    known = {
        "offer.title": _OFFERED.format(what=title),
        "offer.until": _OFFERED.format(what=until),
        "reason": _REASON.format(language=words),
        "plan.name": _PLAN,
        "owner.name": _OWNER,
        "fix.name": quoted_literal(campaign.fix.said_in(language) if campaign.fix else ""),
    }
    if THEIR_WORDS in text:  # these two are asked for only where a mail says them
        known[THEIR_WORDS] = own_words(campaign.fix, language)
    if REFERRAL in text:
        program = ReferralProgram.objects.on().first()
        key, base = quoted_literal(str(program.pk if program else 0)), settings.BASE_URL
        known[REFERRAL] = _REFERRAL.format(base=quoted_literal(base), program=key)
    known |= shelf.values
    pairs = [f"'{name}', {value}" for name, value in known.items() if name in text]
    return f"jsonb_build_object({', '.join(pairs)})"
