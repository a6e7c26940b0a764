"""What the nightly checks found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckRun(models.Model):
    """One check of an identity: whether it held, and for whom it did not."""

    name = models.CharField(_("check"), max_length=100)
    ran_at = models.DateTimeField(_("ran"))
    known_at = models.DateTimeField(_("facts as known at"))
    ok = models.BooleanField(_("holds"))
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-ran_at", "name"]
        indexes = [models.Index(fields=["name", "-ran_at"], name="check_latest")]

    def __str__(self) -> str:
        return self.name
