"""Two records of one customer become one: what was asked and answered goes along."""

from customers.services.merges import Merger
from feedback.models import Invitation, Response, WebhookDelivery


def move_opinions(merger: Merger) -> None:
    """Move answers and invitations, so that figures of the past stay and nobody is asked twice."""
    carry_keys(merger)
    for rows in (merger.merged.invitations, merger.merged.responses):
        rows.update(customer=merger.kept)
    WebhookDelivery.objects.filter(customer=merger.merged).update(customer=merger.kept)
    merger.hand_over(Invitation.objects.all(), Response.objects.all())


def carry_keys(merger: Merger) -> None:
    """Let the keys of invitations name who is kept: by them a rule knows whom it has asked.

    Where both were asked about the same, such as in one quarter, the key of the kept one stands.
    """
    keyed = {key_after(each.dedupe_key, merger): each for each in merger.merged.invitations.all()}
    taken = Invitation.objects.filter(dedupe_key__in=list(keyed))
    for key in taken.values_list("dedupe_key", flat=True):
        del keyed[key]
    for key, invitation in keyed.items():
        invitation.dedupe_key = key
    Invitation.objects.bulk_update(keyed.values(), ["dedupe_key"])


def key_after(key: str, merger: Merger) -> str:
    """`rule:1:renewal:5:2026-01-01:12` ends with its customer, `wish:a:contact:7:12` too."""
    *told, customer = key.split(":")
    if customer != str(merger.merged.pk):
        return key
    if told[-2:-1] == ["contact"] and told[-1].isdecimal():
        contact = int(told[-1])
        told[-1] = str(merger.contacts.get(contact, contact))
    return ":".join([*told, str(merger.kept.pk)])
