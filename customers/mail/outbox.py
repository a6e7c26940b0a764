"""The outbox: take due mails, hand each over once, write down its fate.

A row is claimed, then begun, then closed, each by compare-and-set and committed by itself. What a
worker has claimed but not begun has certainly not gone out; what it has begun may have, and is the
one mail in doubt if it dies there. Nothing is sent inside a transaction.
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now

from customers.mail import brakes, rate, suppression
from customers.mail.ahead import Ahead
from customers.mail.checks import Postponed, Refusal, Rules, consent_refused, may_send, rules_now
from customers.mail.drafts import Draft, is_exempt, queue
from customers.mail.messages import message_id
from customers.mail.pressure import alone_with_budget
from customers.mail.providers import (
    AskAgainError,
    InDoubtError,
    OutOfReachError,
    Post,
    RefusedError,
    TryLaterError,
    is_keyed,
)
from customers.mail.reasons import OUT_OF_REACH
from customers.mail.wishes import PAUSED, UNWANTED, paused_until, wants_topic
from customers.models import OutgoingEmail

__all__ = ["Draft", "claim_many", "claim_next", "deliver_run", "queue", "sweep"]

log = structlog.get_logger(__name__)

State = OutgoingEmail.State
IN_DOUBT = OutgoingEmail.IN_DOUBT
AT_ONCE = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=2)
# So long after the first try a mail is given up.
TRIED_FOR = timedelta(days=3)
# Providers forget a key after 24 hours; from then on asking again could send twice.
KEY_LASTS = timedelta(hours=20)
# After as many mails one after the other that did not reach the server, no other will.
ENOUGH_OUT_OF_REACH = 2
# Each mail passes these two: one round trip and one commit before it is handed over and after.
# Suppression, the last word of consent and what the reader chose are asked here, so that nothing
# comes between.
BEGIN = """
UPDATE customers_outgoingemail
   SET begun_at = %s, message_id = %s, attempts = attempts + 1, changed_at = now(),
       first_tried_at = coalesce(first_tried_at, %s)
 WHERE id = %s AND state = 'claimed' AND claimed_at = %s AND begun_at IS NOT DISTINCT FROM %s
   AND NOT EXISTS (SELECT FROM customers_suppression
                    WHERE address_hmac = %s AND purpose IN ('', %s) AND lifted_at IS NULL)
   AND COALESCE((SELECT given FROM customers_consent WHERE contact_id = %s AND purpose = %s
                  ORDER BY at DESC, id DESC LIMIT 1), true)
   AND COALESCE((SELECT COALESCE(wish.wanted, topic.by_default)
                   FROM customers_topic AS topic
                   LEFT JOIN customers_topicwish AS wish
                          ON wish.topic_id = topic.id AND wish.contact_id = %s
                  WHERE %s = ANY(topic.kinds) LIMIT 1), true)
   AND NOT EXISTS (SELECT FROM customers_mailwishes WHERE contact_id = %s AND paused_until > %s)
"""
CLOSE_SENT = """
UPDATE customers_outgoingemail
   SET state = 'accepted', sent_at = now(), provider_id = %s, error_code = '', error = '',
       changed_at = now()
 WHERE id = %s AND state IN ('claimed', 'uncertain') AND claimed_at = %s AND begun_at = %s
