"""What the customer says and what we think, kept apart, and the one reason that figures use."""

from datetime import date

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.forms.cancellations import CancellationForm, beginning
from customers.models import Cancellation, CancellationReason, ReasonKind, ReasonView
from customers.models.reason_view import with_kinds
from customers.services.cancellations import (
    CancellationDetails,
    amend_cancellation,
    record_cancellation,
)
from customers.services.confirming import confirm_reasons, take_back_confirmations
from customers.services.reason_views import state_reason, take_back_reason
from customers.services.reasons import merge_reasons
from customers.views.kinds import kinds_of
from tests.factories import make_cancellation, make_customer, make_reason, make_subscription

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)


def record(alice, **reasons) -> Cancellation:
    customer = make_customer()
    make_subscription(customer, starts_on=date(2026, 1, 1))
    return record_cancellation(customer, CancellationDetails(ON, **reasons), by=alice)


def kinds(cancellation: Cancellation) -> dict[str, str]:
    return {kind: reason.key for kind, reason in cancellation.reasons_by_kind().items()}


def test_what_is_stated_comes_before_our_own_view(alice):
    gone = record(alice, stated_reason=make_reason("price"), csm_reason=make_reason("onboarding"))

    assert gone.reason.key == "price"
    assert gone.reason_version.reason == gone.reason
    assert kinds(gone) == {"stated": "price", "csm": "onboarding"}


def test_a_lone_headline_is_the_view_of_who_records_it(alice):
    gone = record(alice, reason=make_reason("price"))

    assert kinds(gone) == {"csm": "price"}
    assert gone.views.get().recorded_by == alice


def test_what_was_chosen_stays_when_a_view_changes(alice):
    price, rival = make_reason("price"), make_reason("rival")
    gone = record(alice, reason=rival, stated_reason=price)
    now = CancellationDetails(ON, reason=rival, stated_reason=price, csm_reason=price)

    assert amend_cancellation(gone, now, by=alice).reason == rival


def test_the_headline_goes_along_with_the_views_and_the_old_one_is_kept(alice):
    price, rival = make_reason("price"), make_reason("rival")
    gone = record(alice, csm_reason=price)
    now = CancellationDetails(ON, reason=price, csm_reason=price, stated_reason=rival)
    gone = amend_cancellation(gone, now, by=alice)

    assert gone.reason == rival
    assert kinds(gone) == {"csm": "price", "stated": "rival"}
    again = amend_cancellation(gone, CancellationDetails(ON, reason=rival), by=alice)
    assert again.reason is None
    assert ReasonView.objects.filter(cancellation=gone).count() == 2
    assert not ReasonView.objects.standing().exists()


def test_a_file_says_what_the_customer_said():
    assert kinds(make_cancellation(reason=make_reason("price"))) == {"stated": "price"}


def test_stating_again_replaces_and_repeating_changes_nothing(alice):
    gone = record(alice)
    price, rival = make_reason("price"), make_reason("rival")
    for reason in (price, rival, rival):
        state_reason(gone, ReasonKind.STATED, reason, by=None, source="response:1")

    gone = Cancellation.objects.get(pk=gone.pk)
    assert kinds(gone) == {"stated": "rival"}
    assert (gone.reason.key, gone.reason_version.reason.key) == ("rival", "rival")
    assert gone.views.count() == 2
    told = AuditEvent.objects.filter(verb="cancellation_amended").order_by("pk")
    assert [event.changes["reason"] for event in told] == [["", "price"], ["price", "rival"]]


def test_stating_again_leaves_the_headline_that_somebody_chose(alice):
    price, rival, help_ = make_reason("price"), make_reason("rival"), make_reason("support")
    gone = record(alice, reason=help_, stated_reason=price)
    state_reason(gone, ReasonKind.STATED, rival, by=None, source="response:1")

    gone.refresh_from_db()
    assert (kinds(gone)["stated"], gone.reason) == ("rival", help_)


def test_what_is_stated_leads_our_own_view_and_leaves_what_a_file_brought(alice):
    price, rival = make_reason("price"), make_reason("rival")
    ours, of_file = record(alice, csm_reason=price), make_cancellation(reason=price)
    for gone in (ours, of_file):
        state_reason(gone, ReasonKind.STATED, rival, by=None, source="response:1")
        gone.refresh_from_db()

    assert (ours.reason, of_file.reason) == (rival, price)


def test_what_came_with_an_answer_goes_with_it(alice):
    gone = record(alice, csm_reason=make_reason("price"))
    state_reason(gone, ReasonKind.STATED, make_reason("rival"), by=None, source="response:1")
    take_back_reason("response:1", at=timezone.now())

    assert kinds(gone) == {"csm": "price"}


