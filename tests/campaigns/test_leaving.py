"""The way out: the link, the answer to a reason, the day it ends, once only, and the evidence."""

from datetime import date, timedelta

import pytest

from campaigns.effects.drawing import is_held_out
from campaigns.models import CancelVisit, Grant, VisitStep
from campaigns.services.leaving import (
    Told,
    Wish,
    accept_offer,
    answer,
    ask_for_call,
    leave,
    make_visit,
    stay,
)
from churnapp.common.errors import RuleError
from customers.models import Cancellation, OutgoingEmail, Task
from customers.services.connections import merge_customers
from feedback.inviting.occasions import asked_about
from tests.campaign_factories import make_answer, make_flow, make_sales_offer
from tests.campaigns.leavers import NOTHING, fresh, left_by, subscriber, visit_of
from tests.campaigns.payers import NOW, believed, march
from tests.factories import make_contact, make_reason, make_segment
from tests.services.threads import at_once, refused

__all__ = ["march"]
pytestmark = pytest.mark.django_db
APRIL = date(2025, 4, 1)


def test_the_flow_of_the_highest_priority_that_is_for_them_is_taken():
    customer = subscriber()
    make_flow(name="Low", priority=1)
    make_flow(name="High", priority=9, query="country=NO")
    make_flow(name="Not theirs", priority=99, query="country=SE")
    make_flow(name="Unreadable", priority=98, query="no_such_name=1")
    make_flow(name="Off", priority=97, on_since=None)

    assert visit_of(customer, now=NOW).flow.name == "High"


def test_a_link_is_made_once_by_its_key():
    customer = subscriber()
    make_flow()
    first = visit_of(customer, now=NOW)

    again = make_visit(Wish(customer, None, "k"), now=NOW, by=None)

    assert again.pk == first.pk
    assert CancelVisit.objects.count() == 1


def test_without_a_flow_or_anything_to_end_there_is_no_link():
    customer = subscriber()
    with pytest.raises(RuleError, match="No cancel flow is on"):
        visit_of(customer, now=NOW)
    make_flow()
    gone = subscriber(ends_on=date(2025, 2, 1))

    with pytest.raises(RuleError, match="Nothing runs"):
        visit_of(gone, now=NOW, key="gone")


def test_a_contact_or_subscription_of_another_customer_is_refused():
    make_flow()
    customer, other = subscriber(), subscriber()

    with pytest.raises(RuleError, match="another customer"):
        make_visit(Wish(customer, make_contact(other), "a"), now=NOW, by=None)
    theirs = other.subscriptions.get()
    with pytest.raises(RuleError, match="another customer"):
        make_visit(Wish(customer, None, "b", subscription=theirs), now=NOW, by=None)


def test_leaving_records_the_departure_ends_the_terms_and_confirms_by_mail():
    reason = make_reason("too-slow")
    customer = subscriber()
    make_flow()
    visit = visit_of(customer, now=NOW)

    left = left_by(visit, Told(reason, "It takes ages", "Fastly Inc", "Speed"))

    gone = Cancellation.objects.get()
    assert gone.effective_on == APRIL == left.ends_on
    assert (gone.subscription, gone.involuntary) == (None, False)
    assert gone.stated_reason == reason == gone.reason
    assert (gone.comment, gone.competitor) == ("It takes ages", "Fastly Inc")
    assert gone.missing_feature == "Speed"
    assert believed(customer.subscriptions.get())[-1][3] == APRIL
    assert list(left.cancellations.all()) == [gone]
    mail = OutgoingEmail.objects.get()
    assert mail.to_email == visit.contact.email
    assert "31 Mar 2025" in mail.text
    assert left.mail == mail


