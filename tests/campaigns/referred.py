"""Somebody who came by a referral link: the link, who came, how they sign up and pay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.campaign_factories import make_program, make_referral, make_referral_link
from tests.factories import make_contact, make_customer, make_subscription, stand, today_here

__all__ = ["came", "link", "pays", "signed_up", "state_of"]


@pytest.fixture
def link():
    """The link of a paying customer with a champion; a reward is due a month after the first
    payment."""
    customer = make_customer("Fjord AS")
    make_subscription(customer)
    make_contact(customer, email="anna@fjord.example", role="champion", language="nb")
    stand(customer)
    return make_referral_link(make_program(), customer=customer)


def came(link, *, days_ago=0, **fields):
    at = timezone.now() - timedelta(days=days_ago)
    return make_referral(link, email="kari@nordlys.example", company="Nordlys AS", at=at, **fields)


def signed_up(*, days_ago=0, email="kari@nordlys.example", name="Nordlys AS", **fields):
    """A customer who signed up so many days ago, with a contact."""
    day = today_here() - timedelta(days=days_ago)
    customer = make_customer(name, signed_up_on=day, **fields)
    make_contact(customer, email=email)
    return customer


def pays(customer, *, days_ago, days=None):
    start = today_here() - timedelta(days=days_ago)
    ends = {"ends_on": start + timedelta(days=days)} if days else {}
    subscription = make_subscription(customer, starts_on=start, **ends)
    stand(customer)
    return subscription


def state_of(referral):
    referral.refresh_from_db()
    return referral.state, referral.why