def answer(gone, key, source="response:1"):
    reason = CancellationReason.objects.get(key=key)
    state_reason(gone, ReasonKind.STATED, reason, by=None, source=source)


def take_back(gone, source="response:1"):
    take_back_reason(source, at=timezone.now())
    gone.refresh_from_db()
    return kinds(gone), gone.reason.key if gone.reason else ""


@pytest.fixture
def reasons(db):
    return [make_reason(key) for key in ("price", "rival", "support")]


def test_an_answer_that_does_not_count_leaves_no_reason(alice, reasons):
    gone = record(alice)
    answer(gone, "price")

    assert take_back(gone) == ({}, "")
    assert gone.reason_version is None
    assert with_kinds(Cancellation.objects.all()).get().of_stated is None
    (told,) = kinds_of([gone], today=ON).values()
    assert not any(kind.words for kind in told)
    verbs = AuditEvent.objects.filter(object_kind="cancellation").order_by("-pk")
    assert [(event.verb, event.changes) for event in verbs[:2]] == [
        ("cancellation_amended", {"reason": ["price", ""]}),
        ("reason_stated", {"stated_reason": ["price", ""]}),
    ]


def test_what_an_answer_had_taken_the_place_of_stands_again(alice, reasons):
    price, *_ = reasons
    gone = record(alice, stated_reason=price)
    for key in ("rival", "support"):
        answer(gone, key)

    assert take_back(gone) == ({"stated": "price"}, "price")
    assert gone.views.standing().get().recorded_by == alice
    answer(gone, "rival")
    assert take_back(gone) == ({"stated": "price"}, "price")


def test_of_two_answers_the_one_that_counts_stands_again(alice, reasons):
    gone = record(alice, csm_reason=reasons[2])
    answer(gone, "price", "response:1")
    answer(gone, "rival", "response:2")

    assert take_back(gone, "response:2") == ({"stated": "price", "csm": "support"}, "price")
    answer(gone, "rival", "response:2")
    assert take_back(gone, "response:1") == ({"stated": "rival", "csm": "support"}, "rival")
    assert take_back(gone, "response:2") == ({"csm": "support"}, "support")


def test_what_was_emptied_before_an_answer_stays_empty(alice, reasons):
    gone = record(alice, stated_reason=reasons[0])
    amend_cancellation(gone, CancellationDetails(ON, reason=reasons[0]), by=alice)
    answer(gone, "rival")

    assert take_back(gone) == ({}, "")


def test_a_headline_that_did_not_come_with_an_answer_stays(alice, reasons):
    price, rival, _ = reasons
    chosen, of_file = (
        record(alice, reason=price, stated_reason=rival),
        make_cancellation(reason=price),
    )
    for gone in (chosen, of_file):
        answer(gone, "support")
        answer(gone, "price")
        take_back(gone)

    assert (kinds(chosen), chosen.reason) == ({"stated": "rival"}, price)
    assert (kinds(of_file), of_file.reason) == ({}, price)


def test_a_confirmation_taken_back_leaves_what_a_file_said(alice, reasons):
    price, rival, _ = reasons
    gone = make_cancellation(reason=price)
    ReasonView.objects.create(
        cancellation=gone,
        kind="text",
        reason=rival,
        recorded_at=timezone.now(),
        suggested=True,
        evidence={"words": ["rival"]},
    )
    confirm_reasons({gone.pk: "text"}, by=alice)
    take_back_confirmations({gone.pk: "text"}, by=alice)

    assert kinds(gone) == {"stated": "price"}
    assert with_kinds(Cancellation.objects.all()).get().of_stated == price.pk


def test_nothing_is_stated_of_a_withdrawn_one():
    gone = make_cancellation(withdrawn_at=timezone.now())
    with pytest.raises(RuleError):
        state_reason(gone, ReasonKind.STATED, make_reason("price"), by=None)


def test_merging_takes_the_views_along(alice):
    price, dear = make_reason("price"), make_reason("dear")
    gone = record(alice, stated_reason=dear, csm_reason=price)
    merge_reasons(price, dear, by=alice)

    assert kinds(gone) == {"stated": "price", "csm": "price"}


def test_the_dialog_asks_for_both_and_saving_it_unchanged_changes_nothing(alice):
    gone = record(alice, stated_reason=make_reason("price"), csm_reason=make_reason("onboarding"))
    initial = beginning(gone)
    given = {name: value for name, value in initial.items() if value} | {"requested_on": ""}
    form = CancellationForm(given, customer=gone.customer, initial=initial)
    assert form.is_valid(), form.errors
    amend_cancellation(gone, form.details(now=timezone.now()), by=alice)

    assert kinds(gone) == {"stated": "price", "csm": "onboarding"}
    assert gone.views.count() == 2
