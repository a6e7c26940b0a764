"""Segments: made, changed, frozen and put away; who is in them, and what they may not choose by."""

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers import segments
from customers.filters import CustomerFilter, segment
from customers.models import Customer, Segment, SegmentMember
from customers.segments import Size, TookTooLongError, contacts_of, members, patiently, uses
from customers.services.connections import merge_customers
from customers.services.segments import (
    SegmentDetails,
    archive_segment,
    bring_back_segment,
    change_segment,
    copy_segment,
    freeze_segment,
    make_segment,
    thaw_segment,
)
from feedback.models import SendingRule
from tests.factories import (
    make_contact,
    make_customer,
    make_organisation,
    make_subscription,
    make_user,
    stand,
)
from tests.factories import (
    make_segment as made,
)
from tests.feedback_factories import make_survey

pytestmark = pytest.mark.django_db


def names(rows):
    return sorted(str(one) for one in rows)


def verbs(one):
    events = AuditEvent.objects.filter(object_kind="segment", object_id=one.pk)
    return list(events.order_by("pk").values_list("verb", flat=True))


def details(one, **changed):
    kept = {name: getattr(one, name) for name in ("name", "query", "description", "contact_query")}
    return SegmentDetails(**(kept | changed))


def test_a_segment_is_made_tidily_and_told_of(bob):
    one = make_segment(SegmentDetails("  Northern  pros ", "plan=&country=SE&country=NO"), by=bob)
    assert (one.name, one.query) == ("Northern pros", "country=SE&country=NO")
    assert (one.created_by, one.changed_by, one.frozen_at) == (bob, bob, None)
    assert verbs(one) == ["segment_made"]


def test_me_is_whoever_made_it(bob):
    make_customer("Mine", owner=bob)
    make_customer("Other")
    one = make_segment(SegmentDetails("Mine", "owner=me"), by=bob)
    assert names(members(one)) == ["Mine"]
    with pytest.raises(RuleError, match="needs somebody"):
        make_segment(SegmentDetails("Nobody's", "owner=me"), by=None)


