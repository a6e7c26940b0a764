"""Early warnings that are open, and complaints that nobody has settled."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.filters import offered
from customers.filters.choosing import register
from customers.filters.groups import Group
from customers.filters.kinds import AnyOf, When, YesOrNo
from customers.models import Complaint, RiskFlag, RiskRule

OPEN = (RiskFlag.State.OPEN, RiskFlag.State.ACKNOWLEDGED)


def flagged(keys: list[str], when: When) -> Q:
    """Who has an open flag of one of these rules; one that is snoozed is not open."""
    rules = list(RiskRule.objects.filter(key__in=keys).values_list("pk", flat=True))
    flags = RiskFlag.objects.filter(customer=OuterRef("pk"), rule__in=rules)
    if when.known_at is None:
        return Q(Exists(flags.filter(state__in=OPEN)))
    standing = Q(closed_on=None) | Q(closed_on__gt=when.today)
    snoozed = Q(
        state=RiskFlag.State.SNOOZED, changed_at__lte=when.known_at, snoozed_until__gt=when.today
    )
    return Q(Exists(flags.filter(standing, ~snoozed, raised_on__lte=when.today)))


def complaining(value: bool, when: When) -> Q:
    """Who has a complaint that nobody has resolved, or who has none."""
    theirs = Complaint.objects.filter(entry__customer=OuterRef("pk"))
    if when.known_at is None:
        found = Exists(theirs.standing())
    else:
        standing = Q(resolved_at=None) | Q(resolved_at__gt=when.known_at)
        found = Exists(theirs.filter(standing, entry__occurred_at__lte=when.known_at))
    return Q(found) if value else ~Q(found)


register(
    "flag",
    AnyOf(
        _("Open warning"),
        flagged,
        offers=offered.rules,
        help_text=_("A flag of one of these rules is open; snoozed ones don't count."),
    ),
    Group.RISK,
)
register("open_complaint", YesOrNo(_("Has an open complaint"), complaining), Group.RISK)
