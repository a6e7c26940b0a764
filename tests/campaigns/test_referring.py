"""Who came by a referral: found by their address, judged, or matched by a person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Referral
from campaigns.personal import forget_referrals
from campaigns.referring.matching import match_new
from campaigns.referring.rewarding import reward_due
from campaigns.services import referring
from campaigns.services.referring import Came, link_for, refer
from churnapp.common.errors import RuleError
from churnapp.common.personal import Whose, registry
from customers.privacy.people import Person
from customers.services.connections import merge_customers
from tests.campaign_factories import (
    make_referral,
    make_referral_link,
)
from tests.campaigns.referred import came, link, pays, signed_up, state_of
from tests.factories import (
    make_contact,
    make_customer,
    make_user,
)

__all__ = ["link"]
pytestmark = pytest.mark.django_db
REFERRALS = Referral._meta.db_table


def test_who_has_the_very_address_is_matched_by_itself(link):
    referral, customer = came(link), signed_up(email="KARI@nordlys.example")

    assert match_new(timezone.now()) == 1
    referral.refresh_from_db()

    assert (referral.state, referral.customer, referral.matched_how) == (
        "matched", customer, "email",
    )  # fmt: skip
    assert referral.contact.email == "KARI@nordlys.example"
    assert match_new(timezone.now()) == 0


@pytest.mark.parametrize(
    "email, name",
    [("ola@nordlys.example", "Something else"), ("ola@gmail.com", "NORDLYS A/S")],
)
def test_a_domain_or_an_alike_name_is_suggested_only(link, email, name):
    referral, customer = came(link), signed_up(email=email, name=name)

    match_new(timezone.now())
    referral.refresh_from_db()

    assert (referral.state, referral.suggested) == ("new", customer)


def test_a_public_mail_domain_and_another_name_suggest_nothing(link):
    referral = make_referral(link, email="kari@gmail.com", company="Nordlys AS")
    signed_up(email="ola@gmail.com", name="Bergtind Bygg")

    match_new(timezone.now())
    referral.refresh_from_db()

    assert (referral.state, referral.suggested) == ("new", None)


def test_a_suggestion_that_a_person_refused_does_not_come_again(link):
    referral, customer = came(link), signed_up(email="ola@nordlys.example")
    match_new(timezone.now())
    referring.not_them(referral, by=make_user())

    assert match_new(timezone.now()) == 0
    referral.refresh_from_db()
    assert (referral.suggested, referral.not_them) == (None, [customer.pk])


def test_the_customer_itself_brings_nothing(link):
    referral = make_referral(link, email="anna@fjord.example")
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "self")


def test_a_company_of_the_same_group_brings_nothing(link):
    referral = came(link)
    signed_up(parent=link.customer)
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "self")


def test_an_address_of_who_referred_brings_nothing_at_a_new_customer(link):
    referral, customer = came(link), signed_up()
    make_contact(customer, email="anna@fjord.example")
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "same_address")


def test_a_domain_of_who_referred_brings_nothing_but_a_public_one_may(link):
    make_contact(link.customer, email="anna@gmail.com")
    own = make_referral(link, email="per@fjord.example")
    signed_up(email="per@fjord.example", name="Per privat")
    public = make_referral(link, email="kari@gmail.com")
    signed_up(email="kari@gmail.com", name="Bergtind Bygg")

    match_new(timezone.now())

    assert state_of(own) == ("refused", "same_domain")
    assert state_of(public) == ("matched", "")


def test_addresses_of_erased_people_are_not_of_one_company(link):
    make_contact(link.customer, email="erased-1@erased.invalid")
    referral, customer = came(link), signed_up()
    make_contact(customer, email="erased-2@erased.invalid")
    match_new(timezone.now())
    assert state_of(referral) == ("matched", "")


def test_who_was_a_customer_before_was_not_brought(link):
    referral = came(link)
    pays(signed_up(days_ago=400), days_ago=400)
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "existing_customer")


def test_who_had_signed_up_before_was_not_brought(link):
    referral = came(link)
    signed_up(days_ago=3)
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "existing_customer")


@pytest.mark.parametrize(
    "gone_days, outcome",
    [(100, ("refused", "former_customer")), (500, ("matched", ""))],
)
def test_who_left_counts_as_new_after_so_many_months(link, gone_days, outcome):
    referral = came(link)
    pays(signed_up(days_ago=900), days_ago=900, days=900 - gone_days)
    match_new(timezone.now())
    assert state_of(referral) == outcome


def test_who_signs_up_too_late_brings_nothing(link):
    referral = came(link, days_ago=200)
    signed_up(days_ago=50)
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "too_late")


def test_who_never_signs_up_is_given_up(link):
    referral, young = came(link, days_ago=98), make_referral(link)
    match_new(timezone.now())
    assert state_of(referral) == ("refused", "no_sign_up")
    assert state_of(young) == ("new", "")


def test_the_first_who_referred_somebody_has_them(link):
    first, second = came(link, days_ago=2), came(make_referral_link(link.program), days_ago=1)
    signed_up()
    match_new(timezone.now())
    assert state_of(first)[0] == "matched"
    assert state_of(second) == ("refused", "referred_before")


def test_the_link_of_a_customer_is_one_and_its_code_is_long(link):
    one = link_for(link.program, link.customer, by=None)
    assert one == link_for(link.program, link.customer, by=None)
    assert len(one.code) == 12
    assert one.code != link_for(link.program, make_customer(), by=None).code


def test_a_code_with_its_customer_is_matched_at_once(link):
    customer = signed_up(days_ago=5)
    told = Came(customer=customer, came_from="api")
    referral = refer(link, told, now=timezone.now())
    assert (referral.state, referral.matched_how) == ("matched", "code")
    assert refer(link, told, now=timezone.now()) == referral


def test_a_code_named_long_after_the_sign_up_is_refused(link):
    customer = signed_up(days_ago=200)
    referral = refer(link, Came(customer=customer, came_from="api"), now=timezone.now())
    assert (referral.state, referral.why) == ("refused", "existing_customer")


def test_a_person_is_told_why_a_customer_can_not_be_them(link):
    referral, customer = came(link), signed_up(days_ago=30)
    with pytest.raises(RuleError, match="before they were referred"):
        referring.confirm(referral, customer, now=timezone.now(), by=make_user())
    assert state_of(referral) == ("new", "")


def test_a_person_confirms_refuses_and_undoes(link):
    user, now = make_user(), timezone.now()
    referral, customer = came(link), signed_up(email="ola@other.example", name="Else")
    referring.confirm(referral, customer, now=now, by=user)
    assert state_of(referral) == ("matched", "")
    referring.refuse(referral, now=now, by=user)
    assert state_of(referral) == ("refused", "by_hand")
    referring.reopen(referral, by=user)
    assert state_of(referral) == ("matched", "")
    referring.not_them(referral, by=user)
    assert state_of(referral) == ("new", "")


def test_what_the_rules_refused_stays_refused(link):
    referral = came(link)
    signed_up(days_ago=30)
    match_new(timezone.now())
    with pytest.raises(RuleError, match="before they were referred"):
        referring.reopen(referral, by=make_user())


def test_links_and_referrals_go_along_when_two_records_become_one(link):
    kept, referral, customer = make_customer(), came(link), signed_up()
    match_new(timezone.now())
    twin = signed_up(email="kari2@nordlys.example", name="Nordlys 2")
    other = make_referral(make_referral_link(link.program), customer=twin, state="matched")

    merge_customers(kept, link.customer, by=make_user("manager"))
    merge_customers(customer, twin, by=make_user("manager"))

    link.refresh_from_db()
    assert link.customer == kept
    assert state_of(referral) == ("matched", "")
    assert state_of(other) == ("refused", "referred_before")


def test_rewards_are_asked_for_in_the_same_number_of_queries(link, django_assert_max_num_queries):
    for number in range(30):
        make_referral(link, email=f"x{number}@y{number}.example", company=f"Zq{number * 7919}")
    with django_assert_max_num_queries(8):
        match_new(timezone.now())
        reward_due(timezone.now())
    assert Referral.objects.filter(state="new").count() == 30


def what_is_kept_of_referrals():
    return next(each for each in registry.about(Whose.CONTACT) if each.model is Referral)


def index_of_addresses():
    """What the index of addresses is on, as PostgreSQL has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('referral_by_address'::regclass)")
        return cursor.fetchone()[0]


