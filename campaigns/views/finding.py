"""One campaign behind an address, and what its pages have in common."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from campaigns.models import Campaign, Offer
from campaigns.paths import Path
from churnapp.common.typed_numbers import fits_bigint
from churnapp.models import User
from customers.models import Segment
from customers.views.filter_words import filter_label, filter_words
from customers.views.segments import segments_to_choose

VIEW, CHANGE = "campaigns.view_campaign", "campaigns.change_campaign"
LAUNCH = "campaigns.launch_campaign"


def campaign_or_404(pk: int) -> Campaign:
    together = ("goal_feature", "fix", "batch", "launched_by", "paused_by")
    return get_object_or_404(Campaign.objects.select_related(*together), pk=pk)


def offer_names(path: Path) -> dict[int, str]:
    """The offers of a path by number."""
    offers = path.offers()
    return dict(Offer.objects.filter(pk__in=offers).values_list("pk", "name")) if offers else {}


def audiences(user: User) -> list[tuple[str, str]]:
    """Saved segments, then saved views, each by the query that chooses it."""
    saved = [(f"segment={one.pk}", one.name) for one in Segment.objects.in_use()]
    return [*saved, *segments_to_choose(user)]


def audience_words(query: str) -> list[tuple[str, str]]:
    """Each condition of an audience with its label, as a person says it."""
    asked = QueryDict(query)
    keys = [key for key in asked.getlist("segment") if fits_bigint(key)]
    segments = {
        str(pk): name for pk, name in Segment.objects.filter(pk__in=keys).values_list("pk", "name")
    }
    said = []
    for name, values in asked.lists():
        known = segments if name == "segment" else filter_words(name, values)
        words = ", ".join(str(known.get(value, value)) for value in values)
        said.append((str(filter_label(name)), words))
    return said


def tabs(request: HttpRequest, campaign: Campaign, tab: str) -> dict[str, Any]:
    """What every page of one campaign shows around its own."""
    return {"campaign": campaign, "tab": tab}