"""


def claim_next(now: datetime) -> OutgoingEmail | None:
    """Take one due mail that nobody else has taken, while the rate allows."""
    return next(iter(claim_many(now, 1)), None)


@transaction.atomic
def claim_many(now: datetime, most: int = AT_ONCE) -> list[OutgoingEmail]:
    """Take due mails that nobody else has taken, as many as the rate allows."""
    due = OutgoingEmail.objects.due(now).exclude(_too_old_to_ask_again(now))
    due = due.select_related("customer", "contact__mail_wishes", "written_by")
    mails = list(due.select_for_update(of=("self",), skip_locked=True)[:most])
    mails = mails[: rate.draw(len(mails), now)] if mails else []
    for mail in mails:
        mail.state, mail.claimed_at = State.CLAIMED, now
    OutgoingEmail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=State.CLAIMED, claimed_at=now, changed_at=Now()
    )
    return mails


def _deliver(mail: OutgoingEmail, ahead: Ahead, *, now: datetime, rules: Rules) -> bool:
    """Send a claimed mail if it still may go out, and close its row. Safe to be killed anywhere.

    False where the server was out of reach.
    """
    with alone_with_budget(mail):
        has_begun = _may_begin(mail, rules, now)
    return _send(mail, ahead, now) if has_begun else True


def deliver_run(
    mails: Sequence[OutgoingEmail],
    post: Post,
    *,
    clock: Callable[[], datetime],
    until: float = math.inf,
) -> bool:
    """Deliver claimed mails one after the other, each at its own moment.

    One that fails in a way that nobody foresaw is left to `sweep`, and holds up no other. What has
    not had its turn `until` that second of `time.monotonic` waits for another run; so does all the
    rest where the server is out of reach: then it gives False.
    """
    rules = rules_now()
    ahead = Ahead(post, rules.organisation)
    missed = 0
    for number, mail in enumerate(mails):
        post.meanwhile = partial(ahead.make, mails[number + 1 : number + 2])
        if time.monotonic() >= until or missed >= ENOUGH_OUT_OF_REACH:
            _give_back(mails[number:])
            break
        try:
            missed = 0 if _deliver(mail, ahead, now=clock(), rules=rules) else missed + 1
        except (SoftTimeLimitExceeded, DatabaseError):
            raise
        except Exception:
            log.exception("mail_not_closed", mail=mail.pk)
    return missed < ENOUGH_OUT_OF_REACH


def sweep(now: datetime) -> int:
    """Take up what workers have left behind; gives how many rows that were.

    Not begun: it waits again. Begun: it is asked for again under its key where the provider has
    keys, else it is uncertain until its webhook or a person tells.
    """
    late = now - settings.MAIL_PATIENCE
    left = OutgoingEmail.objects.filter(state=State.CLAIMED, claimed_at__lt=late)
    is_begun = Q(begun_at__gte=F("claimed_at"))
    count = left.exclude(is_begun).update(state=State.RETRY, changed_at=Now())
    begun = left.filter(is_begun, begun_at__lt=late)
    if is_keyed():
        count += begun.filter(begun_at__gt=now - KEY_LASTS).update(
            state=State.RETRY, error_code=IN_DOUBT, changed_at=Now()
        )
    old = OutgoingEmail.objects.filter(_too_old_to_ask_again(now), state=State.RETRY)
    count += old.update(state=State.UNCERTAIN, changed_at=Now())
    return count + begun.update(state=State.UNCERTAIN, error_code=IN_DOUBT, changed_at=Now())


def is_waiting_for_rate(now: datetime) -> bool:
    """Whether a mail is due that only the rate holds back."""
    return not brakes.everything_is_paused() and OutgoingEmail.objects.due(now).exists()


def _give_back(mails: Sequence[OutgoingEmail]) -> None:
    """Claimed and not begun: they wait as before, but for those swept up since."""
    names = [mail.pk for mail in mails]
    held = OutgoingEmail.objects.filter(
        pk__in=names, state=State.CLAIMED, claimed_at=mails[0].claimed_at
    )
    tried = When(Q(attempts__gt=0) | ~Q(error_code=""), then=Value(State.RETRY))
    held.update(state=Case(tried, default=Value(State.QUEUED)), changed_at=Now())


def _too_old_to_ask_again(now: datetime) -> Q:
    """A provider may know the key since the first try."""
    forgotten = now - KEY_LASTS
    long_ago = Q(first_tried_at__lt=forgotten) | Q(first_tried_at=None, begun_at__lt=forgotten)
    return Q(long_ago, error_code=IN_DOUBT)


def _waiting(mail: OutgoingEmail) -> State:
    return State.RETRY if mail.attempts or mail.error_code else State.QUEUED


def _may_begin(mail: OutgoingEmail, rules: Rules, now: datetime) -> bool:
    """Ask the rules, then begin it; False, and closed or put off, where they say no."""
    no = may_send(mail, rules, now=now)
    if isinstance(no, Refusal):
        _refuse(mail, error_code=no.code, error=no.told)
        return False
    if isinstance(no, Postponed):
        _close(mail, _waiting(mail), due_at=no.until)
        return False
    return _begin(mail, now)


def _held(mail: OutgoingEmail) -> Any:
    """The row while it is still this worker's: nobody has swept it up since."""
    return OutgoingEmail.objects.filter(
        pk=mail.pk, state=State.CLAIMED, claimed_at=mail.claimed_at, begun_at=mail.begun_at
    )


