"""Archive a survey that has done its work, and bring it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.inviting.stopping import go_on, stop
from feedback.models import SendingRule, Survey
from feedback.services.sending import switch_off


@transaction.atomic
def archive_survey(survey: Survey, *, by: User | None) -> int:
    """Nobody is asked or reminded any more; how many mails that waited were stopped.

    Answers and results stay, private links that went out are answered until they expire, open
    links say that the survey is closed. A round by hand that is not done yet is over; other rules
    rest as they are. Raises RuleError where it is archived already.
    """
    now = database_clock()
    if not Survey.objects.in_use().filter(pk=survey.pk).update(archived_at=now):
        raise RuleError(_("It is archived already."))
    for rule in survey.rules.filter(trigger=SendingRule.Trigger.BY_HAND).exclude(on_since=None):
        switch_off(rule, by=by)
    stopped = stop(survey, now)
    audit(Deed("survey_archived", by, now), survey, {"archived_at": [None, now.isoformat()]})
    return stopped


@transaction.atomic
def bring_back_survey(survey: Survey, *, by: User | None) -> int:
    """Its rules and links work as before; how many mails go out after all.

    Those that archiving stopped do so within an hour of it. What happened in between makes an
    invitation only as far as rules look back. Raises RuleError where it is in use.
    """
    held = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    if held.archived_at is None:
        raise RuleError(_("It is in use already."))
    now = database_clock()
    Survey.objects.filter(pk=held.pk).update(archived_at=None)
    freed = go_on(held, held.archived_at, now)
    before = {"archived_at": [held.archived_at.isoformat(), None]}
    audit(Deed("survey_brought_back", by, now), held, before)
    return freed
