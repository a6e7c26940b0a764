"""Reasons that nobody has said: suggested by words and by warnings, until a person confirms."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from churnapp.common.errors import RuleError
from customers.models import CancellationReason, ReasonKind, ReasonView
from customers.reading.renewing import read_departures, read_unread
from customers.services.confirming import (
    confirm_reasons,
    take_back_confirmations,
    take_back_turning_down,
    turn_down_reasons,
)
from customers.services.reason_views import state_reason
from customers.services.reasons import install_reason_list, merge_reasons, retire_reason
from tests.factories import make_cancellation, make_customer, make_flag, make_reason, make_rule

pytestmark = pytest.mark.django_db


def suggested(gone, kind=ReasonKind.TEXT) -> str:
    view = ReasonView.objects.standing().filter(cancellation=gone, kind=kind, suggested=True)
    return view.get().reason.key if view else ""


@pytest.mark.parametrize(
    "comment, key",
    [
        ("It simply got too expensive for us.", "price"),
        ("Det ble for dyrt for oss", "price"),
        ("Vi hittade något billigare", "price"),
        ("It was not expensive at all", ""),
        ("Vi gikk til en konkurrent", "competitor"),
        ("Vi savner en integrasjon mot regnskapet", "missing-feature"),
        ("Der var for meget nedetid", "reliability"),
        ("Vi brukte det nesten aldri", "not-used"),
        ("Vi har ikke lenger behov for dette", "need-gone"),
        ("Thank you for everything", ""),
        ("", ""),
    ],
)
def test_words_speak_for_a_reason_or_for_none(comment, key):
    install_reason_list("subscription")
    gone = make_cancellation(comment=comment)
    read_departures([gone], now=timezone.now())

    assert suggested(gone) == key


def test_the_wording_of_a_reason_of_ones_own_counts():
    make_reason("visma", category="product", labels={"en": "Visma export missing"})
    gone = make_cancellation(comment="The export to Visma is missing.")
    read_departures([gone], now=timezone.now())

    assert suggested(gone) == "visma"
    assert gone.views.get().evidence == {"words": ["export", "visma", "missing"]}


def test_a_warning_before_notice_stands_for_a_reason():
    install_reason_list("subscription")
    customer = make_customer()
    day = date(2026, 6, 1)
    fell, failed = make_rule("use_fell"), make_rule("payment_failed")
    near = make_flag(customer, rule=fell, raised_on=day - timedelta(50), seen_on=day)
    make_flag(customer, rule=failed, raised_on=date(2025, 1, 1), seen_on=date(2025, 2, 1))
    gone = make_cancellation(customer, effective_on=day, recorded_at=timezone.now())
    read_departures([gone], now=timezone.now())

    assert suggested(gone, ReasonKind.BEHAVIOUR) == "not-used"
    assert gone.views.get().evidence == {"flags": [near.pk]}


def test_a_suggestion_is_no_view_and_what_is_confirmed_stays(alice):
    install_reason_list("subscription")
    gone = make_cancellation(comment="too expensive")
    assert read_unread(now=timezone.now()) == 1
    assert read_unread(now=timezone.now()) == 0
    assert gone.reasons_by_kind() == {}
    gone.refresh_from_db()
    assert gone.reason is None

    view = gone.views.get()
    state_reason(gone, ReasonKind.TEXT, view.reason, by=alice)
    gone.comment = "a competitor"
    read_departures([gone], now=timezone.now())
    assert suggested(gone) == ""
    assert gone.reasons_by_kind()[ReasonKind.TEXT].key == "price"


def test_a_new_wording_is_read_for_in_departures_that_were_read_before_it(alice):
    gone = make_cancellation(comment="The export to Visma is missing.")
    read_unread(now=timezone.now())
    assert suggested(gone) == ""

    make_reason("visma", category="product", labels={"en": "Visma export missing"})
    assert read_unread(now=timezone.now()) == 1
    assert suggested(gone) == "visma"
    assert read_unread(now=timezone.now()) == 0

    retire_reason(CancellationReason.objects.get(key="visma"), by=alice)
    assert read_unread(now=timezone.now()) == 1
    assert suggested(gone) == ""


def test_confirming_sorts_what_was_something_else_and_can_be_taken_back(alice):
    install_reason_list("subscription")
    other = CancellationReason.objects.get(key="other")
    gone = make_cancellation(comment="too expensive", reason=other)
    read_departures([gone], now=timezone.now())
    confirm_reasons({gone.pk: ReasonKind.TEXT}, by=alice)
    gone.refresh_from_db()
    assert (gone.reason.key, str(gone.reason_version)) == ("price", "Price too high")
    assert gone.reasons_by_kind()[ReasonKind.TEXT].key == "price"
    with pytest.raises(RuleError):
        confirm_reasons({gone.pk: ReasonKind.TEXT}, by=alice)

    take_back_confirmations({gone.pk: ReasonKind.TEXT}, by=alice)
    gone.refresh_from_db()
    assert gone.reason == other
    assert suggested(gone) == "price"


def test_confirming_leaves_a_headline_that_says_something(alice):
    install_reason_list("subscription")
    rival = CancellationReason.objects.get(key="competitor")
    gone = make_cancellation(comment="too expensive", reason=rival)
    read_departures([gone], now=timezone.now())
    confirm_reasons({gone.pk: ReasonKind.TEXT}, by=alice)
    gone.refresh_from_db()

    assert gone.reason == rival


def test_what_was_turned_down_is_not_suggested_again_until_that_is_taken_back(alice):
    install_reason_list("subscription")
    gone = make_cancellation(comment="too expensive")
    chosen = {gone.pk: ReasonKind.TEXT}
    read_departures([gone], now=timezone.now())

    turn_down_reasons(chosen, by=alice)
    read_departures([gone], now=timezone.now())
    assert suggested(gone) == ""
    with pytest.raises(RuleError):
        turn_down_reasons(chosen, by=alice)

    take_back_turning_down(chosen, by=alice)
    assert suggested(gone) == "price"
    with pytest.raises(RuleError):
        take_back_turning_down(chosen, by=alice)


def test_other_words_suggest_something_else_after_one_was_turned_down(alice):
    install_reason_list("subscription")
    gone = make_cancellation(comment="too expensive")
    read_departures([gone], now=timezone.now())
    turn_down_reasons({gone.pk: ReasonKind.TEXT}, by=alice)
    gone.comment = "Vi gikk til en konkurrent"
    read_departures([gone], now=timezone.now())

    assert suggested(gone) == "competitor"
    with pytest.raises(RuleError):
        take_back_turning_down({gone.pk: ReasonKind.TEXT}, by=alice)


def test_a_headline_goes_back_to_what_its_reason_was_merged_into(alice):
    install_reason_list("subscription")
    other, unsorted = CancellationReason.objects.get(key="other"), make_reason("dunno")
    gone = make_cancellation(comment="too expensive", reason=unsorted)
    read_departures([gone], now=timezone.now())
    confirm_reasons({gone.pk: ReasonKind.TEXT}, by=alice)
    merge_reasons(other, unsorted, by=alice)

    take_back_confirmations({gone.pk: ReasonKind.TEXT}, by=alice)
    gone.refresh_from_db()
    assert gone.reason == other


def test_a_suggestion_is_turned_down_in_the_list_and_on_the_customers_page(client, alice):
    client.force_login(alice)
    install_reason_list("subscription")
    gone = make_cancellation(comment="too expensive")
    read_departures([gone], now=timezone.now())
    listed = client.get("/cancellations/reasons/").content.decode()
    assert "/cancellations/reasons/turn-down/" in listed
    shown = client.get(f"/customers/{gone.customer_id}/").content.decode()
    assert f"/cancellations/{gone.pk}/turn-down/text/" in shown

    client.post("/cancellations/reasons/turn-down/", {"only": f"{gone.pk}.text"})
    assert suggested(gone) == ""
    client.post(f"/cancellations/reasons/suggest-again/?gone={gone.pk}.text")
    assert suggested(gone) == "price"
    client.post(f"/cancellations/{gone.pk}/turn-down/text/")
    assert suggested(gone) == ""
    client.post(f"/cancellations/{gone.pk}/suggest-again/text/")
    assert suggested(gone) == "price"


def test_a_suggestion_is_confirmed_on_the_customers_page(client, alice):
    client.force_login(alice)
    install_reason_list("subscription")
    gone = make_cancellation(comment="too expensive")
    read_departures([gone], now=timezone.now())
    page = f"/customers/{gone.customer_id}/"
    assert "Their words: expensive" in client.get(page).content.decode()

    address = f"/cancellations/{gone.pk}/confirm/text/"
    answer = client.post(address, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert address not in answer.content.decode()
    client.post(f"/cancellations/{gone.pk}/unconfirm/text/")
    assert suggested(gone) == "price"
