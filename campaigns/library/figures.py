"""How contents are received: to how many they were sent, and how many people followed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from campaigns.models import Content, ContentSent, LinkHit

BY_A_CAMPAIGN = Q(how=ContentSent.How.CAMPAIGN)


@dataclass(frozen=True)
class Received:
    """Customers to whom a content was sent, and those where a person followed a campaign's link.

    Personal mails hold the plain address, so only mails of campaigns can tell who followed.
    `programs` are customers whose links only programs looked at.
    """

    sent: int = 0
    by_campaigns: int = 0
    followed: int = 0
    programs: int = 0

    @property
    def share(self) -> float | None:
        """Of those to whom campaigns sent it."""
        return min(1.0, self.followed / self.by_campaigns) if self.by_campaigns else None


def received(contents: Iterable[Content]) -> dict[int, Received]:
    """How each content was received, in two questions whatever their number."""
    keys = [content.pk for content in contents]
    gone = ContentSent.objects.gone_out().filter(content__in=keys).order_by()
    customers = Count("customer", distinct=True)
    by_campaigns = Count("customer", distinct=True, filter=BY_A_CAMPAIGN)
    counted = gone.values("content").annotate(all=customers, campaigns=by_campaigns)
    sent = {row[0]: row[1:] for row in counted.values_list("content", "all", "campaigns")}
    hits = LinkHit.objects.filter(content__in=keys).order_by().values("content")
    people = Count("recipient__customer", distinct=True, filter=Q(because=""))
    told = hits.annotate(people=people, all=Count("recipient__customer", distinct=True))
    followed = {row[0]: row[1:] for row in told.values_list("content", "people", "all")}
    nothing = (0, 0)
    return {key: _of_one(sent.get(key, nothing), followed.get(key, nothing)) for key in keys}


def _of_one(sent: tuple[int, int], followed: tuple[int, int]) -> Received:
    return Received(sent[0], sent[1], followed[0], followed[1] - followed[0])
