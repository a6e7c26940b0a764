"""Mentions: matched to one customer or to nobody, answered by a day, taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.common.periods import working_days_after
from customers.models import Customer, Interaction, Mention
from customers.services.complaints import take_up
from customers.services.mentions import (
    Arrangement,
    add_mention,
    arrange_mention,
    candidates,
    domain_of,
    mark_replied,
    match_mention,
    set_apart,
    take_back_reply,
    unmatch_mention,
)
from customers.services.merges import merge_customers
from customers.services.privacy import erase_person
from tests.factories import make_contact, make_customer, make_user, today_here

pytestmark = pytest.mark.django_db


def said(**fields):
    website = fields.pop("website", "")
    values = {"kind": "review", "text": "Good", "occurred_at": timezone.now()} | fields
    return add_mention(values, website=website, by=None)


def entries():
    return Interaction.objects.exclude(kind="event")


@pytest.fixture
def fjord():
    customer = make_customer("Fjord AS", owner=make_user())
    make_contact(customer, email="Kari@fjord.no")
    return customer


@pytest.mark.parametrize(
    "traits, how",
    [
        ({"author_email": "kari@FJORD.no"}, "email"),
        ({"author_email": "ola@fjord.no"}, "domain"),
        ({"website": "https://www.fjord.no/about"}, "domain"),
        ({"company": " fjord as"}, "name"),
    ],
)
def test_one_customer_that_fits_gets_it(fjord, traits, how):
    mention = said(**traits, rating=2)
    assert (mention.customer, mention.matched_by) == (fjord, how)
    assert (mention.owner, mention.sentiment) == (fjord.owner, -1)
    assert mention.reply_by == working_days_after(today_here(), 2)
    entry = entries().get()
    assert (entry.customer, entry.kind, entry.score) == (fjord, "review", 2)


def test_several_that_fit_are_left_to_a_person(fjord):
    other = make_customer("Fjord Two")
    make_contact(other, email="per@fjord.no")
    mention = said(author_email="ola@fjord.no", company="Fjord AS")
    assert (mention.customer, mention.matched_by) == (None, "")
    assert not entries().exists()
    assert set(candidates(mention, Customer.objects.all())) == {fjord, other}


@pytest.mark.parametrize(
    "traits", [{"author_email": "ola@gmail.com"}, {"company": "Fjord"}, {"author": "Fjord AS"}, {}]
)
def test_nothing_is_guessed(fjord, traits):
    make_contact(fjord, email="someone@gmail.com")
    assert said(**traits).customer is None


def test_a_person_matches_it_and_takes_that_back(fjord):
    mention = match_mention(said(), fjord, by=None)
    assert entries().get().customer == fjord
    with pytest.raises(RuleError):
        match_mention(Mention.objects.get(), fjord, by=None)
    unmatch_mention(mention, by=None)
    assert not entries().exists()
    assert Mention.objects.get().is_unmatched
    with pytest.raises(RuleError):
        unmatch_mention(mention, by=None)


def test_a_mention_with_a_complaint_stays_with_its_customer(fjord):
    mention = match_mention(said(), fjord, by=None)
    take_up(entries().get(), by=None)
    with pytest.raises(RuleError):
        unmatch_mention(mention, by=None)


def test_set_apart_it_waits_for_nobody(fjord):
    mention = set_apart(said(), by=None)
    assert not Mention.objects.unmatched().exists()
    unmatch_mention(mention, by=None)
    assert Mention.objects.unmatched().exists()


def test_a_reply_is_on_the_timeline_until_it_is_taken_back(fjord):
    mention = mark_replied(said(company="Fjord AS"), by=None)
    assert entries().get().first_reply_at == mention.replied_at
    with pytest.raises(RuleError):
        mark_replied(mention, by=None)
    take_back_reply(mention, by=None)
    assert entries().get().first_reply_at is None


def test_owner_deadline_and_tone_are_set_by_a_person(fjord):
    alice = make_user()
    mention = said(company="Fjord AS")
    arrange_mention(mention, Arrangement(alice, today_here(), 1), by=alice)
    assert (mention.owner, mention.reply_by, entries().get().sentiment) == (alice, today_here(), 1)
    with pytest.raises(RuleError):
        arrange_mention(mention, Arrangement(make_user("viewer"), None, None), by=alice)


def test_what_is_old_waits_for_no_reply():
    assert said(occurred_at=timezone.now() - timedelta(days=60)).reply_by is None


def test_an_id_is_taken_once_and_the_future_refused():
    said(external_id="R-1")
    with pytest.raises(RuleError):
        said(external_id="R-1")
    with pytest.raises(RuleError):
        said(occurred_at=timezone.now() + timedelta(days=1))


def test_merging_and_erasing_take_mentions_along(fjord):
    other = make_customer()
    said(company="Fjord AS", author="Kari", author_email="kari@fjord.no")
    merge_customers(other, fjord, by=None)
    mention = Mention.objects.get()
    assert mention.customer == other
    erase_person("kari@fjord.no", by=None)
    mention.refresh_from_db()
    assert (mention.author, mention.author_email, mention.text) == ("", "", "")


@pytest.mark.parametrize(
    "website, email, domain",
    [
        ("HTTP://Www.Fjord.no:80/x", "", "fjord.no"),
        ("fjord.no", "a@other.no", "fjord.no"),
        ("", "a@Other.no", "other.no"),
        ("", "", ""),
    ],
)
def test_domains(website, email, domain):
    assert domain_of(website, email) == domain
