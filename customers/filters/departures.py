"""Why customers left, by the last of their cancellations that stands."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.filters import offered
from customers.filters.choosing import register
from customers.filters.groups import Group
from customers.filters.kinds import AnyChoice, AnyOf, When, YesOrNo
from customers.models import (
    Cancellation,
    CancellationReason,
    CompetitorName,
    Feature,
    ReasonCategory,
    ReasonVersion,
)
from customers.models.cancellation import CancellationQuerySet
from customers.models.competitor import in_plain, plain_name

ENTRY = Coalesce("merged_into", "pk")  # the reason in the list that one counts as
OF_THE_LAST = _("By the last cancellation of each customer that was not taken back.")


def in_force(when: When) -> CancellationQuerySet:
    """Cancellations that stood at that moment."""
    if when.known_at is None:
        return Cancellation.objects.in_force()
    standing = Q(withdrawn_at=None) | Q(withdrawn_at__gt=when.known_at)
    return Cancellation.objects.filter(standing, recorded_at__lte=when.known_at)


def last_ones(when: When) -> CancellationQuerySet:
    """Of each customer the cancellation that takes effect last."""
    same_day = Q(effective_on=OuterRef("effective_on"), pk__gt=OuterRef("pk"))
    later = in_force(when).filter(
        Q(effective_on__gt=OuterRef("effective_on")) | same_day, customer=OuterRef("customer")
    )
    return in_force(when).exclude(Exists(later))


def who_left(ones: QuerySet[Any, Any]) -> Q:
    return Q(pk__in=ones.values("customer"))


def over_reasons(keys: list[str], when: When) -> Q:
    """Whose headline reason is one of these, or was merged into what they were merged into."""
    every: QuerySet[Any, Any] = CancellationReason.objects.annotate(entry=ENTRY)
    meant = every.filter(key__in=keys).values("entry")
    alike = list(every.filter(entry__in=meant).values_list("pk", flat=True))
    return who_left(last_ones(when).filter(reason__in=alike))


def over_categories(categories: list[str], when: When) -> Q:
    """Whose headline reason, or what it was merged into, is sorted so now."""
    newest = ReasonVersion.objects.filter(reason=OuterRef("entry")).order_by("-version")
    every: QuerySet[Any, Any] = CancellationReason.objects.annotate(entry=ENTRY).annotate(
        category=Subquery(newest.values("category")[:1])
    )
    alike = list(every.filter(category__in=categories).values_list("pk", flat=True))
    without = Q(reason=None) if ReasonCategory.UNSORTED in categories else Q()
    return who_left(last_ones(when).filter(Q(reason__in=alike) | without))


def to_competitors(names: list[str], when: When) -> Q:
    """Who went to one of these, by whatever name it goes."""
    if offered.ANYTHING in names:
        return who_left(last_ones(when).exclude(competitor=""))
    plain = [in_plain(name) for name in names]
    alike = [*plain, *CompetitorName.objects.alike(plain).values_list("plain", flat=True)]
    named: QuerySet[Any, Any] = last_ones(when).exclude(competitor="").with_rival()
    return who_left(named.filter(rival__in=alike))


def for_lack_of(names: list[str], when: When) -> Q:
    """Who missed one of these features, given by code or name or in the words that were said."""
    missed = last_ones(when).exclude(missing_feature="")
    if offered.ANYTHING in names:
        return who_left(missed)
    meant = Feature.objects.filter(Q(code__in=names) | Q(name__in=names))
    words = {in_plain(word) for pair in meant.values_list("code", "name") for word in pair if word}
    alike = [*words, *(in_plain(name) for name in names)]
    return who_left(missed.annotate(missed=plain_name("missing_feature")).filter(missed__in=alike))


def without_asking(value: bool, when: When) -> Q:
    """Who was lost without asking for it, such as over a failed payment."""
    return who_left(last_ones(when).filter(involuntary=value))


def rivals() -> list[tuple[str, object]]:
    return [(offered.ANYTHING, _("any competitor")), *offered.competitors()]


def missed_features() -> list[tuple[str, object]]:
    return [(offered.ANYTHING, _("any feature")), *offered.features()]


register(
    "reason",
    AnyOf(_("Reason for leaving"), over_reasons, offers=offered.reasons, help_text=OF_THE_LAST),
    Group.REASONS,
)
register(
    "reason_category",
    AnyChoice(
        _("Category of the reason"),
        over_categories,
        choices=ReasonCategory.choices,
        help_text=_("As the reason is sorted now; without a reason it is unsorted."),
    ),
    Group.REASONS,
)
register(
    "competitor",
    AnyOf(
        _("Went to"),
        to_competitors,
        offers=rivals,
        help_text=_("By every name that the competitor goes by."),
    ),
    Group.REASONS,
)
register(
    "missing_feature",
    AnyOf(
        _("Missed the feature"),
        for_lack_of,
        offers=missed_features,
        help_text=_("By its code or name, or in the words that were written down."),
    ),
    Group.REASONS,
)
register(
    "involuntary",
    YesOrNo(
        _("Left without asking for it"),
        without_asking,
        help_text=_("Yes: such as after a failed payment. No: the customer asked to leave."),
    ),
    Group.REASONS,
)
