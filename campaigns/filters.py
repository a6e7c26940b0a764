"""Filters of customers by what was fixed for them and sent to them, who brought them, their level.

Found by its name when Django starts.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.levels import stands_on
from campaigns.models import (
    Campaign,
    Fix,
    FixTold,
    Grant,
    LoyaltyLevel,
    Offer,
    Recipient,
    Referral,
    ReferralProgram,
)
from customers.filters import AnyKeyOf, Group, When, register
from customers.filters.departures import for_lack_of, last_ones, over_reasons, who_left
from customers.models import Complaint, Standing
from feedback.filters import ENTRY
from feedback.models import CommentTheme, Theme

SEEN_SO_FAR = _("Those whom no campaign has told of it yet.")


def any_of(conditions: Iterable[Q]) -> Q:
    """Either of them; nobody where there is none."""
    return Q(*conditions, _connector=Q.OR) if (conditions := list(conditions)) else Q(pk__in=[])


def not_told(fix: Fix) -> Q:
    return ~Q(Exists(FixTold.objects.filter(fix=fix, customer=OuterRef("pk"))))


def themes_of(fix: Fix) -> list[int]:
    """Its themes, and those merged with them."""
    every: QuerySet[Any, Any] = Theme.objects.annotate(entry=ENTRY)
    meant = every.filter(fixes=fix).values("entry")
    return list(every.filter(entry__in=meant).values_list("pk", flat=True))


def confirmed_of(fix: Fix, when: When) -> QuerySet[CommentTheme]:
    """Comments in which a person confirmed one of its themes, or one merged into it."""
    found = CommentTheme.objects.counted().filter(
        theme__in=themes_of(fix), state=CommentTheme.State.CONFIRMED
    )
    return found.filter(decided_at__lte=when.known_at) if when.known_at else found


def lost_over(fix: Fix, when: When) -> Q:
    """Who left for one of its reasons, for lack of its feature, or said so in parting."""
    causes = []
    if reasons := [reason.key for reason in fix.reasons.all()]:
        causes.append(over_reasons(reasons, when))
    if fix.feature:
        causes.append(for_lack_of([fix.feature.code], when))
    if fix.themes.all():
        said = confirmed_of(fix, when).filter(cancellation__isnull=False)
        causes.append(who_left(last_ones(when).filter(pk__in=said.values("cancellation"))))
    return any_of(causes) & Q(standing__state=Standing.State.LOST)


def complained_of(fix: Fix, when: When) -> Q:
    """Who stays, and said one of its themes in an answer or has an open complaint about it."""
    causes = []
    if fix.themes.all():
        said = confirmed_of(fix, when).filter(answer__isnull=False)
        causes.append(Q(pk__in=said.values("answer__response__customer")))
    reasons = fix.reasons.all()
    about = Q(reason__in=reasons) | Q(reason__merged_into__in=reasons)
    if fix.feature:
        about |= Q(feature=fix.feature)
    open_ones = Complaint.objects.standing().filter(about, entry__customer=OuterRef("pk"))
    causes.append(Q(Exists(open_ones)))
    return any_of(causes) & ~Q(standing__state=Standing.State.LOST)


def fixes_of(keys: list[int]) -> QuerySet[Fix]:
    return (
        Fix.objects.filter(pk__in=keys)
        .select_related("feature")
        .prefetch_related("reasons", "themes")
    )


def left_over_fixes(keys: list[int], when: When) -> Q:
    return any_of(lost_over(fix, when) & not_told(fix) for fix in fixes_of(keys))


def heard_of_fixes(keys: list[int], when: When) -> Q:
    return any_of(complained_of(fix, when) & not_told(fix) for fix in fixes_of(keys))


def drawn_into(keys: list[int], when: When) -> QuerySet[Recipient]:
    """Who was drawn into one of these campaigns, those held out among them."""
    found = Recipient.objects.in_it().filter(campaign__in=keys, customer=OuterRef("pk"))
    return found.filter(entered_at__lte=when.known_at) if when.known_at else found


def in_campaigns(keys: list[int], when: When) -> Q:
    return Q(Exists(drawn_into(keys, when)))


def not_in_campaigns(keys: list[int], when: When) -> Q:
    return ~Q(Exists(drawn_into(keys, when)))


def accepted_offers(keys: list[int], when: When) -> Q:
    taken = Grant.objects.filter(
        offer__in=keys, state=Grant.State.ACCEPTED, customer=OuterRef("pk")
    )
    return Q(Exists(taken.filter(settled_at__lte=when.known_at) if when.known_at else taken))


def campaigns() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Campaign.objects.exclude(state="draft")]


def fixes() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Fix.objects.filter(archived_at=None)]


def offers() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in Offer.objects.all()]


def referred_in(keys: list[int], when: When) -> Q:
    """Who became a customer by a referral of these programs."""
    found = Referral.objects.filter(
        link__program__in=keys, state__in=["matched", "rewarded"], customer=OuterRef("pk")
    )
    return Q(Exists(found.filter(matched_at__lte=when.known_at) if when.known_at else found))


def on_levels(keys: list[int], when: When) -> Q:
    """Who stands on one of these levels, and on none above it."""
    stands = stands_on(list(LoyaltyLevel.objects.on()), when.today)
    return any_of(stands[key] for key in keys if key in stands)


def programs() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in ReferralProgram.objects.filter(archived_at=None)]


def levels() -> Iterable[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in LoyaltyLevel.objects.on()]


for name, one in {
    "in_campaign": AnyKeyOf(
        _("Was in the campaign"),
        in_campaigns,
        offers=campaigns,
        help_text=_("Whoever was drawn, also those held out; not who was left out."),
    ),
    "not_in_campaign": AnyKeyOf(
        _("Was not in the campaign"),
        not_in_campaigns,
        offers=campaigns,
        help_text=_("In none of these, not even among those held out."),
    ),
    "accepted_offer": AnyKeyOf(_("Accepted the offer"), accepted_offers, offers=offers),
    "fix_left": AnyKeyOf(
        _("Left over what is fixed"), left_over_fixes, offers=fixes, help_text=SEEN_SO_FAR
    ),
    "fix_heard": AnyKeyOf(
        _("Complained of what is fixed"), heard_of_fixes, offers=fixes, help_text=SEEN_SO_FAR
    ),
    "referred_in": AnyKeyOf(_("Came by the referral program"), referred_in, offers=programs),
    "loyalty_level": AnyKeyOf(
        _("Loyalty level"),
        on_levels,
        offers=levels,
        help_text=_("As they stand today."),
    ),
}.items():
    register(name, one, Group.CAMPAIGNS)
