"""Make, change, launch, pause, resume, finish and archive campaigns."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns import path_checks
from campaigns.library.uses import check_known, worries
from campaigns.models import Campaign, Goal, Offer
from campaigns.paths import Path
from campaigns.tasks import advance_campaigns
from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from customers.filters import segment
from customers.models import Customer, MailBatch
from customers.services.ledger import database_clock
from customers.services.mail import call_back_batch, pause_batch, resume_batch
from customers.services.traces import Deed, audit
from feedback.models import Webhook

State = Campaign.State
CHANGED = (
    "name", "kind", "note", "audience", "roles", "entry", "holdout_percent", "goal",
    "goal_feature", "horizon_days", "strength", "path", "fix",
)  # fmt: skip
# What may still change once it runs: nothing that its effect is counted by.
ALWAYS = {"name", "note"}
LONGEST_NAME = 200
MOST_EARLIER = 20  # changes of a path that can be taken back


def ring() -> None:
    """Wake a worker once the rows are committed; a broker that is away is no error."""
    wake: Callable[[], object] = advance_campaigns.delay
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def make_campaign(given: dict[str, Any], *, by: User | None) -> Campaign:
    """A draft. Raises RuleError, with its field, for what can't be."""
    campaign = Campaign(salt=secrets.token_hex(16), created_by=by)
    _take(campaign, given)
    campaign.save()
    audit(_deed("campaign_made", by), campaign, {"name": ["", campaign.name]})
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, given: dict[str, Any], *, by: User | None) -> Campaign:
    """Change a draft, or what may still change of one in use; what changes nothing is not saved.

    Raises RuleError where somebody else has changed it since it was read, and for what can't be.
    """
    held = _held_as_read(campaign)
    before = {name: getattr(held, name) for name in given}
    if "path" in given and Path.read(given["path"]) == Path.read(held.path):
        given = given | {"path": held.path}
    changes = {
        name: [str(before[name]), str(value)]
        for name, value in given.items()
        if before[name] != value
    }
    if set(changes) - ALWAYS and not held.may_change:
        raise RuleError(
            _("It has been launched: its audience, its path and how it is judged stay as they are.")
        )
    if changes:
        if "path" in changes:
            held.earlier = [*held.earlier, held.path][-MOST_EARLIER:]
        _take(held, given)
        held.save()
        audit(_deed("campaign_changed", by), held, changes)
    return held


@transaction.atomic
def undo_path(campaign: Campaign, typed: Path, *, by: User | None) -> Campaign:
    """Take back what was typed and not saved; where nothing was, the last change of the path.

    Raises RuleError where there is none, or somebody else has changed it since it was read.
    """
    held = _held_as_read(campaign)
    if typed != Path.read(held.path):
        return held
    if not held.earlier or not held.may_change:
        raise RuleError(_("There is no change to take back."))
    before, held.path = held.path, held.earlier[-1]
    held.earlier = held.earlier[:-1]
    held.save()
    audit(_deed("campaign_changed", by), held, {"path": [str(before), str(held.path)]})
    return held


@transaction.atomic
def copy_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """A new draft like this one: with a draw of its own, and nobody in it."""
    given = {name: getattr(campaign, name) for name in CHANGED}
    given["name"] = (_("Copy of %(name)s") % {"name": campaign.name})[:LONGEST_NAME]
    return make_campaign(given, by=by)


@transaction.atomic
def launch(campaign: Campaign, *, at: datetime | None = None, by: User | None) -> Campaign:
    """Let it run, now or from a moment on. Raises RuleError for what speaks against it.

    Of two launches at once, one is told that it runs already.
    """
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not held.may_change:
        raise RuleError(_("This campaign has been launched already."))
    check_ready(held)
    if held.batch is None:
        held.batch = MailBatch.objects.create(name=held.name, created_by=by)
    now = database_clock()
    starts_at = max(at or now, now)
    later = starts_at > now
    held.state = State.SCHEDULED if later else State.RUNNING
    held.starts_at = starts_at
    held.launched_at = None if later else now
    held.launched_by = by
    held.save(update_fields=["batch", "state", "starts_at", "launched_at", "launched_by"])
    verb = "campaign_scheduled" if later else "campaign_launched"
    audit(_deed(verb, by), held, {"starts_at": ["", starts_at.isoformat()]})
    ring()
    return held


def check_ready(campaign: Campaign) -> None:
    """Raise RuleError for the first thing that keeps a campaign from running."""
    if not campaign.audience:
        raise RuleError(_("Say whom it is for first."), field="audience")
    check_audience(campaign)
    path = Path.read(campaign.path)
    path_checks.check(path)
    check_contents(path)
    if campaign.goal == Goal.USED and campaign.goal_feature is None:
        raise RuleError(_("Say which feature they are to use."), field="goal_feature")
    offers = set(path.offers())
    there = set(Offer.objects.on().filter(pk__in=offers).values_list("pk", flat=True))
    if offers - there:
        raise RuleError(_("One of its offers is stopped or gone. Choose another."), field="path")
    programs = {step.webhook for step in path.steps if step.webhook}
    if programs - set(Webhook.objects.on().values_list("pk", flat=True)):
        raise RuleError(_("A program that it tells is switched off or gone."), field="path")


