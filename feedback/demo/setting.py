"""What must stand before anybody is asked: the five ready surveys, and the rules that send them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from churnapp.models import User
from customers.demo.world import World
from customers.models import MailBatch
from feedback.demo.occasions import ROUNDS, SPARED, TICKET_DAYS, TICKET_DELAY, first_quarter_on
from feedback.models import SendingRule, Survey, SurveyVersion
from feedback.services.surveys import create_survey

MANAGER = "manager@demo.example"
NAMES = {
    "exit": "Why they leave",
    "nps": "Would they recommend us",
    "csat": "After a ticket",
    "ces": "Help during the outage",
    "product": "What they think of the product",
}
Trigger = SendingRule.Trigger


@dataclass(frozen=True)
class Setting:
    """Surveys, versions and rules by kind of survey; the round that was sent by hand."""

    surveys: dict[str, Survey]
    versions: dict[str, SurveyVersion]
    rules: dict[str, SendingRule]
    batch: MailBatch


def stand(world: World) -> Setting:
    """Make all of it, as if it had stood since the first round."""
    manager = User.objects.get(email=MANAGER)
    since = datetime.combine(first_quarter_on(world.today), time(9), world.zone)
    surveys = {
        kind: create_survey(kind, free_name(name), by=manager) for kind, name in NAMES.items()
    }
    Survey.objects.filter(pk__in=[s.pk for s in surveys.values()]).update(created_at=since)
    versions = SurveyVersion.objects.filter(survey__in=surveys.values())
    versions.update(published_at=since, changed_at=since)
    return Setting(
        surveys=surveys,
        versions={version.survey.kind: version for version in versions.select_related("survey")},
        rules={rule.survey.kind: rule for rule in rules(surveys, since, world)},
        batch=MailBatch.objects.create(name="After the outage", created_by=manager),
    )


def free_name(name: str) -> str:
    """The name, or one beside it where an installation has a survey of that name."""
    return f"{name} (demo)" if Survey.objects.filter(name=name).exists() else name


def rules(surveys: dict[str, Survey], since: datetime, world: World) -> list[SendingRule]:
    """Whoever leaves, a fifth of all each quarter, and whoever had a ticket."""
    return SendingRule.objects.bulk_create(
        [
            SendingRule(
                survey=surveys["exit"],
                trigger=Trigger.CANCELLATION,
                on_since=min(since, world.now - timedelta(days=365 * 2)),
            ),
            SendingRule(
                survey=surveys["nps"],
                trigger=Trigger.QUARTERLY,
                sample_percent=100 // ROUNDS,
                on_since=since,
            ),
            SendingRule(
                survey=surveys["csat"],
                trigger=Trigger.TICKET_CLOSED,
                delay_minutes=TICKET_DELAY // timedelta(minutes=1),
                not_again_days=SPARED.days,
                reminders=0,
                on_since=world.now - TICKET_DAYS,
            ),
        ]
    )