@pytest.mark.parametrize(
    "given, field",
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "taken"}, "name"),
        ({"query": ""}, "query"),
        ({"query": "country="}, "query"),
        ({"query": "colour=red"}, "query"),
        ({"query": "lost_in_days=soon"}, "query"),
        ({"query": "segment=999999"}, "query"),
        ({"query": "country=" + "x" * 10_000}, "query"),
        ({"contact_query": "contact_role=boss"}, "contact_query"),
        ({"contact_query": "country=NO"}, "contact_query"),
        ({"description": "x" * 5_001}, "description"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(given, field):
    made("Taken")
    with pytest.raises(RuleError) as refused:
        make_segment(SegmentDetails(**({"name": "New", "query": "country=NO"} | given)), by=None)
    assert refused.value.field == field


def test_members_are_those_who_meet_the_conditions_and_whom_one_may_see(alice):
    make_organisation(csm_sees_own_only=True)
    make_customer("Hers", owner=alice)
    make_customer("Other")
    make_customer("Swede", country="SE")
    one = made(query="country=NO")
    assert names(members(one)) == ["Hers", "Other"]
    assert names(members(one, alice)) == ["Hers"]
    assert names(members(freeze_segment(one, by=None), alice)) == ["Hers"]


def test_frozen_members_stay_and_thawed_ones_follow():
    first = make_customer("First")
    one = made(query="country=NO")
    freeze_segment(one, by=None)
    at = one.frozen_at
    make_customer("Second")
    Customer.objects.filter(pk=first.pk).update(country="SE")
    freeze_segment(one, by=None)
    assert (names(members(one)), one.frozen_at) == (["First"], at)
    assert names(segment(f"segment={one.pk}", Customer.objects.all())) == ["First"]
    thaw_segment(one, by=None)
    thaw_segment(one, by=None)
    assert names(members(one)) == ["Second"]
    assert not SegmentMember.objects.exists()
    assert verbs(one) == ["segment_frozen", "segment_thawed"]
    told = AuditEvent.objects.filter(verb="segment_frozen").get()
    assert told.changes["members"] == [None, 1]


def test_a_frozen_one_keeps_its_conditions_but_not_its_name():
    one = freeze_segment(made(query="country=NO"), by=None)
    with pytest.raises(RuleError, match="frozen"):
        change_segment(one, details(one, query="country=SE"), by=None)
    assert change_segment(one, details(one, name="Other"), by=None).name == "Other"


def test_a_change_tells_what_was_before_and_nothing_where_nothing_changed(bob):
    one = made("Before", query="country=NO")
    change_segment(one, details(one), by=bob)
    assert verbs(one) == []
    change_segment(one, details(one, query="country=SE"), by=bob)
    event = AuditEvent.objects.get(verb="segment_changed")
    assert event.changes == {"query": ["country=NO", "country=SE"]}


def test_who_comes_second_is_told(bob):
    one = made()
    seen = one.changed_at
    change_segment(one, details(one, name="Quicker"), by=bob, seen=seen)
    with pytest.raises(RuleError, match="Somebody else"):
        change_segment(one, details(one, name="Slower"), by=None, seen=seen)


def test_a_segment_never_chooses_among_its_own_members():
    outer, inner = made("Outer"), made("Inner")
    with pytest.raises(RuleError, match="“Outer” would choose among its own") as refused:
        change_segment(outer, details(outer, query=f"segment={outer.pk}"), by=None)
    assert refused.value.field == "query"
    change_segment(outer, details(outer, query=f"segment={inner.pk}"), by=None)
    with pytest.raises(RuleError, match=r"Inner.*own members"):
        change_segment(inner, details(inner, query=f"segment={outer.pk}"), by=None)


def test_a_circle_made_behind_our_back_chooses_nobody_and_says_why(alices_client):
    one = made(query="country=NO")
    Segment.objects.filter(pk=one.pk).update(query=f"segment={one.pk}")
    make_customer("Acme")
    with pytest.raises(RuleError, match="own members"):
        segment(f"segment={one.pk}", Customer.objects.all())
    page = alices_client.get("/customers/", {"segment": one.pk}).content.decode()
    assert "among its own members" in page
    assert "Acme" not in page


def test_segments_stand_in_each_other_only_so_deep():
    last = made(query="country=NO")
    for _level in range(4):
        last = made(query=f"segment={last.pk}")
    make_customer("Deep")
    assert names(segment(f"segment={last.pk}", Customer.objects.all())) == ["Deep"]
    last = made(query=f"segment={last.pk}")
    with pytest.raises(RuleError, match="more than 5 deep"):
        segment(f"segment={last.pk}", Customer.objects.all())


def test_either_of_two_segments():
    make_customer("Nor")
    make_customer("Swe", country="SE")
    make_customer("Dan", country="DK")
    nor, swe = made(query="country=NO"), freeze_segment(made(query="country=SE"), by=None)
    chosen = segment(f"segment={nor.pk}&segment={swe.pk}", Customer.objects.all())
    assert names(chosen) == ["Nor", "Swe"]


def test_the_people_meant_work_there_have_the_role_and_the_language():
    acme = make_customer("Acme", language="sv")
    make_contact(acme, name="Own language", role="champion", language="nb")
    make_contact(acme, name="Customer's", role="champion")
    make_contact(acme, name="Other role", role="billing")
    make_contact(acme, name="Left", role="champion", left_on="2020-01-01")
    make_contact(acme, name="Erased", role="champion", email="erased-1@erased.invalid")
    make_contact(make_customer(country="SE"), name="Elsewhere", role="champion")
    one = made(query="country=NO", contact_query="contact_role=champion")
    assert names(contacts_of(one)) == ["Customer's", "Own language"]
    one.contact_query += "&contact_language=sv"
    assert names(contacts_of(one)) == ["Customer's"]


def test_size_and_value_are_one_question(django_assert_num_queries):
    for arr in (1200, 600):
        make_subscription(make_customer(), arr=arr)
    make_customer()
    stand()
    with django_assert_num_queries(1):
        assert Size.of(Customer.objects.all()) == Size(3, 180_000)
    assert Size.of(Customer.objects.none()) == Size(0, 0)


def test_an_archived_one_means_the_same_and_leaves_its_name_to_others():
    make_customer("Acme")
    one = archive_segment(made("Norway", query="country=NO"), by=None)
    archive_segment(one, by=None)
    assert verbs(one) == ["segment_archived"]
    assert names(segment(f"segment={one.pk}", Customer.objects.all())) == ["Acme"]
    assert str(one.pk) not in dict(CustomerFilter.base_filters["segment"].offers())
    other = made("Norway")
    with pytest.raises(RuleError, match="called Norway"):
        bring_back_segment(one, by=None)
    archive_segment(other, by=None)
    assert bring_back_segment(one, by=None).archived_at is None


def test_a_copy_is_not_frozen_and_has_a_name_of_its_own(bob):
    one = freeze_segment(made("Norway", query="country=NO"), by=None)
    first, second = copy_segment(one, by=bob), copy_segment(one, by=bob)
    assert (first.name, second.name) == ("Copy of Norway", "Copy of Norway 2")
    assert (first.query, first.frozen_at) == (one.query, None)


def test_where_a_segment_is_in_use_is_told():
    one, other = made("One"), made("Other")
    outer = made("Outer", query=f"country=NO&segment={one.pk}")
    rule = SendingRule.objects.create(
        survey=make_survey(name="NPS"), trigger="quarterly", segment=f"segment={one.pk}"
    )
    found = uses([one.pk, other.pk, outer.pk])
    assert {use.what: use.href for use in found[one.pk]} == {
        "Outer": f"/segments/{outer.pk}/",
        "NPS": f"/surveys/rules/{rule.pk}/",
    }
    assert set(found) == {one.pk}


def test_merged_customers_are_in_a_frozen_segment_once():
    kept, merged = make_customer("Kept"), make_customer("Merged")
    both = freeze_segment(made(query="country=NO"), by=None)
    Customer.objects.filter(pk=kept.pk).update(country="SE")
    one = freeze_segment(made("Other", query="country=NO"), by=None)
    merge_customers(kept, merged, by=None)
    assert names(members(both)) == names(members(one)) == ["Kept"]


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(segments, "PATIENCE_MS", 20)
    with pytest.raises(TookTooLongError), patiently():
        list(Customer.objects.raw("SELECT 1 AS id FROM pg_sleep(1)"))
    make_user()
    with patiently():
        assert not Customer.objects.exists()


def test_a_segment_that_can_no_longer_be_read_says_so():
    make_customer(attributes={"branch": "rail"})
    one = made(query="branch=rail")
    Customer.objects.update(attributes={})
    with pytest.raises(RuleError, match="branch"):
        members(one)
