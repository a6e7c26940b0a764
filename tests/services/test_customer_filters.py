"""Each filter of customers: one who is chosen and one who is not, now and as known before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from churnapp.common.errors import RuleError
from customers.filters import CustomerFilter, Group, WholeNumber, register, segment
from customers.filters.choosing import GROUPS
from customers.filters.contacts import ContactFilter
from customers.models import Customer
from customers.views.asking import OWN_NAMES
from tests.factories import (
    make_cancellation,
    make_competitor,
    make_complaint,
    make_contact,
    make_customer,
    make_feature,
    make_flag,
    make_reason,
    make_rule,
    make_subscription,
    make_usage,
    stand,
    today,
)
from tests.feedback_factories import (
    make_comment_theme,
    make_response,
    make_survey,
    make_theme,
)

pytestmark = pytest.mark.django_db
BEFORE = datetime(2024, 6, 1, 12, tzinfo=UTC)


def days_ago(number):
    return today() - timedelta(days=number)


def chosen(query, **options):
    """The names of whom a query chooses."""
    return sorted(one.name for one in segment(query, Customer.objects.all(), **options))


def left(name, *, days=10, **fields):
    customer = make_customer(name)
    return make_cancellation(customer, effective_on=days_ago(days), **fields)


@pytest.fixture
def courses():
    """In left ten days ago, Out half a year ago; both after a year, In's terms known all along."""
    for name, days in (("In", 10), ("Out", 180)):
        customer = make_customer(name, signed_up_on=days_ago(days + 400))
        ends = {"starts_on": days_ago(days + 365), "ends_on": days_ago(days)}
        make_subscription(customer, **ends)
    stand()


@pytest.fixture
def ahead():
    """In has a contract, a notice and an end within a month, Out in half a year."""
    for name, days in (("In", 20), ("Out", 180)):
        day = today() + timedelta(days=days)
        fields = {"contract_ends_on": day, "notice_by": day, "ends_on": day}
        make_subscription(make_customer(name), **fields)
    stand()


@pytest.mark.usefixtures("courses")
@pytest.mark.parametrize(
    "query, names",
    [
        ("lost_in_days=10", ["In"]),
        ("lost_in_days=9", []),
        ("lost_in_days=180", ["In", "Out"]),
        ("signed_up_in_days=410", ["In"]),
        ("signed_up_in_days=580", ["In", "Out"]),
    ],
)
def test_days_back_are_counted_from_today(query, names):
    assert chosen(query) == names


@pytest.mark.usefixtures("courses")
def test_the_first_payment_bounds_both_sides():
    day = f"{days_ago(375):%Y-%m-%d}"
    assert chosen(f"paying_from={day}") == ["In"]
    assert chosen(f"paying_to={day}") == ["In", "Out"]
    before = f"{days_ago(376):%Y-%m-%d}"
    assert chosen(f"paying_to={before}") == ["Out"]


@pytest.mark.usefixtures("courses")
def test_days_are_counted_from_the_moment_that_is_asked_of():
    then = timezone.now() - timedelta(days=175)
    assert chosen("lost_in_days=10", known_at=then) == ["Out"]
    assert chosen("lost_in_days=10") == ["In"]


@pytest.mark.usefixtures("ahead")
@pytest.mark.parametrize("name", ["contract_ends", "notice", "known_end"])
def test_days_ahead_are_counted_from_today(name):
    assert chosen(f"{name}_in_days=20") == ["In"]
    assert chosen(f"{name}_in_days=19") == []
    assert chosen(f"{name}_in_days=180") == ["In", "Out"]


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "99999999999999999999"])
def test_days_that_are_no_number_are_refused(text):
    with pytest.raises(RuleError, match=r"Lost in the last"):
        chosen(f"lost_in_days={text}")


def test_the_reason_is_the_headline_of_the_last_cancellation_in_force():
    price, service = make_reason("price"), make_reason("service")
    left("In", reason=price)
    late = left("Out", days=50, reason=price)
    make_cancellation(late.customer, effective_on=days_ago(5), reason=service)
    back = left("Back", reason=service)
    back.withdrawn_at = timezone.now()
    back.save()
    assert chosen("reason=price") == ["In"]
    assert chosen("reason=service") == ["Out"]
    assert chosen("reason=price&reason=service") == ["In", "Out"]
    assert chosen("reason=nonsense") == []


def test_of_two_on_one_day_the_one_recorded_later_counts():
    price, service = make_reason("price"), make_reason("service")
    first = left("One", reason=price)
    make_cancellation(first.customer, effective_on=first.effective_on, reason=service)
    assert chosen("reason=price") == []
    assert chosen("reason=service") == ["One"]


def test_a_merged_reason_counts_as_the_other_whichever_is_named():
    price, dear = make_reason("price"), make_reason("too-dear")
    dear.merged_into = price
    dear.save()
    left("Dear", reason=dear)
    left("Price", reason=price)
    left("Out", reason=make_reason("service"))
    assert chosen("reason=price") == chosen("reason=too-dear") == ["Dear", "Price"]


