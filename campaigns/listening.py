"""What offers make of deeds on customers; found by its name when Django starts."""

from campaigns.models import Grant
from campaigns.services.merging import move_places, move_tellings
from customers.services.merges import Merger, movers


def move_offers(merger: Merger) -> None:
    """Offers made to a customer go along when its record becomes one with another."""
    carry_keys(merger)
    Grant.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(Grant.objects.all())


def carry_keys(merger: Merger) -> None:
    """Let keys name who is kept, so that nothing is made again; where both have one, both stay."""
    ending = f":{merger.merged.pk}"
    keyed = {
        grant.key.removesuffix(ending) + f":{merger.kept.pk}": grant
        for grant in Grant.objects.filter(customer=merger.merged, key__endswith=ending)
    }
    taken = set(Grant.objects.filter(key__in=list(keyed)).values_list("key", flat=True))
    free = {key: grant for key, grant in keyed.items() if key not in taken}
    for key, grant in free.items():
        grant.key = key
    Grant.objects.bulk_update(free.values(), ["key"])


movers += [move_offers, move_places, move_tellings]
