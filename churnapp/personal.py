"""What people and keys, the organisation, its audit trail and its jobs keep of people."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from churnapp.common.personal import Erase, Kept, Whose, registry
from churnapp.models import (
    ApiKey,
    AuditEvent,
    Heartbeat,
    Job,
    Organisation,
    RememberedAnswer,
    ScheduledRun,
    User,
)


def forget_answers(before: datetime) -> int:
    return RememberedAnswer.objects.filter(created_at__lt=before).delete()[0]


registry.declare(User, Whose.STAFF, email=Erase.PSEUDONYM, name=Erase.BLANK)
registry.declare(AuditEvent, Whose.STAFF, "actor", changes=Erase.KEEP)
registry.declare(RememberedAnswer, Whose.STAFF, "owner", answer=Erase.EMPTY)
registry.declare_none(ApiKey, Heartbeat, Job, Organisation, ScheduledRun)
registry.keep(Kept("api_answers", _("Answers of the API to repeated requests"), 2, forget_answers))
