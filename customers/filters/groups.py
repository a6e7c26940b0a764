"""Under which heading a filter stands on pages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """The headings, in the order they are shown."""

    FACTS = "facts", _("Who they are")
    MONEY = "money", _("What they pay and when")
    REASONS = "reasons", _("Why they left")
    USAGE = "usage", _("What they use")
    RISK = "risk", _("Risk and complaints")
    ANSWERS = "answers", _("What they answered")
    CAMPAIGNS = "campaigns", _("What was sent to them")
    SEGMENTS = "segments", _("Other segments")
