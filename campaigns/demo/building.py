"""From the story to rows: offers, fixes, campaigns from the first to the last, and the way out."""

from datetime import timedelta

from django.db.models import Max

from campaigns.demo.cast import Cast, morning
from campaigns.demo.comebacks import Returns
from campaigns.demo.fixing import stand_fixes
from campaigns.demo.offers import stand_offers
from campaigns.demo.playing import Play
from campaigns.demo.plots import Plot, plots
from campaigns.demo.settling import settle_accepted
from campaigns.demo.way_out import lead_out
from campaigns.models import Campaign, Grant
from campaigns.services.campaigns import make_campaign
from customers.demo.company import Company
from customers.models import MailBatch
from customers.standings import refresh_standings

State = Campaign.State


def build(company: Company) -> None:
    """Campaigns and what belongs to them, for a company that is loaded and was asked."""
    cast = Cast.of(company)
    refresh_standings(None, now=company.world.now)
    offers, fixes, returns = stand_offers(cast), stand_fixes(cast), Returns(cast)
    for plot in plots(cast, offers, fixes):
        stage(cast, returns, plot)
    Grant.objects.expire(company.world.now)
    settle_accepted(returns.write())
    lead_out(cast, offers)


def stage(cast: Cast, returns: Returns, plot: Plot) -> None:
    """Make one campaign, let it be what it was, and leave it in its state."""
    campaign = made(cast, plot)
    if plot.ends in {State.DRAFT, State.SCHEDULED}:
        return
    until = cast.world.now - timedelta(days=2) if plot.paused else cast.world.now
    Play(cast, returns, campaign, plot.tempers, until).run(plot.entries(cast))
    leave_off(cast, campaign, plot)


def made(cast: Cast, plot: Plot) -> Campaign:
    given = {
        "name": plot.name, "kind": plot.kind, "audience": plot.audience, "path": plot.path,
        "fix": plot.fix, **plot.fields,
    }  # fmt: skip
    campaign = make_campaign(given, by=cast.manager)
    written_at = morning(cast.world, max(plot.begins, 0) + 2, hour=14)
    when = {"created_at": written_at, "changed_at": written_at}
    salt = f"{cast.world.dice('campaign', plot.name).getrandbits(128):032x}"
    in_use: dict[str, object] = {}
    if plot.ends != State.DRAFT:
        starts_at = morning(cast.world, plot.begins)
        batch = MailBatch.objects.create(name=plot.name, created_by=cast.manager)
        MailBatch.objects.filter(pk=batch.pk).update(created_at=min(starts_at, cast.world.now))
        begun = plot.ends != State.SCHEDULED
        in_use = {
            "batch": batch,
            "state": State.RUNNING if begun else State.SCHEDULED,
            "starts_at": starts_at,
            "launched_at": starts_at if begun else None,
            "launched_by": cast.manager,
        }
    Campaign.objects.filter(pk=campaign.pk).update(salt=salt, **when, **in_use)
    return Campaign.objects.select_related("batch", "fix").get(pk=campaign.pk)


def leave_off(cast: Cast, campaign: Campaign, plot: Plot) -> None:
    """Running, paused or finished, as it stands today."""
    chosen = Campaign.objects.filter(pk=campaign.pk)
    chosen.update(flowed_at=cast.world.now)
    if plot.ends == State.FINISHED:
        under_way = campaign.recipients.filter(state="under_way")
        under_way.update(state="exited", why="finished", step="", ended_at=cast.world.now)
        last = campaign.recipients.aggregate(last=Max("ended_at"))["last"]
        chosen.update(state=State.FINISHED, finished_at=last or campaign.launched_at)
    if plot.paused and campaign.batch:
        at = morning(cast.world, 2)
        pause = {"paused_at": at, "paused_because": plot.paused, "paused_by": cast.manager}
        chosen.update(**pause)
        MailBatch.objects.filter(pk=campaign.batch.pk).update(**pause)