def test_an_address_is_looked_for_as_its_index_has_it(link):
    known = came(link)
    other = make_referral(email="Kari@Nordlys.example")
    make_referral(link)
    with CaptureQueriesContext(connection) as asked:
        again = refer(link, Came(email="KARI@nordlys.example"), now=timezone.now())
        person = Person.at("Kari@nordlys.example")
        theirs = set(what_is_kept_of_referrals().rows_of(person))
    assert again == known
    assert person.is_known
    assert theirs == {known, other}
    lookups = [
        query["sql"] for query in asked if '."email")' in query["sql"] and REFERRALS in query["sql"]
    ]
    assert len(lookups) >= 2
    assert all(f'LOWER("{REFERRALS}"."email") = ' in lookup for lookup in lookups)
    assert "(lower((email)::text))" in index_of_addresses()


def test_a_person_is_forgotten_only_when_their_sign_up_would_count_no_more(link):
    link.program.days_to_sign_up = 700
    link.program.save()
    now = timezone.now()
    long_ago = now - timedelta(days=400)
    refused = make_referral(link, at=long_ago, state="refused", why="self", refused_at=now)
    open_one = make_referral(link, at=long_ago)
    over = make_referral(link, at=now - timedelta(days=701))
    assert forget_referrals(now - timedelta(days=365)) == 2
    kept = set(Referral.objects.exclude(email="").values_list("pk", flat=True))
    assert kept == {open_one.pk}
    assert {refused.pk, over.pk}.isdisjoint(kept)
