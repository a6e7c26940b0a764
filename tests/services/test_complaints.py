"""Complaints: taken up with an owner, a day and a task, settled, and answered by the customer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from churnapp.common.errors import RuleError
from churnapp.common.periods import working_days_after
from churnapp.models import AuditEvent, Organisation
from customers.handovers import carry_out_due
from customers.models import Complaint, Handover, Interaction
from customers.services.complaints import (
    Grievance,
    Settlement,
    assign_complaint,
    confirm_complaint,
    forget_answer,
    open_complaint,
    reopen_complaint,
    resolve_complaint,
)
from customers.services.interactions import change_interaction, log_interaction
from customers.services.merges import merge_customers
from tests.factories import (
    make_contact,
    make_customer,
    make_feature,
    make_reason,
    make_user,
    today_here,
)

pytestmark = pytest.mark.django_db
FIXED = Settlement("We fixed it")


def complain(customer=None, **fields):
    by = fields.pop("by", None)
    said = Grievance(fields.pop("words", "It is slow"), **fields)
    return open_complaint(customer or make_customer(), said, by=by)


def test_a_complaint_keeps_when_by_whom_and_over_what_it_was_said():
    customer, feature = make_customer(), make_feature()
    contact, reason = make_contact(customer), make_reason()
    day = today_here() - timedelta(days=9)
    complaint = complain(customer, said_on=day, contact=contact, reason=reason, feature=feature)

    complaint.refresh_from_db()
    assert (complaint.reason, complaint.feature, complaint.entry.contact) == (
        reason,
        feature,
        contact,
    )
    zone = Organisation.current().zone
    assert timezone.localdate(complaint.entry.occurred_at, zone) == day
    assert complaint.due_on == working_days_after(day, 5)


def test_what_can_not_have_been_said_is_refused():
    with pytest.raises(RuleError) as future:
        complain(said_on=today_here() + timedelta(days=1))
    with pytest.raises(RuleError) as stranger:
        complain(contact=make_contact(make_customer()))
    assert (future.value.field, stranger.value.field) == ("said_on", "contact")


def test_a_complaint_goes_to_the_customers_owner_with_a_task():
    alice = make_user()
    complaint = complain(make_customer(owner=alice))

    due_on = working_days_after(today_here(), 5)
    assert (complaint.owner, complaint.due_on) == (alice, due_on)
    assert complaint.task.assignee == alice
    assert complaint.task.due_on == due_on
    assert complaint.task.what == "Settle a complaint: It is slow"
    assert complaint.entry.complaint
    assert complaint.entry.status == "open"


def test_an_owner_who_only_reads_gets_none():
    assert complain(make_customer(owner=make_user("viewer"))).owner is None
    with pytest.raises(RuleError):
        complain(owner=make_user("viewer"))


def test_working_days_leave_weekends_out():
    friday = date(2026, 11, 27)
    assert working_days_after(friday, 1) == date(2026, 11, 30)
    assert working_days_after(date(2026, 11, 28), 1) == date(2026, 11, 30)
    assert working_days_after(friday, 5) == date(2026, 12, 4)


def test_resolving_closes_the_entry_and_the_task():
    complaint = complain()
    reason = make_reason()
    resolve_complaint(complaint, Settlement("We fixed it", reason), by=make_user())

    held = Complaint.objects.with_all().get()
    assert (held.state, held.reason, held.resolution) == ("resolved", reason, "We fixed it")
    assert held.entry.status == "closed"
    assert held.task.done_at is not None


def test_resolving_twice_or_without_a_word_is_refused():
    complaint = complain()
    with pytest.raises(RuleError):
        resolve_complaint(complaint, Settlement(" "), by=None)
    resolve_complaint(complaint, FIXED, by=None)
    with pytest.raises(RuleError):
        resolve_complaint(Complaint.objects.get(), FIXED, by=None)


def test_a_customer_who_does_not_agree_opens_it_again():
    complaint = resolve_complaint(complain(), FIXED, by=None)
    confirm_complaint(complaint, agrees=False, by=None)

    held = Complaint.objects.with_all().get()
    assert held.state == "reopened"
    assert held.entry.status == "open"
    assert held.task.done_at is None
    resolve_complaint(held, FIXED, by=None)
    assert Complaint.objects.get().state == "resolved"


@pytest.mark.parametrize("agrees", [True, False])
def test_the_customers_answer_can_be_taken_back(agrees):
    complaint = resolve_complaint(complain(), FIXED, by=None)
    confirm_complaint(complaint, agrees=agrees, by=None)
    forget_answer(complaint, by=None)

    held = Complaint.objects.with_all().get()
    assert held.state == "resolved"
    assert held.entry.status == "closed"
    assert held.task.done_at is not None


def test_nobody_agrees_with_what_is_open():
    with pytest.raises(RuleError):
        confirm_complaint(complain(), agrees=True, by=None)


def test_reopening_forgets_the_answer():
    complaint = resolve_complaint(complain(), FIXED, by=None)
    confirm_complaint(complaint, agrees=True, by=None)
    reopen_complaint(complaint, by=None)
    assert Complaint.objects.get().state == "open"
    with pytest.raises(RuleError):
        reopen_complaint(complaint, by=None)


def test_giving_it_to_somebody_moves_the_task_and_leaves_traces():
    bob = make_user()
    complaint = complain()
    assign_complaint(complaint, owner=bob, due_on=date(2099, 1, 1), by=bob)

    complaint.task.refresh_from_db()
    assert (complaint.task.assignee, complaint.task.due_on) == (bob, date(2099, 1, 1))
    assert AuditEvent.objects.filter(verb="complaint_assigned", actor=bob).exists()
    assert Interaction.objects.filter(verb="complaint_assigned").exists()


def logged(**fields):
    values = {
        "customer": make_customer(),
        "kind": "ticket",
        "occurred_at": timezone.now() - timedelta(days=1),
        "summary": "It is down",
        "complaint": True,
    }
    return log_interaction(values | fields, by=None)


def test_a_logged_complaint_is_taken_up_unless_it_is_closed_or_old():
    logged()
    logged(status="pending", occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    logged(status="closed")
    logged(occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
    logged(complaint=False)
    assert Complaint.objects.count() == 2


def test_an_entry_closed_elsewhere_resolves_its_complaint():
    entry = logged(complaint=False)
    change_interaction(entry, {"complaint": True}, by=None)
    assert Complaint.objects.get().state == "open"
    change_interaction(entry, {"status": "closed", "closed_at": timezone.now()}, by=None)
    held = Complaint.objects.with_all().get()
    assert held.state == "resolved"
    assert held.task.done_at is not None


def test_complaints_go_along_with_a_handover_and_a_merge():
    alice, bob = make_user(), make_user()
    customer, other = make_customer(owner=alice), make_customer()
    complain(customer)
    now = timezone.now()
    Handover.objects.create(customer=customer, to=bob, on=today_here(), created_at=now)
    carry_out_due(today=today_here(), now=now)
    assert Complaint.objects.get().owner == bob
    merge_customers(other, customer, by=None)
    assert Complaint.objects.with_all().get().entry.customer == other


@pytest.mark.parametrize("language, begins", [("nb", "Løs en klage"), ("", "Settle a complaint")])
def test_the_task_is_in_the_language_of_its_owner(language, begins):
    owner = make_user(language=language)
    with translation.override("sv"):
        task = complain(make_customer(owner=owner)).task
    assert task.what.startswith(begins)
