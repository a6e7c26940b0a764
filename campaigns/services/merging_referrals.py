"""Two records of one customer become one: its links and referrals go along."""

from django.db.models import F
from django.db.models.functions import Now

from campaigns.models import Referral, ReferralLink
from campaigns.referring.codes import BEFORE, SELF
from customers.services.merges import Merger

State = Referral.State
TAKEN = (State.MATCHED, State.REWARDED)


def move_referrals(merger: Merger) -> None:
    """A customer is brought once, and by another: of two referrals that count the first one stays.

    Both links keep opening, as both were shared. What was rewarded stays rewarded.
    """
    both = Referral.objects.filter(customer__in=[merger.kept, merger.merged], state__in=TAKEN)
    others = list(both.order_by(F("rewarded_at").asc(nulls_last=True), "at", "pk"))[1:]
    twice = [each.pk for each in others if each.state == State.MATCHED]
    refuse(twice, BEFORE)
    for each in others:
        if each.state == State.REWARDED:  # the reward is given: it is no longer of this customer
            Referral.objects.filter(pk=each.pk).update(customer=None)
    ReferralLink.objects.filter(customer=merger.merged).update(customer=merger.kept)
    for name in ("customer", "suggested"):
        Referral.objects.filter(**{name: merger.merged}).update(**{name: merger.kept})
    own = Referral.objects.filter(link__customer=merger.kept, customer=merger.kept)
    refuse(list(own.filter(state=State.MATCHED).values_list("pk", flat=True)), SELF)
    merger.hand_over(ReferralLink.objects.all(), Referral.objects.all())


def refuse(keys: list[int], why: str) -> None:
    values = {"state": State.REFUSED, "why": why, "refused_at": Now()}
    Referral.objects.filter(pk__in=keys).update(**values)
