"""Give who referred their reward, once the one who came has paid: once, and within the limits.

The program's row is locked first, so that of two at work no limit is passed.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _lazy

from campaigns.models import Grant, Referral, ReferralProgram
from campaigns.referring.asking import ask, day_of, judged
from campaigns.referring.codes import LEFT_EARLY, MONTH_LIMIT, REFERRER_LIMIT
from campaigns.referring.matching import TOGETHER, refuse
from campaigns.referring.telling import Gift, give, welcome
from churnapp.models import Organisation
from customers.services.traces import Deed, audit, tell

State = Referral.State
STILL_WELCOME = timedelta(days=180)  # how long after their sign-up the welcome is still made


def reward_due(now: datetime, *, only: int | None = None) -> int:
    """Reward or refuse every referral that can be judged now; how many. Safe to repeat."""
    rows = ask("due", today=day_of(now), only=only)
    return sum(settle(referral, is_due=is_due, now=now) for referral, is_due in rows)


def welcome_due(now: datetime) -> int:
    """Give who came what they were promised where their sign-up did not yet allow it; how many.

    A trial pays nothing that could be reduced: it is asked again until they pay.
    """
    own = Concat(
        Value("welcome:"),
        Cast(OuterRef("pk"), CharField()),
        Value(":"),
        Cast(OuterRef("customer_id"), CharField()),
    )
    waiting = Referral.objects.filter(
        ~Exists(Grant.objects.filter(key=own)),
        state__in=[State.MATCHED, State.REWARDED],
        matched_at__gt=now - STILL_WELCOME,
        link__program__welcome__isnull=False,
        customer__isnull=False,
    )
    together = waiting.select_related(*TOGETHER, "customer", "contact").order_by("pk")
    return sum(welcome(referral, now=now) is not None for referral in together)


@transaction.atomic
def settle(key: int, *, is_due: bool, now: datetime) -> bool:
    """Reward one, refuse it, or note what it waits for; whether it is settled."""
    program = ReferralProgram.objects.select_for_update(no_key=True).get(links__referrals=key)
    referral = Referral.objects.select_related(*TOGETHER).get(pk=key)
    customer = referral.customer_id
    if referral.state != State.MATCHED or customer is None:
        return False
    code = judged([(key, customer)])[key, customer] if is_due else LEFT_EARLY
    if not code and has_enough(program, referral):
        code = REFERRER_LIMIT
    if code:
        return refuse(referral, code, now=now)
    if is_month_full(program, now):
        return wait(referral, MONTH_LIMIT)
    return reward(referral, now)


def reward(referral: Referral, now: datetime) -> bool:
    link = referral.link
    why = _lazy("You get this mail because you recommended us to somebody.")
    gift = Gift(link.program.reward, f"referral:{referral.pk}", why)
    made = give(gift, link.customer, link.contact, now=now)
    if not isinstance(made, Grant):
        return wait(referral, made)
    values = {"state": State.REWARDED, "why": "", "rewarded_at": now, "grant": made}
    Referral.objects.filter(pk=referral.pk).update(**values)
    referral.refresh_from_db()
    came = referral.customer.name if referral.customer else ""
    deed = Deed("referral_rewarded", None, now, {"name": came})
    tell(deed, link.customer_id)
    audit(deed, referral, {"state": [State.MATCHED, State.REWARDED], "grant": [None, made.pk]})
    return True


def wait(referral: Referral, why: str) -> bool:
    """It stays as it is, and is looked at again; what it waits for is seen."""
    Referral.objects.filter(pk=referral.pk).exclude(why=why).update(why=why)
    return False


def has_enough(program: ReferralProgram, referral: Referral) -> bool:
    if program.most_a_referrer is None:
        return False
    given = Referral.objects.filter(
        link__program=program, link__customer=referral.link.customer_id, state=State.REWARDED
    )
    return given.count() >= program.most_a_referrer


def is_month_full(program: ReferralProgram, now: datetime) -> bool:
    if program.most_a_month is None:
        return False
    here = now.astimezone(Organisation.current().zone)
    first = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = Referral.objects.filter(
        link__program=program, state=State.REWARDED, rewarded_at__gte=first
    )
    return given.count() >= program.most_a_month
