"""Files in: the import, what it refused, what it changed, and remembered column names."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from churnapp.models import Job


class Import(models.Model):
    """One file of one kind; its job row tells how far it is."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        CONTACTS = "contacts", _("contacts")
        SUBSCRIPTIONS = "subscriptions", _("subscriptions")
        CANCELLATIONS = "cancellations", _("cancellations")
        USAGE = "usage", _("usage")
        SPEND = "spend", _("spend")
        INTERACTIONS = "interactions", _("interactions")
        RATES = "rates", _("exchange rates")
        FEATURES = "features", _("features")
        PAYMENTS = "payments", _("payments")
        MENTIONS = "mentions", _("mentions")
        RESPONSES = "responses", _("answers to surveys")

    job = models.OneToOneField(Job, models.CASCADE, related_name="file_import")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    file_name = models.CharField(_("file"), max_length=255)
    file = models.FileField(upload_to="imports/", max_length=255, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, help_text=_("Theirs to ours."))
    fixed_values = models.JSONField(_("fixed values"), default=dict)
    dry_run = models.BooleanField(_("dry run"), default=False)
    skip_refused = models.BooleanField(_("take the good rows"), default=False)
    report = models.JSONField(_("report"), default=dict, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"


class RefusedRow(models.Model):
    """A row that an import did not take, and why."""

    file_import = models.ForeignKey(Import, models.CASCADE, related_name="refused_rows")
    line = models.BigIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.TextField(_("value"), blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class RowBefore(models.Model):
    """A row as it stood before an import changed it; without `before` the import made it."""

    file_import = models.ForeignKey(Import, models.CASCADE, related_name="rows_before")
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after_digest = models.UUIDField(
        null=True, help_text=_("Of the row as the import left it: tells whether it changed since.")
    )

    class Meta:
        verbose_name = _("row before an import")
        verbose_name_plural = _("rows before an import")
        indexes = [models.Index(fields=["table", "row_id"], name="row_before_by_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class ColumnMapping(models.Model):
    """What a header meant the last time, proposed for the next file."""

    kind = models.CharField(max_length=15, choices=Import.Kind)
    theirs = models.CharField(max_length=200)
    ours = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(fields=["kind", "theirs"], name="one_meaning_a_column"),
        ]

    def __str__(self) -> str:
        return f"{self.theirs} → {self.ours}"
