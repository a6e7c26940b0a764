"""What customers like this one that stayed use, and this one does not yet."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from churnapp.models import Organisation, User
from customers.models import Customer, Feature, Plan


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User, organisation: Organisation | None = None) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user, organisation))

    def open(self) -> Self:
        """Those that nobody has dismissed."""
        return self.filter(dismissed_at=None)


class Recommendation(models.Model):
    """A feature or a plan that fits a customer, by what similar customers that stayed use.

    Made by the night, as `campaigns.recommending` says, never edited: `users` of `peers` use it,
    at least the share `lower` of all such customers by Wilson's interval; `days_here` of the last
    90 days it was used here, `days_there` on average by peers who use it. `strength` ranks the
    features of one customer. A dismissed one stays, so that it is not shown again.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="recommendations", db_index=False
    )
    feature = models.ForeignKey(
        Feature, models.CASCADE, null=True, blank=True, related_name="recommendations"
    )
    plan = models.ForeignKey(
        Plan, models.CASCADE, null=True, blank=True, related_name="recommendations"
    )
    peers = models.PositiveIntegerField(_("similar customers that stayed"))
    users = models.PositiveIntegerField(_("of them with it"))
    lower = models.FloatField(_("share of them at least"))
    days_here = models.PositiveSmallIntegerField(_("days of use here"), default=0)
    days_there = models.FloatField(_("days of use there"), default=0)
    strength = models.FloatField(_("strength"))
    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed"))
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["customer", "-strength", "pk"]
        indexes = [
            models.Index(fields=["customer", "-strength"], name="recommendation_by_strength"),
            models.Index(fields=["as_of"], name="recommendation_by_day"),
            models.Index(
                fields=["id"],
                name="recommendation_dismissed",
                condition=Q(dismissed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "feature"], name="one_hint_a_feature"),
            models.UniqueConstraint(fields=["customer", "plan"], name="one_hint_a_plan"),
            models.CheckConstraint(
                condition=Q(feature=None, plan__isnull=False) | Q(feature__isnull=False, plan=None),
                name="recommendation_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(users__lte=models.F("peers")), name="recommendation_users_are_peers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.feature_id or self.plan_id}"

    @property
    def share(self) -> float:
        return self.users / self.peers if self.peers else 0.0

    @property
    def thing(self) -> Feature | Plan | None:
        return self.feature or self.plan
