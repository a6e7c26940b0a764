"""Why a customer left, as each who may know it sees it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.models.cancellation import (
    SAID,
    Cancellation,
    CancellationReason,
    ReasonKind,
    ReasonVersion,
)


class ReasonViewQuerySet(models.QuerySet["ReasonView"]):
    def standing(self) -> Self:
        return self.filter(superseded_at=None)

    def telling(self) -> Self:
        """Those that stand, and those that tell that somebody gave a view before."""
        return self.filter(Q(superseded_at=None) | Q(kind__in=SAID))


class ReasonView(models.Model):
    """One view of why somebody left; a newer one of the same kind takes its place.

    `source` names what it came with, such as `response:12`; empty where a colleague said it. The
    `evidence` tells what speaks for it, and what came along with it: see `services.reason_views`.
    """

    cancellation = models.ForeignKey(Cancellation, models.CASCADE, related_name="views")
    kind = models.CharField(_("kind"), max_length=10, choices=ReasonKind)
    reason = models.ForeignKey(CancellationReason, models.PROTECT, related_name="views")
    reason_version = models.ForeignKey(
        ReasonVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(_("source"), max_length=100, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    suggested = models.BooleanField(
        _("suggested"), default=False, help_text=_("Worked out, and nobody has confirmed it yet.")
    )
    turned_down = models.BooleanField(
        _("turned down"),
        default=False,
        db_default=False,
        help_text=_("A person said that it is wrong; it is not suggested again."),
    )
    evidence = models.JSONField(
        default=dict, blank=True, help_text=_("The words or the warnings that speak for it.")
    )

    objects: Any = ReasonViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view of a reason")
        verbose_name_plural = _("views of reasons")
        ordering = ["cancellation", "kind", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "kind"],
                condition=Q(superseded_at=None),
                name="one_standing_view_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cancellation_id} {self.kind}"


def with_kinds(found: models.QuerySet[Cancellation]) -> models.QuerySet[Any, Any]:
    """Each with the id of the reason that stands for every kind, as `of_stated` and so on.

    What is suggested counts too. A departure of which nobody has ever given a view, as files bring
    it, has its headline as what the customer said.
    """
    telling = ReasonView.objects.telling().filter(cancellation=OuterRef("pk"))
    standing = telling.standing()
    told = {
        f"of_{kind}": Subquery(standing.filter(kind=kind).values("reason")[:1])
        for kind in ReasonKind.values
    }
    untold = ~Exists(telling.filter(suggested=False))
    headline = Case(When(untold, then=F("reason")), default=None)
    stated = Coalesce(told["of_stated"], headline, output_field=models.BigIntegerField())
    return found.annotate(**told | {"of_stated": stated})
