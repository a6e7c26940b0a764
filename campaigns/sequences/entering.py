"""Who comes into a campaign: the audience as it stands, once each, in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet

from campaigns.effects.drawing import HELD_OUT, VARIANT, bounds
from campaigns.models import Campaign, Fix
from campaigns.paths import SOURCE_LANGUAGE, Path
from campaigns.sequences import sql
from campaigns.sequences.languages import of_country, spoken
from churnapp.common.errors import RuleError
from churnapp.common.personal import ERASED
from churnapp.models import Organisation
from customers.filters import segment
from customers.mail.blocked import blocked, standing_hmacs
from customers.models import Contact, Customer, MailPurpose, Suppression

log = structlog.get_logger(__name__)

ENTER = sql.read("enter")
FORGET_LEFT_OUT = sql.read("forget_left_out")
LOOKS_AGAIN = timedelta(hours=1)  # how often a flowing campaign looks for new ones
# Who decides, or speaks for us: the first that a customer has.
ROLES = tuple(map(str, (
    Contact.Role.DECISION_MAKER, Contact.Role.CHAMPION, Contact.Role.USER, Contact.Role.OTHER,
    Contact.Role.BILLING,
)))  # fmt: skip


@dataclass(frozen=True)
class Entered:
    """How many came in, and how many of the audience were left out."""

    entered: int = 0
    left_out: int = 0


def audience_of(campaign: Campaign) -> QuerySet[Customer]:
    """The customers whom a campaign is for. Raises RuleError for one that can't be read."""
    if not campaign.audience:
        return Customer.objects.none()
    return segment(campaign.audience, Customer.objects.all())


def is_due(campaign: Campaign, now: datetime) -> bool:
    """Whether it is to look who fits: once, or each hour where the audience flows."""
    if campaign.flowed_at is None:
        return True
    flows = campaign.entry == Campaign.Entry.FLOWING
    return flows and campaign.flowed_at <= now - LOOKS_AGAIN


def enter_if_due(campaign: Campaign, now: datetime) -> Entered:
    """Let in who fits, if it is time; two at once do it once.

    An audience that can't be read any more lets in nobody, and holds up no other campaign.
    """
    try:
        return _enter_alone(campaign, now)
    except RuleError as error:
        log.warning("audience_unreadable", campaign=campaign.pk, why=str(error))
        return Entered()


@transaction.atomic
def _enter_alone(campaign: Campaign, now: datetime) -> Entered:
    held = Campaign.objects.running().filter(pk=campaign.pk)
    current = held.select_for_update(no_key=True).first()
    if current is None or not is_due(current, now):
        return Entered()
    done = enter(current, now)
    Campaign.objects.filter(pk=current.pk).update(flowed_at=now)
    log.info("campaign_entered", campaign=current.pk, entered=done.entered)
    return done


@transaction.atomic
def enter(campaign: Campaign, now: datetime) -> Entered:
    """Draw everybody of the audience who was not drawn yet. Safe to repeat.

    Whoever was left out is judged anew: they may fit by now.
    """
    if campaign.fix_id:  # two campaigns that tell of one fix come one after the other
        Fix.objects.select_for_update(no_key=True).get(pk=campaign.fix_id)
    sql.run(FORGET_LEFT_OUT, {"campaign": campaign.pk})
    audience = audience_of(campaign).order_by()
    path = Path.read(campaign.path)
    ((entered, left_out),) = sql.run(_statement(audience), _values(campaign, path, now))
    return Entered(entered, left_out)


def _statement(audience: QuerySet[Customer]) -> str:
    return ENTER.format(
        audience=sql.literal(audience.values("id")),
        own_language=spoken("person.language"),
        their_language=spoken("customer.language"),
        country_language=of_country("customer.country"),
        held_out=HELD_OUT.format(salt="%(salt)s", customer="customer.id", percent="%(holdout)s"),
        variant=VARIANT.format(salt="%(salt)s", customer="customer.id", bounds="%(bounds)s"),
    )


def _values(campaign: Campaign, path: Path, now: datetime) -> dict[str, Any]:
    return {
        "campaign": campaign.pk,
        "kind": campaign.kind_of_mail,
        "salt": campaign.salt,
        "holdout": campaign.holdout_percent,
        "variants": [variant.key for variant in path.variants],
        "bounds": bounds([variant.weight for variant in path.variants]),
        "strength": campaign.strength,
        "fix": campaign.fix_id,
        "mails": bool(path.mails()),
        "first": path.first,
        "languages": list(path.languages),
        "source_language": SOURCE_LANGUAGE,
        "roles": list(campaign.roles) or list(ROLES),
        "erased": ERASED[1],
        "blocked": sorted(_blocked(audience_of(campaign))),
        "today": now.astimezone(Organisation.current().zone).date(),
        "now": now,
    }


def _blocked(audience: QuerySet[Customer]) -> dict[int, str]:
    """Contacts of the audience whose address takes no mail of campaigns."""
    standing = Suppression.objects.filter(lifted_at=None, purpose__in=("", MailPurpose.CAMPAIGN))
    if not standing.exists():
        return {}
    return blocked(Contact.objects.filter(customer__in=audience), standing_hmacs())
