"""What is fixed: whom it concerns, told once, and the filters that find them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Fix, FixTold
from churnapp.models import AuditEvent
from customers.filters import segment
from customers.models import Customer
from tests.campaign_factories import (
    make_campaign,
    make_fix,
    make_grant,
    make_recipient,
    make_sales_offer,
)
from tests.campaigns.running import go_on, launched
from tests.factories import (
    make_cancellation,
    make_complaint,
    make_contact,
    make_feature,
    make_reason,
    make_subscription,
    make_user,
    stand,
    today,
)
from tests.feedback_factories import make_comment_theme, make_response, make_theme

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def lost(**fields):
    """A customer who left ten days ago, for the reasons given."""
    contact = make_contact()
    day = today() - timedelta(days=10)
    make_subscription(contact.customer, starts_on=day - timedelta(days=300), ends_on=day)
    make_cancellation(contact.customer, effective_on=day, **fields)
    return contact.customer


def stays():
    contact = make_contact()
    make_subscription(contact.customer)
    return contact.customer


def chosen(query):
    stand()
    return set(segment(query, Customer.objects.all()))


def test_who_left_over_it_is_found_by_reason_and_by_feature():
    reason, feature = make_reason("slow_export"), make_feature("export")
    by_reason, by_feature = lost(reason=reason), lost(missing_feature="export")
    lost(reason=make_reason("price"))
    came_back = lost(reason=reason)
    make_subscription(came_back)
    fix = make_fix(feature=feature)
    fix.reasons.add(reason)
    assert chosen(f"fix_left={fix.pk}") == {by_reason, by_feature}
    FixTold.objects.create(fix=fix, customer=by_reason, told_at=timezone.now())
    assert chosen(f"fix_left={fix.pk}") == {by_feature}


def test_a_fix_that_is_tied_to_nothing_concerns_nobody():
    lost(reason=make_reason("price"))
    fix = make_fix()
    assert chosen(f"fix_left={fix.pk}") == set()
    assert chosen(f"fix_heard={fix.pk}") == set()
    assert chosen("fix_left=999999") == set()


def test_who_stays_and_complained_is_found_by_open_complaints():
    feature = make_feature("export")
    one, settled = stays(), stays()
    make_complaint(one, feature=feature)
    make_complaint(settled, feature=feature, resolved_at=timezone.now())
    gone = lost()
    make_complaint(gone, feature=feature)
    fix = make_fix(feature=feature)
    assert chosen(f"fix_heard={fix.pk}") == {one}


def test_a_complaint_counts_by_the_reason_that_its_own_was_merged_into():
    kept, merged = make_reason("slow_export"), make_reason("export_hangs")
    merged.merged_into = kept
    merged.save()
    one = stays()
    make_complaint(one, reason=merged)
    fix = make_fix()
    fix.reasons.add(kept)
    assert chosen(f"fix_heard={fix.pk}") == {one}


def test_themes_find_both_once_a_person_has_confirmed_them():
    theme, merged = make_theme(), make_theme("app crawls")
    merged.merged_into = theme
    merged.save()
    fix = make_fix()
    fix.themes.add(theme)
    parting = lost(comment="The app was slow")
    gone = {"cancellation": parting.cancellations.get(), "answer": None}
    said = make_comment_theme(merged, state="confirmed", decided_at=timezone.now(), **gone)
    staying = stays()
    response = make_response(comment="The app is slow", customer=staying)
    heard = make_comment_theme(theme, response, state="suggested")
    assert chosen(f"fix_left={fix.pk}") == {parting}
    assert chosen(f"fix_heard={fix.pk}") == set()
    heard.state, heard.decided_at = "confirmed", timezone.now()
    heard.save()
    assert chosen(f"fix_heard={fix.pk}") == {staying}
    said.state = "rejected"
    said.save()
    assert chosen(f"fix_left={fix.pk}") == set()


def test_history_of_campaigns_and_offers_chooses_customers():
    inside, held, left_out, outside = (make_contact().customer for _ in range(4))
    campaign = make_campaign(state="draft")
    make_recipient(campaign, customer=inside)
    make_recipient(campaign, customer=held, state="held_out", held_out=True)
    make_recipient(campaign, customer=left_out, state="left_out", why="nobody")
    assert chosen(f"in_campaign={campaign.pk}") == {inside, held}
    everybody = {inside, held, left_out, outside}
    assert chosen(f"not_in_campaign={campaign.pk}") & everybody == {left_out, outside}
    offer = make_sales_offer()
    make_grant(offer, inside, state="accepted")
    make_grant(offer, held, state="declined")
    assert chosen(f"accepted_offer={offer.pk}") == {inside}


def given(**changes):
    return {
        "name": "Faster exports",
        "fixed_on": "2026-03-01",
        "words_en": "fast exports",
    } | changes


def test_a_fix_is_recorded_with_its_words_and_leaves_a_trace(manager):
    reason = make_reason("slow_export")
    answer = manager.post(at("new_fix"), given(reasons=[reason.pk], words_sv="snabb export"))
    fix = Fix.objects.get()
    assert answer.url == at("fix", fix.pk)
    assert fix.words == {"en": "fast exports", "sv": "snabb export"}
    assert AuditEvent.objects.filter(verb="fix_recorded", object_id=fix.pk).exists()
    manager.post(at("fix", fix.pk), given(reasons=[reason.pk], name="Exports"))
    event = AuditEvent.objects.get(verb="fix_changed")
    assert event.changes["name"] == ["Faster exports", "Exports"]
    assert "sv" not in Fix.objects.get().words


def test_a_fix_tied_to_nothing_is_refused_and_keeps_what_was_typed(manager):
    answer = manager.post(at("new_fix"), given())
    assert answer.status_code == 422
    assert answer.context["form"].errors["reasons"]
    assert 'value="Faster exports"' in answer.content.decode()
    assert not Fix.objects.exists()


def test_writing_to_them_makes_a_draft_that_reaches_each_once(manager):
    reason = make_reason("slow_export")
    customer = lost(reason=reason)
    lost(reason=make_reason("price"))
    stand()
    fix = make_fix()
    fix.reasons.add(reason)
    shown = manager.get(at("fix_audience", fix.pk)).content.decode()
    assert "1 customer" in shown
    answer = manager.post(at("write_about_fix", fix.pk, "left"))
    campaign = Campaign.objects.get()
    assert answer.url == at("path", campaign.pk)
    assert (campaign.fix, campaign.kind, campaign.audience) == (
        fix,
        "win_back",
        f"fix_left={fix.pk}",
    )
    Campaign.objects.update(holdout_percent=0)
    go_on(launched(campaign))
    assert FixTold.objects.get().customer == customer
    assert "1 customer" not in manager.get(at("fix_audience", fix.pk)).content.decode()
    assert manager.post(at("write_about_fix", fix.pk, "nonsense")).status_code == 404


def test_fixes_are_listed_archived_and_brought_back(manager):
    fix = make_fix(name="Faster exports")
    assert "Faster exports" in manager.get(at("fixes")).content.decode()
    manager.post(at("archive_fix", fix.pk))
    assert not manager.get(at("fixes")).context["fixes"]
    assert "Faster exports" in manager.get(at("fixes"), {"show": "archived"}).content.decode()
    manager.post(at("bring_back_fix", fix.pk))
    fix.refresh_from_db()
    assert fix.archived_at is None


def test_an_empty_list_says_what_fixes_are(manager):
    assert "No fix is recorded yet" in manager.get(at("fixes")).content.decode()


def test_the_list_of_fixes_asks_the_same_for_one_and_for_thirty(
    manager, django_assert_max_num_queries
):
    def count(fixes):
        for number in range(fixes):
            make_fix().themes.add(make_theme(f"theme{number}-{fixes}"))
        with django_assert_max_num_queries(40) as asked:
            manager.get(at("fixes"))
        return len(asked)

    manager.get(at("fixes"))
    assert count(1) == count(29)


def test_who_only_looks_records_none(client):
    client.force_login(make_user("viewer"))
    assert client.get(at("fixes")).status_code == 200
    assert client.get(at("new_fix")).status_code == 403
    assert client.post(at("write_about_fix", make_fix().pk, "left")).status_code == 403
