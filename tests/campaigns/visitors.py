"""Somebody at the page of an offer: where its link leads, and forms as the page sends them."""

import re

from campaigns.granting import grant as make_offers
from campaigns.links import path_of
from campaigns.models import Grant
from tests.factories import make_contact, make_customer, make_subscription
from tests.feedback.visitors import client, stamp, words

__all__ = ["address", "client", "made", "press", "stamp", "words"]


def made(offer, customer=None, *, now, **contact):
    """An offer made to somebody at a paying customer."""
    if customer is None:
        customer = make_customer()
        make_subscription(customer)
    person = make_contact(customer, **contact)
    key = f"t:{offer.pk}"
    assert make_offers(offer, [(customer.pk, person.pk)], key=key, now=now) == {}
    return Grant.objects.select_related("offer").get(offer=offer, customer=customer)


def address(grant, lang=""):
    return path_of(grant) + (f"?lang={lang}" if lang else "")


def press(client, grant, deed, **fields):
    """Press a button of the page as it stands."""
    page = client.get(address(grant)).content.decode()
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    data = {"stamp": found[1] if found else stamp(), "lang": "en", "do": deed} | fields
    return client.post(address(grant), data)
