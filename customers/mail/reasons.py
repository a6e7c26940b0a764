"""Why a mail was not sent, in words."""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common import formats
from customers.models import MailBatch, OutgoingEmail, SendingRate

State = OutgoingEmail.State
# Codes of ours, beside the servers' own.
OUT_OF_REACH, NO_RELAY = "out_of_reach", "no_relay"

BY_CODE: dict[str, str | Promise] = {
    "hard_bounce": _("The address does not exist: an earlier mail came back."),
    "soft_bounces": _("Mails to this address kept coming back."),
    "complaint": _("The recipient marked an earlier mail as spam."),
    "unsubscribe": _("The recipient has unsubscribed from mails of this kind."),
    "erased": _("The person was erased on request and gets no mail any more."),
    "by_hand": _("Somebody here entered the address as one that gets no mail."),
    "left": _("The contact has left the customer."),
    "never_automatic": _("The customer gets no automatic mail: a person writes to them."),
    "consent_withdrawn": _("The person said no to mail of this kind."),
    "unwanted_topic": _("The person does not want mail on this topic."),
    "paused": _("The person has paused mail from us."),
    "less_often": _("The person wished for less mail and has had as much as they wished for."),
    "contact_budget": _("The person or the customer has had enough mails lately."),
    "link_expired": _("The link in it has expired."),
}
BY_STATE: dict[str, str | Promise] = {
    State.QUEUED: _("It waits for its time."),
    State.CLAIMED: _("It is being sent."),
    State.RETRY: _("It could not be sent yet and will be tried again."),
    State.FAILED: _("The mail server refused it, or could not be reached in many tries."),
    State.UNCERTAIN: _("The connection broke while it was handed over: it may have gone out."),
    State.CANCELLED: _("Somebody called it back."),
    State.BOUNCED: _("It came back."),
    State.SUPPRESSED: _("It was not sent."),
}
BY_STATE_AND_CODE: dict[tuple[str, str], str | Promise] = {
    (State.RETRY, OUT_OF_REACH): _(
        "The mail server cannot be reached. It is tried again and again."
    ),
    (State.FAILED, NO_RELAY): _(
        "The mail server passes on no mail from us: its settings are wrong, or ours."
    ),
}
TOO_MANY_FAILED = "too_many_failed"  # the code of a pause that no person made
ALL_PAUSED = _("All mail is %(paused)s")
BY_ITSELF = _("stopped by itself on %(when)s: too many of the last mails failed.")
BY_SOMEBODY = _("paused by %(name)s, %(when)s: %(why)s")
BY_NOBODY = _("paused on %(when)s: %(why)s")  # who it was is not known any more


def why_not(mail: OutgoingEmail, *, all_paused: str = "") -> str:
    """Why the recipient does not have the mail; "" where nothing speaks against it.

    `all_paused` says by whom and why all mail is held back, where it is.
    """
    if mail.state == State.SUPPRESSED and mail.error_code in BY_CODE:
        return str(BY_CODE[mail.error_code])
    if mail.state in OutgoingEmail.WAITING and mail.batch and mail.batch.paused_at:
        return capfirst(paused_words(mail.batch))
    if mail.state in OutgoingEmail.WAITING and all_paused:
        return str(ALL_PAUSED) % {"paused": all_paused}
    by_both = BY_STATE_AND_CODE.get((mail.state, mail.error_code))
    return str(by_both or BY_STATE.get(mail.state, ""))


def paused_words(held: MailBatch | SendingRate) -> str:
    """By whom, when and why something is paused; "" where it is not."""
    if held.paused_at is None:
        return ""
    when, because = formats.moment(held.paused_at), held.paused_because.strip()
    if because == TOO_MANY_FAILED or not because:
        return str(BY_ITSELF) % {"when": when}
    why = because if because[-1] in ".!?…" else f"{because}."
    sentence = BY_SOMEBODY if held.paused_by else BY_NOBODY
    return str(sentence) % {"name": held.paused_by, "when": when, "why": why}
