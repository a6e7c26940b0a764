"""How far the treated came, and why not further; each figure leads to its recipients."""

from datetime import timedelta

import pytest

from campaigns.models import LinkHit
from campaigns.results.funnel import STEPS, WhyNot, funnel_of, offers_made, people_at, why_not
from tests.campaign_factories import make_grant, make_sales_offer
from tests.campaigns.results import (
    READ_ON,
    after,
    asked_on,
    draw,
    draw_many,
    noon,
    pays,
    run_campaign,
)
from tests.factories import make_contact, make_mail
from tests.feedback_factories import make_response

pytestmark = pytest.mark.django_db


def mailed(recipient, state="delivered", step="hello", **fields):
    mail = make_mail(recipient.customer, state=state, **fields)
    recipient.steps.create(step=step, at=noon(after(0)), outcome="mailed", mail=mail)


def hit(recipient, because=""):
    LinkHit.objects.create(
        recipient=recipient, step="hello", at=noon(after(1)), source="x", because=because
    )


def test_each_customer_counts_once_at_each_step_and_figures_lead_to_them():
    campaign = run_campaign()
    one, two, three, four, five = draw_many(campaign, 5)
    held_out = draw(campaign, held_out=True)
    mailed(one), mailed(one, step="again"), mailed(two, "accepted")
    mailed(three, "bounced"), mailed(four, "suppressed", error_code="unsubscribed")
    hit(one), hit(one), hit(one, "prefetch"), hit(two, "many_at_once")
    make_response(contact=make_contact(one.customer), answered_at=noon(after(2)))
    make_response(contact=make_contact(two.customer), answered_at=noon(after(-2)))
    make_response(contact=make_contact(held_out.customer), answered_at=noon(after(2)))
    grant = make_grant(customer=one.customer, state="accepted", made_at=noon(after(1)))
    one.steps.create(step="deal", at=noon(after(1)), outcome="offered", grant=grant)
    pays(one, after(4)), pays(five, after(4), after(9)), pays(held_out, after(4))

    asked = asked_on(READ_ON, campaign)
    found = funnel_of(asked)
    assert found == {
        "treated": 5,
        "mailed": 4,
        "sent": 3,
        "delivered": 1,
        "not_delivered": 2,
        "clicked": 1,
        "scanned": 2,
        "answered": 1,
        "offered": 1,
        "accepted": 1,
        "goal": 2,
        "pays": 1,
    }
    for step in STEPS:
        assert len(people_at(asked, step, held_out=False)) == found[step], step
    assert people_at(asked, "goal", held_out=False) == [one.pk, five.pk]
    assert people_at(asked, "goal", held_out=True) == [held_out.pk]
    with pytest.raises(KeyError):
        people_at(asked, "goal OR true", held_out=False)


def test_why_something_did_not_come_about():
    campaign, other = run_campaign(), run_campaign()
    draw(campaign, state="left_out", why="nobody")
    draw(other, state="left_out", why="nobody")
    recipient, second = draw_many(campaign, 2)
    mailed(recipient, "suppressed", error_code="unsubscribe"), mailed(second, "bounced")
    at = noon(after(1))
    recipient.steps.create(step="deal", at=at, outcome="not_offered", why="cool_down")
    recipient.steps.create(step="again", at=at, outcome="not_mailed", why="left")
    assert sorted(why_not(asked_on(READ_ON, campaign)), key=lambda one: (one.what, one.state)) == [
        WhyNot("left_out", "nobody", "", 1),
        WhyNot("mail", "", "bounced", 1),
        WhyNot("mail", "unsubscribe", "suppressed", 1),
        WhyNot("not_mailed", "left", "", 1),
        WhyNot("not_offered", "cool_down", "", 1),
    ]


def test_what_became_of_each_offer():
    campaign = run_campaign()
    one, two, three = draw_many(campaign, 3)
    dear, call = make_sales_offer(), make_sales_offer("call")
    for recipient, offer, state, cost in (
        (one, dear, "accepted", 900),
        (two, dear, "declined", 900),
        (three, call, "accepted", 50),
    ):
        grant = make_grant(
            offer, recipient.customer, state=state, cost_minor=cost, made_at=noon(after(1))
        )
        recipient.steps.create(step="deal", at=noon(after(1)), outcome="offered", grant=grant)
    pays(one, after(2))
    found = {one.offer_id: one for one in offers_made(asked_on(READ_ON, campaign))}
    assert (found[dear.pk].made, found[dear.pk].accepted, found[dear.pk].reached) == (2, 1, 1)
    assert (found[dear.pk].cost_minor, found[call.pk].cost_minor) == (900, 50)


def test_an_open_offer_is_open_until_its_time_is_over():
    campaign = run_campaign()
    recipient = draw(campaign)
    made = noon(after(1))
    grant = make_grant(
        customer=recipient.customer, made_at=made, expires_at=made + timedelta(days=3)
    )
    recipient.steps.create(step="deal", at=made, outcome="offered", grant=grant)
    for day, is_open in ((2, 1), (5, 0)):
        (found,) = offers_made(asked_on(after(day), campaign))
        assert found.open == is_open
