"""One campaign: its state, its path drawn with who is where, who was left out, what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from campaigns.models import Campaign
from campaigns.paths import Path
from campaigns.sequences.words import why_words
from campaigns.views.campaign_list import rows_of
from campaigns.views.drawing import audience_facts, draw
from campaigns.views.finding import VIEW, audience_words, campaign_or_404, offer_names, tabs
from customers.views.access import allowed


@require_GET
@allowed(VIEW)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_or_404(pk)
    path = Path.read(campaign.path)
    facts = audience_facts(campaign)
    (row,) = rows_of([campaign])
    context = tabs(request, campaign, "overview") | {
        "drawing": draw(campaign, offer_names(path)),
        "row": row,
        "audience": audience_words(campaign.audience),
        "states": facts["states"],
        "left_out": said(facts["left_out"]),
        "went": said(facts["went"]),
        "computed_at": timezone.now(),
        "is_over": campaign.state in {Campaign.State.FINISHED, Campaign.State.ARCHIVED},
    }
    return render(request, "campaigns/overview.html", context)


def said(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Codes with their words and counts, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(code, why_words(code), count) for code, count in ranked]