def _begin(mail: OutgoingEmail, now: datetime) -> bool:
    """Write down that it is being handed over; False where it is no longer this worker's.

    Also False, and closed, where its address has been suppressed or its reader has said no; and put
    off where they have paused mail.
    """
    name = mail.message_id or message_id(mail)
    begun_at = max(now, mail.claimed_at or now)  # a clock set back must not make it look unbegun
    hmac = suppression.address_hmac(mail.to_email)
    first = mail.first_tried_at or begun_at
    pausable = None if is_exempt(mail.purpose) else mail.contact_id
    values: list[Any] = [
        begun_at, name, first, mail.pk, mail.claimed_at, mail.begun_at, hmac, mail.purpose,
        mail.contact_id, mail.purpose, mail.contact_id, mail.kind, pausable, now,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, values)
        has_begun = bool(cursor.rowcount)
    if has_begun:
        mail.begun_at, mail.message_id, mail.attempts = begun_at, name, mail.attempts + 1
        mail.first_tried_at = first
    else:
        _say_why_not(mail, now)
    return has_begun


def _say_why_not(mail: OutgoingEmail, now: datetime) -> None:
    """Close, or put off, what its reader does not want; what another worker has is left to it."""
    if reason := suppression.is_suppressed(mail.to_email, mail.purpose) or consent_refused(mail):
        _refuse(mail, error_code=reason)
    elif not wants_topic(mail):
        _refuse(mail, error_code=UNWANTED)
    elif until := paused_until(mail, now):
        if mail.patient_until and until > mail.patient_until:
            _refuse(mail, error_code=PAUSED)  # by then it would speak of what is long over
        else:
            _close(mail, _waiting(mail), due_at=until)


def _send(mail: OutgoingEmail, ahead: Ahead, now: datetime) -> bool:
    """False where the server was out of reach."""
    try:
        provider_id = ahead.post.send(ahead.take(mail), mail.message_id)
    except InDoubtError as error:
        _close(mail, State.UNCERTAIN, error_code=IN_DOUBT, error=str(error))
    except TryLaterError as error:
        _try_later(mail, error, now)
        return not isinstance(error, OutOfReachError)
    except RefusedError as error:
        _fail(mail, error, now)
    else:
        _close_sent(mail, provider_id)
    return True


def _close(mail: OutgoingEmail, state: State, **fields: Any) -> bool:
    return bool(_held(mail).update(state=state, changed_at=Now(), **fields))


def _refuse(mail: OutgoingEmail, **fields: Any) -> bool:
    """It does not go out, unless an earlier try has."""
    in_doubt = mail.error_code == IN_DOUBT
    return _close(mail, State.UNCERTAIN if in_doubt else State.SUPPRESSED, **fields)


def _close_sent(mail: OutgoingEmail, provider_id: str) -> None:
    """Also where a sweep has put it among the uncertain meanwhile: now it is known.

    A webhook that was faster than this has the last word; it may still need the provider's id.
    """
    values: list[Any] = [provider_id, mail.pk, mail.claimed_at, mail.begun_at]
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_SENT, values)
        closed = cursor.rowcount
    if not closed and provider_id:
        OutgoingEmail.objects.filter(pk=mail.pk, begun_at=mail.begun_at, provider_id="").update(
            provider_id=provider_id
        )


def _try_later(mail: OutgoingEmail, error: TryLaterError, now: datetime) -> None:
    """Wait longer each time, at random: what failed together must not come back together.

    A server out of reach is no failure of the mail, and its wait does not grow.
    """
    out_of_reach = isinstance(error, OutOfReachError)
    in_doubt = isinstance(error, AskAgainError) or mail.error_code == IN_DOUBT
    code = IN_DOUBT if in_doubt else OUT_OF_REACH if out_of_reach else error.code
    fields = {"error_code": code, "error": str(error), "attempts": mail.attempts - out_of_reach}
    if now < (mail.first_tried_at or now) + TRIED_FOR:
        wait = wait_after(1 if out_of_reach else mail.attempts, random.random)
        _close(mail, State.RETRY, due_at=now + wait, **fields)
    elif in_doubt:
        _close(mail, State.UNCERTAIN, **fields)
    elif _close(mail, State.FAILED, **fields):
        if not out_of_reach:
            suppression.note_soft_bounce(mail, now=now)
        brakes.pull(mail, now=now)


def _fail(mail: OutgoingEmail, error: RefusedError, now: datetime) -> None:
    if mail.error_code == IN_DOUBT:  # an earlier try may have gone out
        _close(mail, State.UNCERTAIN, error=str(error))
        return
    if _close(mail, State.FAILED, error_code=error.code, error=str(error)):
        if error.is_gone:
            suppression.suppress_hard_bounce(mail)
        brakes.pull(mail, now=now)


def wait_after(tries: int, chance: Callable[[], float]) -> timedelta:
    """Exponential backoff with full jitter: between a second and the ceiling of that try."""
    ceiling = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    return timedelta(seconds=1) + ceiling * chance()