def test_the_category_is_the_one_that_the_reason_has_now():
    price = make_reason("price", category="price")
    left("In", reason=price)
    left("Bare")
    assert chosen("reason_category=price") == ["In"]
    assert chosen("reason_category=unsorted") == ["Bare"]
    price.versions.create(version=2, category="product", labels={"en": "Price"})
    assert chosen("reason_category=product") == ["In"]
    assert chosen("reason_category=price") == []
    with pytest.raises(RuleError, match="Category of the reason"):
        chosen("reason_category=nonsense")


def test_a_competitor_is_meant_by_any_name_it_goes_by():
    make_competitor("Planvind", "PV")
    left("In", competitor=" planVIND ")
    left("Short", competitor="pv")
    left("Other", competitor="Skiftly")
    left("None")
    assert chosen("competitor=Planvind") == chosen("competitor=PV") == ["In", "Short"]
    assert chosen("competitor=skiftly") == ["Other"]
    assert chosen("competitor=*") == ["In", "Other", "Short"]


def test_a_missing_feature_is_meant_by_code_by_name_or_in_words():
    make_feature("gantt", name="Gantt chart")
    left("Name", missing_feature="gantt  Chart")
    left("Code", missing_feature="GANTT")
    left("Words", missing_feature="offline mode")
    left("None")
    assert chosen("missing_feature=gantt") == ["Code", "Name"]
    assert chosen("missing_feature=Offline Mode") == ["Words"]
    assert chosen("missing_feature=*") == ["Code", "Name", "Words"]


def test_who_left_without_asking_is_told_from_who_asked():
    left("Lapsed", involuntary=True)
    left("Asked")
    make_customer("Stays")
    assert chosen("involuntary=true") == ["Lapsed"]
    assert chosen("involuntary=false") == ["Asked"]
    with pytest.raises(RuleError, match="Left without asking"):
        chosen("involuntary=maybe")


def test_reasons_are_those_that_stood_at_the_moment():
    price, service = make_reason("price"), make_reason("service")
    gone = left("One", days=400, reason=price, recorded_at=BEFORE)
    make_cancellation(
        gone.customer, effective_on=days_ago(1), reason=service, recorded_at=timezone.now()
    )
    assert chosen("reason=price", known_at=BEFORE) == ["One"]
    assert chosen("reason=price", known_at=BEFORE - timedelta(days=1)) == []
    assert chosen("reason=service") == ["One"]


def test_use_counts_for_thirty_days():
    make_usage(make_customer("In"), days_ago(29), feature="reports")
    make_usage(make_customer("Old"), days_ago(30), feature="reports")
    make_usage(make_customer("Other"), days_ago(1), feature="boards")
    make_usage(make_customer("None"), days_ago(1), feature="reports", count=0)
    assert chosen("used=reports") == ["In"]
    assert chosen("used=reports&used=boards") == ["In", "Other"]
    assert chosen("used=nonsense") == []
    assert chosen("used=reports", known_at=timezone.now() - timedelta(days=5)) == ["In", "Old"]


def test_unused_is_paid_for_and_not_touched():
    make_feature("reports", plans=("pro",))
    for name, plan in (("In", "pro"), ("User", "pro"), ("Basic", "basic")):
        customer = make_customer(name)
        make_subscription(customer, plan=plan)
        if name == "User":
            make_usage(customer, days_ago(3), feature="reports")
    make_subscription(make_customer("Gone"), plan="pro", ends_on=days_ago(3))
    assert chosen("unused=reports") == ["In"]
    assert chosen("unused=nonsense") == []
    earlier = timezone.now() - timedelta(days=4)
    assert chosen("unused=reports", known_at=earlier) == ["Gone", "In", "User"]


def test_silence_begins_with_the_last_use_or_the_first_payment():
    for name, started, used in (("In", 90, 40), ("Never", 40, None), ("Busy", 90, 2)):
        customer = make_customer(name)
        make_subscription(customer, starts_on=days_ago(started))
        if used:
            make_usage(customer, days_ago(used))
    make_customer("Prospect")
    stand()
    assert chosen("silent_days=40") == ["In", "Never"]
    assert chosen("silent_days=41") == []


def test_an_open_flag_is_one_that_is_neither_closed_nor_snoozed():
    rule = make_rule("no_use")
    for name, state in (("In", "open"), ("Seen", "acknowledged"), ("Done", "resolved")):
        closed = {"closed_on": days_ago(1)} if state == "resolved" else {}
        make_flag(make_customer(name), rule=rule, state=state, raised_on=days_ago(9), **closed)
    snoozed = {"state": "snoozed", "snoozed_until": today() + timedelta(days=9)}
    lately = {"raised_on": days_ago(3), "changed_at": timezone.now() - timedelta(days=1)}
    make_flag(make_customer("Snoozed"), rule=rule, **snoozed, **lately)
    make_flag(make_customer("Other"), rule=make_rule("no_contact"))
    assert chosen("flag=no_use") == ["In", "Seen"]
    then = timezone.now() - timedelta(days=5)
    assert chosen("flag=no_use", known_at=then) == ["Done", "In", "Seen"]
    assert chosen("flag=no_use", known_at=timezone.now()) == ["In", "Seen"]
    then = timezone.now() - timedelta(days=2)
    assert chosen("flag=no_use", known_at=then) == ["Done", "In", "Seen", "Snoozed"]


