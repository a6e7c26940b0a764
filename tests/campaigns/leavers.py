"""Somebody on the way out: their link, and its buttons pressed as the page has them."""

import re

from campaigns.leaving.links import path_of
from campaigns.models import CancelVisit
from campaigns.services.leaving import Shown, Wish, answer, leave, make_visit
from tests.campaigns.payers import NOW
from tests.factories import make_contact, make_customer, make_subscription, make_user, stand

NOTHING = Shown()


def subscriber(country="NO", arr=1200, **fields):
    """A customer who pays 100.00 a month, with an owner."""
    customer = make_customer(owner=make_user(name="Olga"), country=country)
    make_subscription(customer, arr=arr, **fields)
    stand(customer)
    return customer


def visit_of(customer, *, now, key="k", contact=None, **fields):
    contact = contact or make_contact(customer, language=fields.pop("language", "en"))
    return make_visit(Wish(customer, contact, key, **fields), now=now, by=None)


def left_by(visit, told=None, now=NOW):
    if told is not None:
        visit = answer(visit, told, NOTHING, now=now)
    return leave(visit, NOTHING, now=now)


def fresh(visit):
    return CancelVisit.objects.select_related("grant", "flow", "reason").get(pk=visit.pk)


def buttons(page):
    """What the page's buttons do, in their order."""
    return re.findall(r'<button class="button" type="submit" name="do" value="(\w+)"', page)


def fields_of(page):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def press(client, visit, deed, page=None, **fields):
    """Press a button of a page as it stands, or of one that was opened before."""
    address = path_of(visit)
    page = page or client.get(address).content.decode()
    return client.post(address, fields_of(page) | {"do": deed} | fields)


def walk(client, visit, *deeds, **first):
    """Press one button after the other, each on the page that the one before led to."""
    page = client.get(path_of(visit)).content.decode()
    for number, deed in enumerate(deeds):
        assert deed in buttons(page), (deed, buttons(page))
        answer = press(client, visit, deed, page, **(first if number == 0 else {}))
        assert answer.status_code == 302, answer.content.decode()
        page = client.get(answer.headers["Location"]).content.decode()
    return page
