"""The page of reasons: its history, what may be changed, and what waits to be sorted."""

import pytest
from django.utils import timezone

from customers.models import CancellationReason
from customers.reading.renewing import read_departures
from customers.services.reasons import install_reason_list
from tests.factories import make_cancellation, make_customer, make_user

pytestmark = pytest.mark.django_db
PAGE = "/cancellations/reasons/"


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    install_reason_list("subscription")
    return client


def reason(key):
    return CancellationReason.objects.get(key=key)


def line(client, key):
    lines = client.get(PAGE).context["lines"]
    return next((one for one in lines if one.newest.reason.key == key), None)


def words(**given):
    return {"en": "Too dear", "category": "price", "asks": "", "avoidable": "on"} | given


def test_a_reason_is_added_renamed_and_keeps_its_history(manager):
    manager.post(f"{PAGE}add/", words(en="Bad weather", category="customer"))
    assert str(line(manager, "bad-weather").newest) == "Bad weather"
    make_cancellation(reason=reason("price"))
    manager.post(f"{PAGE}{reason('price').pk}/", words())

    told = line(manager, "price")
    assert (str(told.newest), [str(one) for one in told.earlier]) == (
        "Too dear",
        ["Price too high"],
    )
    assert told.count == 1
    assert manager.post(f"{PAGE}add/", words(en="")).status_code == 422


def test_merging_says_what_it_moves(manager):
    gone = make_cancellation(reason=reason("need-gone"))
    address = f"{PAGE}{reason('need-gone').pk}/merge/"
    assert "1 departure moves over" in manager.get(address).content.decode()
    manager.post(address, {"into": reason("price").pk})

    gone.refresh_from_db()
    assert gone.reason == reason("price")
    assert line(manager, "need-gone") is None
    assert [str(one) for one in line(manager, "price").merged] == ["No longer needed"]


def test_a_merge_is_undone_from_the_list(manager):
    gone = make_cancellation(reason=reason("need-gone"))
    merged = f"{PAGE}{reason('need-gone').pk}/"
    manager.post(f"{merged}merge/", {"into": reason("price").pk})
    assert f"{merged}separate/" in manager.get(PAGE).content.decode()

    manager.post(f"{merged}separate/?along=x&along=99999999999999999999")

    gone.refresh_from_db()
    assert gone.reason == reason("need-gone")
    assert line(manager, "need-gone").count == 1


def test_retiring_and_its_undo(manager):
    address = f"{PAGE}{reason('price').pk}/"
    manager.post(f"{address}retire/")
    assert reason("price").retired_at
    manager.post(f"{address}bring-back/")
    assert reason("price").retired_at is None


def test_something_else_is_sorted_many_at_once_and_taken_back(manager):
    leavers = [
        make_cancellation(make_customer(), reason=reason("other"), comment=comment)
        for comment in ("too expensive", "lots of downtime", "bye")
    ]
    read_departures(leavers, now=timezone.now())
    waiting = manager.get(PAGE).context
    assert waiting["unsorted"] == 3
    tokens = [one.token for one in waiting["to_sort"]]
    assert len(tokens) == 2
    manager.post(f"{PAGE}sort/", {"gone": tokens})
    assert sorted(kept(leavers)) == ["other", "price", "reliability"]
    assert manager.get(PAGE).context["to_sort"] == []

    asked = "&".join(f"gone={token}" for token in tokens)
    manager.post(f"{PAGE}unsort/?{asked}")
    assert kept(leavers) == ["other"] * 3
    manager.post(f"{PAGE}sort/", {"gone": tokens, "only": tokens[0]})
    assert sorted(kept(leavers)).count("other") == 2


def kept(leavers):
    for gone in leavers:
        gone.refresh_from_db()
    return [gone.reason.key for gone in leavers]


def test_nonsense_sorts_nothing(manager):
    for tokens in ([], ["x.text"], ["9" * 40 + ".text"], ["1.csm"]):
        assert manager.post(f"{PAGE}sort/", {"gone": tokens}, follow=True).status_code == 200