def test_leaving_twice_is_once_and_by_eight_at_the_same_moment_too():
    customer = subscriber()
    make_flow()
    visit = left_by(visit_of(customer, now=NOW))

    again = leave(visit, NOTHING, now=NOW + timedelta(minutes=1))

    assert again.left_at == visit.left_at
    assert Cancellation.objects.count() == 1
    assert OutgoingEmail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_by_eight_at_once_it_is_cancelled_once():
    customer = subscriber()
    make_flow()
    visit = visit_of(customer, now=NOW)

    told = at_once(*(lambda: leave(fresh(visit), NOTHING, now=NOW) for _ in range(8)))

    assert refused(told) == []
    assert Cancellation.objects.count() == 1
    assert OutgoingEmail.objects.count() == 1
    assert VisitStep.objects.filter(verb="left").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_accepting_and_leaving_at_once_ends_in_one_whole_state(turn):
    customer = subscriber()
    make_answer(make_flow(), "offer")
    visit = answer(visit_of(customer, now=NOW), Told(), NOTHING, now=NOW)

    deeds = [
        lambda: accept_offer(fresh(visit), NOTHING, now=NOW),
        lambda: leave(fresh(visit), NOTHING, now=NOW),
    ]
    at_once(*(deeds if turn % 2 else reversed(deeds)))

    now = fresh(visit)
    assert now.state == "left"  # whoever came first: leaving is never taken away
    assert now.grant.state in {"accepted", "declined"}
    assert now.grant.state == "declined" or now.grant.undone_at is not None
    terms = believed(customer.subscriptions.get())
    assert {arr for _kind, arr, _from, _to in terms} == {120_000}
    assert terms[-1][3] == APRIL


def test_an_offer_answers_its_reason_and_accepting_it_saves_them():
    price = make_reason("price")
    flow = make_flow()
    make_answer(flow, "offer", reason=price)
    make_answer(flow, "help")
    customer = subscriber()

    visit = answer(visit_of(customer, now=NOW), Told(price), NOTHING, now=NOW)
    saved = accept_offer(visit, NOTHING, now=NOW)

    assert (saved.state, saved.saved_by) == ("saved", "offer")
    assert saved.grant.state == "accepted"
    assert [row[1] for row in believed(customer.subscriptions.get())] == [
        120_000,
        96_000,
        120_000,
    ]
    assert not Cancellation.objects.exists()


def test_who_changes_the_reason_gets_no_second_offer():
    price, slow = make_reason("price"), make_reason("slow")
    flow = make_flow()
    make_answer(flow, "offer", reason=price)
    make_answer(flow, "offer", reason=slow)
    visit = answer(visit_of(subscriber(), now=NOW), Told(price), NOTHING, now=NOW)
    first = visit.grant

    visit = answer(visit, Told(slow), NOTHING, now=NOW)

    assert visit.reason == slow
    assert visit.grant == first
    assert Grant.objects.count() == 1


def test_an_offer_beyond_its_limits_is_not_made_and_says_why():
    flow = make_flow()
    make_answer(flow, "offer", offer=make_sales_offer(most_in_total=1))
    answer(visit_of(subscriber(), now=NOW), Told(), NOTHING, now=NOW)

    visit = answer(visit_of(subscriber(), now=NOW, key="2"), Told(), NOTHING, now=NOW)

    assert visit.grant is None
    assert visit.why_no_offer == "all_gone"
    with pytest.raises(RuleError, match="no offer"):
        accept_offer(visit, NOTHING, now=NOW)
    assert leave(visit, NOTHING, now=NOW).state == "left"


def test_an_offer_that_is_open_already_is_shown_again():
    flow, customer = make_flow(), subscriber()
    make_answer(flow, "offer")
    first = answer(visit_of(customer, now=NOW), Told(), NOTHING, now=NOW)

    again = answer(visit_of(customer, now=NOW, key="2"), Told(), NOTHING, now=NOW)

    assert again.grant == first.grant


