"""What is sold: plans and their features."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """Something a customer can subscribe to."""

    code = models.CharField(_("plan"), max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    lapse_grace_days = models.PositiveSmallIntegerField(
        _("grace days"),
        null=True,
        blank=True,
        help_text=_("Instead of the organisation's own; empty means the organisation's."),
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class Feature(models.Model):
    """A part of the product that customers use, or don't."""

    code = models.CharField(_("feature"), max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    plans = models.ManyToManyField(Plan, related_name="features", blank=True)

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code
