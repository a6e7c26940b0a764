"""The register of competitors: add, name, merge, retire.

No two go by the same name. A name that was given up by renaming stays, since customers said it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Competitor, CompetitorName
from customers.models.competitor import in_plain
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

LONGEST_NAME = 200


@dataclass(frozen=True)
class CompetitorDetails:
    """What is known of a competitor beside its offers."""

    name: str
    website: str = ""
    notes: str = ""


@transaction.atomic
def add_competitor(details: CompetitorDetails, *, by: User | None) -> Competitor:
    """Add one to the register. Raises RuleError for a name that another goes by."""
    text = _tidy(details.name)
    competitor = Competitor.objects.create(
        name=text, website=details.website, notes=details.notes.strip()
    )
    _call(competitor, text)
    _tell(competitor, "competitor_added", by, {"name": [None, text]})
    return competitor


@transaction.atomic
def edit_competitor(
    competitor: Competitor, details: CompetitorDetails, *, by: User | None
) -> Competitor:
    """Say it otherwise; the name it had stays one that it goes by."""
    _hold(competitor)
    was = CompetitorDetails(competitor.name, competitor.website, competitor.notes)
    now = CompetitorDetails(_tidy(details.name), details.website, details.notes.strip())
    if not _goes_by(competitor, now.name):
        _call(competitor, now.name)
    elif in_plain(now.name) == in_plain(was.name):
        competitor.names.filter(plain=in_plain(now.name)).update(text=now.name)
    for field, value in asdict(now).items():
        setattr(competitor, field, value)
    competitor.save(update_fields=["name", "website", "notes"])
    before = asdict(was)
    changes = {
        name: [before[name], value] for name, value in asdict(now).items() if before[name] != value
    }
    _tell(competitor, "competitor_edited", by, changes)
    return competitor


@transaction.atomic
def add_name(competitor: Competitor, name: str, *, by: User | None) -> CompetitorName:
    """Another name it goes by: departures that name it count from now on, past ones too."""
    _hold(competitor)
    text = _tidy(name)
    if _goes_by(competitor, text):
        raise RuleError(_("That is one of its names already."), field="name")
    made = _call(competitor, text)
    _tell(competitor, "competitor_name_added", by, {"name": [None, text]})
    return made


@transaction.atomic
def take_name_away(name: CompetitorName, *, by: User | None) -> None:
    """It does not go by that name. Raises RuleError for the name it stands under."""
    competitor = name.competitor
    _hold(competitor)
    if in_plain(name.text) == in_plain(competitor.name):
        raise RuleError(_("It stands in the register under this name. Rename it first."))
    if not CompetitorName.objects.filter(pk=name.pk).delete()[0]:
        raise RuleError(_("This name is no longer there."))
    _tell(competitor, "competitor_name_removed", by, {"name": [name.text, None]})


@transaction.atomic
def merge_competitors(kept: Competitor, merged: Competitor, *, by: User | None) -> Competitor:
    """Count the names and offers of `merged` as those of `kept`; `separate_competitor` undoes it.

    Raises RuleError if one of the two is merged already, or has others merged into it.
    """
    if kept.pk == merged.pk:
        raise RuleError(_("Choose two different competitors."), field="into")
    _hold(kept, merged)
    if kept.merged_into_id or merged.merged_into_id:
        raise RuleError(_("One of the two has been merged already."), field="into")
    if merged.merged.exists():
        text = _("Others are merged into %(name)s. Merge it the other way round.")
        raise RuleError(text % {"name": merged}, field="into")
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    _tell(merged, "competitor_merged", by, {"merged_into": [None, kept.name]})
    _tell(kept, "competitor_merged", by, {"merged": [None, merged.name]})
    return kept


@transaction.atomic
def separate_competitor(merged: Competitor, *, by: User | None) -> Competitor:
    """Let one that was merged stand by itself again, with its names and offers."""
    _hold(merged)
    if merged.merged_into is None:
        raise RuleError(_("It stands by itself already."))
    kept = merged.merged_into
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    _tell(merged, "competitor_separated", by, {"merged_into": [kept.name, None]})
    return merged


@transaction.atomic
def retire_competitor(competitor: Competitor, *, by: User | None) -> Competitor:
    """Suggest it no longer; what was lost to it stays."""
    return _set_retired(competitor, database_clock(), "competitor_retired", by)


@transaction.atomic
def bring_back_competitor(competitor: Competitor, *, by: User | None) -> Competitor:
    """Suggest a retired one again."""
    return _set_retired(competitor, None, "competitor_brought_back", by)


@transaction.atomic
def remove_competitor(competitor: Competitor, *, by: User | None) -> None:
    """Take it out of the register. Raises RuleError if there is anything that would be lost."""
    _hold(competitor)
    if competitor.offers.exists():
        raise RuleError(_("It has offers on record. Retire it instead."))
    if competitor.merged_into_id or competitor.merged.exists():
        raise RuleError(_("It is merged with another. Separate the two first."))
    names = list(competitor.names.values_list("text", flat=True))
    _tell(competitor, "competitor_removed", by, {"names": [names, None]})
    competitor.delete()


def _set_retired(
    competitor: Competitor, at: datetime | None, verb: str, by: User | None
) -> Competitor:
    _hold(competitor)
    if competitor.merged_into_id:
        raise RuleError(_("It has been merged into another competitor."))
    if bool(competitor.retired_at) == bool(at):
        raise RuleError(_("That is how it is already."))
    before, competitor.retired_at = competitor.retired_at, at
    competitor.save(update_fields=["retired_at"])
    changes = {"retired_at": [before and before.isoformat(), at and at.isoformat()]}
    _tell(competitor, verb, by, changes)
    return competitor


def _hold(*competitors: Competitor) -> None:
    """Whoever changes these waits here."""
    ids = {competitor.pk for competitor in competitors}
    held = Competitor.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    if len(held) < len(ids):
        raise RuleError(_("This competitor is no longer there."))
    for competitor in competitors:
        competitor.refresh_from_db()


def _tidy(name: str) -> str:
    """A name without spaces that say nothing; no name and one too long are refused."""
    text = " ".join(name.split())
    if not text:
        raise RuleError(_("Give it a name."), field="name")
    if len(text) > LONGEST_NAME:
        raise RuleError(_("A name has 200 characters at most."), field="name")
    return text


def _goes_by(competitor: Competitor, text: str) -> bool:
    return competitor.names.filter(plain=in_plain(text)).exists()


def _call(competitor: Competitor, text: str) -> CompetitorName:
    """Give it a name, unless another goes by it."""
    try:
        with transaction.atomic():
            return CompetitorName.objects.create(competitor=competitor, text=text)
    except IntegrityError as error:
        namesake = CompetitorName.objects.filter(plain=in_plain(text)).first()
        words = {"name": text, "other": namesake.competitor if namesake else "?"}
        raise RuleError(
            _("%(name)s is a name of %(other)s already.") % words, field="name"
        ) from error


def _tell(competitor: Competitor, verb: str, by: User | None, changes: dict[str, Any]) -> None:
    audit(Deed(verb, by, database_clock()), competitor, changes)