def test_an_open_complaint_is_one_that_nobody_resolved():
    make_complaint(make_customer("In"), occurred_at=timezone.now() - timedelta(days=1))
    old = timezone.now() - timedelta(days=9)
    make_complaint(make_customer("Done"), resolved_at=timezone.now(), occurred_at=old)
    assert chosen("open_complaint=true") == ["In"]
    assert chosen("open_complaint=false") == ["Done"]
    then = timezone.now() - timedelta(days=3)
    assert chosen("open_complaint=true", known_at=then) == ["Done"]


def answer(name, score, *, days=1, **fields):
    known = Customer.objects.filter(name=name).first()
    contact = make_contact(known or make_customer(name))
    at = timezone.now() - timedelta(days=days)
    return make_response(score=score, contact=contact, answered_at=at, **fields)


def test_the_score_is_the_last_that_counts():
    answer("In", 9, days=9)
    answer("In", 3)
    answer("Fan", 10)
    answer("Fan", 0, quarantined_at=timezone.now())
    answer("Rating", 5, survey=make_survey("csat"))
    assert chosen("nps_to=6") == ["In"]
    answer("Nil", 0)
    assert chosen("nps_to=0") == ["Nil"]
    assert chosen("nps_from=0") == ["Fan", "In", "Nil"]
    assert chosen("nps_from=7") == ["Fan"]
    assert chosen("nps_from=3&nps_to=3") == ["In"]
    assert chosen("nps_from=7", known_at=timezone.now() - timedelta(days=5)) == ["In"]
    with pytest.raises(RuleError, match="NPS score, at most"):
        chosen("nps_to=11")


def test_who_answered_a_survey():
    survey = make_survey()
    answer("In", 9, survey=survey)
    answer("Begun", 9, survey=survey, quarantined_at=timezone.now())
    answer("Other", 9)
    assert chosen(f"answered={survey.pk}") == ["In"]
    with pytest.raises(RuleError, match="Answered"):
        chosen("answered=nps")


def test_a_theme_that_was_confirmed_in_their_words():
    theme, merged = make_theme(key="slow"), make_theme(key="sluggish")
    merged.merged_into = theme
    merged.save()
    for name, state in (("In", "confirmed"), ("Maybe", "suggested"), ("No", "rejected")):
        make_comment_theme(theme, answer(name, 4, comment="The app is slow"), state=state)
    make_comment_theme(merged, answer("Merged", 4, comment="Sluggish"), state="confirmed")
    gone = left("Left", comment="So slow")
    found = {"answer": None, "cancellation": gone, "state": "confirmed"}
    make_comment_theme(theme, answer("Nobody", 4, comment="x"), **found)
    assert chosen("theme=slow") == chosen("theme=sluggish") == ["In", "Left", "Merged"]


def test_an_app_registers_a_filter_that_everything_understands():
    with pytest.raises(ValueError, match="nps_to"):
        register("nps_to", CustomerFilter.base_filters["nps_to"], Group.ANSWERS)
    with pytest.raises(ValueError, match="cursor"):
        register("cursor", CustomerFilter.base_filters["nps_to"], Group.ANSWERS)
    make_customer("Acme")
    with pytest.raises(RuleError, match="neither a field"):
        chosen("letters=4")
    register("letters", WholeNumber("Letters", length_is), Group.CAMPAIGNS)
    try:
        make_customer("Beta AS")
        assert chosen("letters=4") == ["Acme"]
        with pytest.raises(RuleError, match=r"lapsed.*letters"):
            chosen("lapsed=1")
    finally:
        for names in (CustomerFilter.base_filters, CustomerFilter.declared_filters, GROUPS):
            del names["letters"]


def length_is(number, _when):
    return Q(name__regex=f"^.{{{number}}}$")


def test_no_filter_is_called_like_what_a_page_of_figures_asks():
    assert not OWN_NAMES & set(CustomerFilter.base_filters)


def test_every_filter_has_a_label_and_a_heading():
    assert set(GROUPS) == set(CustomerFilter.base_filters)
    assert all(one.label for one in CustomerFilter.base_filters.values())


def test_every_filter_is_documented():
    text = (Path(settings.BASE_DIR) / "docs" / "segments.md").read_text()
    names = {*CustomerFilter.base_filters, *ContactFilter.base_filters}
    assert not {name for name in names if f"`{name}`" not in text}