def check_contents(path: Path) -> None:
    """Raise RuleError for the first content that its mails name and that is not published."""
    today = database_clock().astimezone(Organisation.current().zone).date()
    for worry in worries(path, today):
        if worry.stops:
            raise RuleError(f"{worry.step}: {worry.what}", field="path")


@transaction.atomic
def unschedule(campaign: Campaign, *, by: User | None) -> None:
    """Back to a draft, before it has begun. Raises RuleError where it has."""
    scheduled = Campaign.objects.filter(pk=campaign.pk, state=State.SCHEDULED)
    if not scheduled.update(state=State.DRAFT, starts_at=None):
        raise RuleError(_("It is not scheduled any more."))
    audit(_deed("campaign_unscheduled", by), campaign, {})


@transaction.atomic
def pause(campaign: Campaign, *, because: str, by: User | None) -> None:
    """Hold everything: nobody goes on, and no mail of it that waits goes out."""
    running = Campaign.objects.running().filter(pk=campaign.pk)
    if not running.update(paused_at=Now(), paused_because=because, paused_by=by):
        raise RuleError(_("It does not run, so there is nothing to pause."))
    batch = MailBatch.objects.get(campaign=campaign)
    if batch.paused_at is None:
        pause_batch(batch, because=because, by=by)
    audit(_deed("campaign_paused", by), campaign, {"paused_because": ["", because]})


@transaction.atomic
def resume(campaign: Campaign, *, by: User | None) -> None:
    """Go on where everybody was. Raises RuleError where it is not paused."""
    paused = Campaign.objects.filter(pk=campaign.pk, state=State.RUNNING, paused_at__isnull=False)
    if not paused.update(paused_at=None, paused_because="", paused_by=None, resumed_at=Now()):
        raise RuleError(_("It is not paused."))
    batch = MailBatch.objects.get(campaign=campaign)
    if batch.paused_at is not None:
        resume_batch(batch, by=by)
    audit(_deed("campaign_resumed", by), campaign, {})
    ring()


@transaction.atomic
def finish(campaign: Campaign, *, by: User | None) -> None:
    """End it for good: who is under way gets no more, and mail that waits is called back."""
    running = Campaign.objects.filter(pk=campaign.pk, state=State.RUNNING)
    if not running.update(state=State.FINISHED, finished_at=Now(), paused_at=None):
        raise RuleError(_("It does not run."))
    under_way = campaign.recipients.filter(state="under_way")
    under_way.update(state="exited", why="finished", step="", ended_at=Now())
    batch = MailBatch.objects.get(campaign=campaign)
    with suppress(RuleError):  # nothing waited
        call_back_batch(batch, by=by)
    audit(_deed("campaign_finished", by), campaign, {})


@transaction.atomic
def archive(campaign: Campaign, *, by: User | None) -> None:
    """Out of the lists; its figures stay. Raises RuleError while it runs."""
    over = Campaign.objects.filter(pk=campaign.pk, state__in=(State.DRAFT, State.FINISHED))
    if not over.update(state=State.ARCHIVED):
        raise RuleError(_("Finish it first: it still runs."))
    audit(_deed("campaign_archived", by), campaign, {"state": [campaign.state, State.ARCHIVED]})


@transaction.atomic
def bring_back(campaign: Campaign, *, by: User | None) -> None:
    """Into the lists again, as what it was. Raises RuleError where it is not archived."""
    was = State.FINISHED if campaign.launched_at else State.DRAFT
    archived = Campaign.objects.filter(pk=campaign.pk, state=State.ARCHIVED)
    if not archived.update(state=was):
        raise RuleError(_("It is not archived."))
    audit(_deed("campaign_brought_back", by), campaign, {"state": [State.ARCHIVED, was]})


def _take(campaign: Campaign, given: dict[str, Any]) -> None:
    for name, value in given.items():
        setattr(campaign, name, value)
    if not campaign.name.strip():
        raise RuleError(_("Give it a name."), field="name")
    if "path" in given:
        check_known(Path.read(campaign.path))
    check_audience(campaign)


def _held_as_read(campaign: Campaign) -> Campaign:
    """The campaign, locked. Raises RuleError where it was changed since it was read."""
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.changed_at != campaign.changed_at:
        raise RuleError(
            _("Somebody has changed this campaign meanwhile. Load the page again to see how.")
        )
    return held


def check_audience(campaign: Campaign) -> None:
    """Raise RuleError, at its field, for an audience that can't be read."""
    if not campaign.audience:
        return
    try:
        segment(campaign.audience, Customer.objects.all())
    except RuleError as error:
        raise RuleError(str(error), field="audience") from error


def _deed(verb: str, by: User | None) -> Deed:
    return Deed(verb, by, database_clock())
