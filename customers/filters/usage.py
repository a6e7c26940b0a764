"""What customers use, and what they pay for and don't."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.filters import offered
from customers.filters.choosing import register
from customers.filters.groups import Group
from customers.filters.kinds import AnyOf, When, days
from customers.models import Feature, Term, Usage

LATELY = timedelta(days=30)


def use_of(features: list[int], when: When) -> Exists:
    """That one of these features was used in the last 30 days, the day itself included."""
    return Exists(
        Usage.objects.filter(
            customer=OuterRef("pk"),
            feature__in=features,
            day__gt=when.today - LATELY,
            day__lte=when.today,
            count__gt=0,
        )
    )


def keys_of(codes: list[str]) -> list[int]:
    return list(Feature.objects.filter(code__in=codes).values_list("pk", flat=True))


def using(codes: list[str], when: When) -> Q:
    return Q(use_of(keys_of(codes), when))


def paying_without_use(codes: list[str], when: When) -> Q:
    """Who pays for a plan with one of these features, and has not used that feature lately."""
    found = (Q(paying_for(key, when)) & ~Q(use_of([key], when)) for key in keys_of(codes))
    return Q(*found, _connector=Q.OR) if codes and keys_of(codes) else Q(pk__in=())


def paying_for(feature: int, when: When) -> Exists:
    believed = Term.objects.believed_at(when.moment) if when.known_at else Term.objects.standing()
    return Exists(
        believed.running_on(when.today).filter(
            subscription__customer=OuterRef("pk"),
            plan__features=feature,
            kind=Term.Kind.PAID,
            arr_minor__gt=0,
        )
    )


def silent(number: int, when: When) -> Q:
    """Whose last use lies so far back; who never used anything is silent since paying."""
    until = when.today - timedelta(days=number)
    never = Q(standing__last_used_on=None, standing__first_paid_on__lte=until)
    return Q(standing__last_used_on__lte=until) | never


register(
    "used",
    AnyOf(
        _("Uses"),
        using,
        offers=offered.features,
        help_text=_("Used one of these features in the last 30 days."),
    ),
    Group.USAGE,
)
register(
    "unused",
    AnyOf(
        _("Pays for, but does not use"),
        paying_without_use,
        offers=offered.features,
        help_text=_("The plan has the feature, and it was not used in the last 30 days."),
    ),
    Group.USAGE,
)
register(
    "silent_days",
    days(
        _("Nothing used for at least … days"),
        silent,
        help_text=_("Who never used anything is silent since the first payment."),
    ),
    Group.USAGE,
)
