"""Which campaigns, and which offers, are for the customers of a segment."""

from collections.abc import Iterator

from django.urls import reverse

from campaigns.models import Campaign, Offer
from customers.segments import Use, segments_in


def campaigns_by_segments(keys: set[int]) -> Iterator[Use]:
    """The campaigns, but for archived ones, whose audience is one of these segments."""
    for campaign in Campaign.objects.to_show().filter(audience__contains="segment="):
        for key in segments_in(campaign.audience) & keys:
            yield Use(key, campaign.name, reverse("campaigns:overview", args=[campaign.pk]))


def offers_by_segments(keys: set[int]) -> Iterator[Use]:
    """The offers, but for archived ones, that are only for customers of these segments."""
    in_use = Offer.objects.filter(archived_at=None)
    for offer in in_use.filter(eligible__contains="segment="):
        for key in segments_in(offer.eligible) & keys:
            yield Use(key, offer.name, reverse("offers:offer", args=[offer.pk]))
