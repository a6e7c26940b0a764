"""Campaigns over the API: made, launched, held and ended by another program."""

import pytest

from campaigns.models import Campaign, Recipient
from tests.api.calls import Caller, found, ids
from tests.campaign_factories import WORDS, make_campaign, make_recipient
from tests.campaigns.running import go_on
from tests.factories import make_contact, make_customer, make_organisation, make_user

pytestmark = pytest.mark.django_db
PATH = {
    "languages": ["en"],
    "steps": [
        {"key": "hello", "kind": "mail", "texts": {"a": {"en": WORDS}}},
        {"key": "w", "kind": "wait", "days": 2},
        {"key": "call", "kind": "task", "what": "Call them"},
    ],
}
NEW = {"name": "Come back", "kind": "win_back", "audience": "country=NO", "path": PATH}


@pytest.fixture
def manager():
    return Caller(make_user("manager"))


def test_one_is_made_launched_and_ended(manager):
    contact = make_contact()
    made = found(manager.post("campaigns/", NEW | {"holdout_percent": 0}), 201)
    assert made["state"] == "draft"
    assert made["path"]["steps"][0]["texts"]["a"]["en"]["subject"] == WORDS["subject"]
    at = f"campaigns/{made['id']}/"
    assert found(manager.post(f"{at}launch/", {}))["state"] == "running"
    go_on(Campaign.objects.get())
    (row,) = found(manager.get("recipients/", campaign=made["id"]))["results"]
    assert row["customer_id"] == contact.customer.external_id
    assert (row["state"], row["step"]) == ("under_way", "call")
    assert found(manager.post(f"{at}pause/", {"because": "A doubt"}))["paused_because"] == "A doubt"
    assert found(manager.post(f"{at}resume/"))["paused_at"] is None
    assert found(manager.post(f"{at}finish/"))["state"] == "finished"
    assert Recipient.objects.get().why == "finished"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"audience": "colour=red"}, "audience"),
        ({"audience": "risk=high"}, "audience"),
        ({"kind": "spam"}, "kind"),
        ({"holdout_percent": 95}, "holdout_percent"),
        (
            {"path": {"languages": ["en"], "steps": [{"key": "x", "kind": "mail", "html": "x"}]}},
            "path",
        ),
        ({"path": {"languages": ["xx"], "steps": []}}, "path"),
        ({"path": []}, "path"),
        ({"name": ""}, "name"),
        ({"salt": "x"}, "salt"),
    ],
)
def test_what_can_not_be_is_refused_by_its_name(manager, change, field):
    told = found(manager.post("campaigns/", NEW | change), 400)
    assert field in told
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "steps, said",
    [
        ([], "no steps yet"),
        ([{"key": "a", "kind": "wait", "days": 0}], "It waits 0 days"),
        ([{"key": "a", "kind": "mail"}], "lacks: the subject, the text"),
        ([{"key": "a", "kind": "wait", "days": 1, "then": "b"}], "no later step"),
        ([{"key": "a", "kind": "branch"}], "does not say what it asks"),
        ([{"key": "a", "kind": "until", "asks": "clicked"}], "wait for ever"),
        ([{"key": "a", "kind": "offer"}], "which offer"),
        ([{"key": "a", "kind": "offer", "offer": 999}], "stopped or gone"),
        (
            [
                {
                    "key": "a",
                    "kind": "mail",
                    "texts": {"a": {"en": {"subject": "{{ x }}", "body": "y"}}},
                }
            ],
            "is no placeholder",
        ),
        (
            [{"key": "a", "kind": "wait", "days": 1}, {"key": "a", "kind": "wait", "days": 1}],
            "called",
        ),
    ],
)
def test_a_launch_says_what_speaks_against_it(manager, steps, said):
    campaign = make_campaign(path={"languages": ["en"], "steps": steps})
    told = found(manager.post(f"campaigns/{campaign.pk}/launch/", {}), 400)
    assert said in str(told)
    assert Campaign.objects.get().state == "draft"


def test_once_launched_only_its_name_and_note_change(manager):
    campaign = make_campaign()
    at = f"campaigns/{campaign.pk}/"
    found(manager.post(f"{at}launch/", {}))
    assert found(manager.patch(at, {"name": "Better"}))["name"] == "Better"
    told = found(manager.patch(at, {"holdout_percent": 0, "audience": "country=SE"}), 400)
    assert "has been launched" in str(told)


def test_a_csm_of_their_own_sees_their_own_recipients():
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    mine = make_recipient(customer=make_customer(owner=csm))
    make_recipient()
    assert ids(Caller(csm).get("recipients/")) == [mine.pk]