def test_the_held_out_are_drawn_by_lot_for_good_and_get_no_offer():
    flow = make_flow(holdout_percent=50)
    make_answer(flow, "offer")
    customers = [subscriber() for _ in range(8)]
    visits = [visit_of(each, now=NOW, key=str(each.pk)) for each in customers]
    assert [visit.held_out for visit in visits] == [
        is_held_out(flow.salt, each.pk, 50) for each in customers
    ]
    held_out = next(visit for visit in visits if visit.held_out)

    told = answer(held_out, Told(), NOTHING, now=NOW)

    assert told.grant is None
    assert told.planned == flow.answers.get().offer
    assert not Grant.objects.exists()
    flow.holdout_percent = 0
    flow.save()
    assert visit_of(held_out.customer, now=NOW, key="again").held_out


def test_leaving_after_all_undoes_what_was_accepted():
    customer = subscriber(contract_ends_on=date(2025, 6, 1))
    make_answer(make_flow(), "offer", offer=make_sales_offer("term"))
    visit = answer(visit_of(customer, now=NOW), Told(), NOTHING, now=NOW)
    visit = accept_offer(visit, NOTHING, now=NOW)
    assert customer.subscriptions.get().contract_ends_on == date(2025, 12, 1)

    left = leave(visit, NOTHING, now=NOW + timedelta(minutes=5))

    assert left.ends_on == date(2025, 6, 1)
    assert fresh(left).grant.undone_at is not None


def test_after_leaving_nothing_is_accepted():
    make_answer(make_flow(), "offer")
    visit = answer(visit_of(subscriber(), now=NOW), Told(), NOTHING, now=NOW)
    left = leave(visit, NOTHING, now=NOW)

    for deed in (accept_offer, stay, ask_for_call):
        with pytest.raises(RuleError, match="cancelled already"):
            deed(left, NOTHING, now=NOW)
    assert fresh(left).grant.state == "declined"


def test_a_call_is_a_task_for_the_owner_once():
    make_answer(make_flow(), "call")
    visit = answer(visit_of(subscriber(), now=NOW), Told(), NOTHING, now=NOW)

    saved = ask_for_call(visit, NOTHING, now=NOW)
    ask_for_call(saved, NOTHING, now=NOW)

    task = Task.objects.get()
    assert task.assignee == visit.customer.owner
    assert task.due_on == date(2025, 3, 11)
    assert (saved.saved_by, saved.task) == ("call", task)


def test_after_its_days_a_link_does_nothing():
    make_flow(days_open=1)
    visit = visit_of(subscriber(), now=NOW)
    later = NOW + timedelta(days=1)

    for deed in (leave, stay, accept_offer):
        with pytest.raises(RuleError, match="time of this link is over"):
            deed(visit, NOTHING, now=later)


def test_who_said_why_here_is_not_asked_by_a_survey_and_who_did_not_is():
    reason = make_reason("price")
    make_flow()
    told, silent = subscriber(), subscriber()
    left_by(visit_of(told, now=NOW), Told(reason))
    left_by(visit_of(silent, now=NOW, key="2"), Told())

    assert {gone.customer for gone in asked_about()} == {silent}


def test_a_reason_retired_meanwhile_keeps_nobody():
    reason = make_reason("price")
    make_flow()
    visit = answer(visit_of(subscriber(), now=NOW), Told(reason), NOTHING, now=NOW)
    reason.retired_at = NOW
    reason.save()

    leave(visit, NOTHING, now=NOW)

    assert Cancellation.objects.get().reason is None


def test_visits_go_along_when_records_become_one():
    make_flow()
    kept, merged = subscriber(), subscriber()
    visit = visit_of(merged, now=NOW)

    merge_customers(kept, merged, by=None)

    assert fresh(visit).customer == kept
    assert leave(fresh(visit), NOTHING, now=NOW).state == "left"


def test_a_segment_chooses_the_flow():
    segment = make_segment(query="country=NO")
    make_flow(query=f"segment={segment.pk}")

    assert visit_of(subscriber("NO"), now=NOW)
    with pytest.raises(RuleError, match="No cancel flow"):
        visit_of(subscriber("SE"), now=NOW, key="s")
