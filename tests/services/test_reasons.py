"""The list of reasons: ready in four languages, renamed, merged and retired without loss."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import CancellationReason, ReasonCategory, ReasonVersion, ReasonView
from customers.services.reason_lists import LANGUAGES, READY_LISTS
from customers.services.reasons import (
    ReasonDetails,
    add_reason,
    bring_back_reason,
    install_reason_list,
    merge_reasons,
    rename_reason,
    retire_reason,
    separate_reason,
)
from tests.factories import make_cancellation, make_feature, make_reason

pytestmark = pytest.mark.django_db

CAUSES = {
    "price",
    "missing-feature",
    "support-quality",
    "results-not-delivered",
    "return-on-spend",
    "lack-of-expertise",
    "competitor",
    "need-gone",
    "closed-or-merged",
    "key-person-left",
    "data-protection",
    "onboarding",
    "reliability",
    "payment-failed",
}


@pytest.mark.parametrize("name", READY_LISTS)
def test_a_ready_list_names_every_cause_in_four_languages(name):
    ready = READY_LISTS[name]

    assert {reason.key for reason in ready} >= CAUSES
    assert len({reason.key for reason in ready}) == len(ready)
    for reason in ready:
        assert reason.category in ReasonCategory.values
        assert all(reason.labels[language].strip() for language in LANGUAGES)
    for language in LANGUAGES:
        assert len({reason.labels[language] for reason in ready}) == len(ready)


def test_a_ready_list_asks_which_feature_and_which_competitor():
    asks = {reason.key: reason.asks for reason in READY_LISTS["subscription"]}

    assert (asks["missing-feature"], asks["competitor"], asks["price"]) == (
        "feature",
        "competitor",
        "",
    )


def test_installing_twice_changes_nothing_and_never_rewords(alice):
    added = install_reason_list("subscription", by=alice)
    rename_reason(added[0], labels={"en": "Ours"}, by=alice)
    before = list(ReasonVersion.objects.order_by("pk").values())

    assert install_reason_list("subscription") == []
    more = install_reason_list("agency")

    assert {reason.key for reason in more} == {"budget-cut", "taken-in-house"}
    assert list(ReasonVersion.objects.order_by("pk").values())[: len(before)] == before


def test_an_unknown_list_is_refused():
    with pytest.raises(RuleError):
        install_reason_list("bakery")


def test_the_command_installs_a_list():
    out = StringIO()

    call_command("reasons", "consultancy", stdout=out, stderr=StringIO())

    assert "taken-in-house" in out.getvalue().split()
    assert CancellationReason.objects.count() == len(READY_LISTS["consultancy"])


def test_a_reason_is_worded_in_the_readers_language():
    install_reason_list("subscription")
    version = ReasonVersion.objects.get(reason__key="price")

    with translation.override("sv"):
        assert str(version) == "För högt pris"


def test_renaming_keeps_the_wording_of_the_past():
    reason = make_reason("price", labels={"en": "Price", "nb": "Pris"})
    cancellation = make_cancellation(reason=reason)

    version = rename_reason(reason, labels={"en": "Too dear"}, avoidable=False, by=None)

    assert version.version == 2
    assert version.labels == {"en": "Too dear", "nb": "Pris"}
    assert not version.avoidable
    cancellation.refresh_from_db()
    assert cancellation.reason_version.labels["en"] == "Price"
    assert reason.versions.first() == version
    event = AuditEvent.objects.get()
    assert event.changes["avoidable"] == [True, False]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"labels": {"en": " "}}, "labels"),
        ({"category": "weather"}, "category"),
        ({"asks": "why"}, "asks"),
        ({}, None),
    ],
)
def test_a_wording_that_can_not_be_is_refused(change, field):
    reason = make_reason("price")

    with pytest.raises(RuleError) as refusal:
        rename_reason(reason, by=None, **change)

    assert refusal.value.field == field
    assert reason.versions.count() == 1


def test_a_reason_of_ones_own_gets_a_free_key():
    feature = make_feature("reports")
    details = ReasonDetails({"en": "Reports too slow"}, category="product")

    first = add_reason(details, feature=feature, by=None)
    second = add_reason(details, by=None)

    assert (first.key, first.feature) == ("reports-too-slow", feature)
    assert second.key == "reports-too-slow-2"
    assert second.position > first.position


def test_merging_counts_the_past_under_what_is_kept():
    kept, merged, older = make_reason("price"), make_reason("too-dear"), make_reason("expensive")
    merge_reasons(merged, older, by=None)
    cancellation = make_cancellation(reason=merged)

    merge_reasons(kept, merged, by=None)

    cancellation.refresh_from_db()
    assert cancellation.reason == kept
    assert cancellation.reason_version.reason == merged
    merged.refresh_from_db()
    older.refresh_from_db()
    assert (merged.merged_into, older.merged_into) == (kept, kept)
    assert merged.retired_at is not None


def test_a_merge_is_undone_with_what_was_recorded_before_it():
    kept, merged, older = make_reason("price"), make_reason("too-dear"), make_reason("expensive")
    merge_reasons(merged, older, by=None)
    own, theirs = make_cancellation(reason=kept), make_cancellation(reason=merged)
    view = ReasonView.objects.create(
        cancellation=theirs,
        kind="stated",
        reason=merged,
        reason_version=merged.versions.first(),
        recorded_at=theirs.recorded_at,
    )
    merge_reasons(kept, merged, by=None)
    meanwhile = make_cancellation(reason=kept)
    merged.refresh_from_db()

    separate_reason(merged, along=[CancellationReason.objects.get(pk=older.pk)], by=None)

    for row, reason in ((own, kept), (meanwhile, kept), (theirs, merged), (view, merged)):
        row.refresh_from_db()
        assert row.reason == reason
    older.refresh_from_db()
    assert older.merged_into == merged
    assert (merged.merged_into, merged.retired_at) == (None, None)
    with pytest.raises(RuleError):
        separate_reason(merged, by=None)


def test_merging_into_itself_or_twice_is_refused():
    kept, merged = make_reason("price"), make_reason("too-dear")
    with pytest.raises(RuleError):
        merge_reasons(kept, kept, by=None)
    merge_reasons(kept, merged, by=None)

    with pytest.raises(RuleError):
        merge_reasons(kept, merged, by=None)
    with pytest.raises(RuleError):
        bring_back_reason(merged, by=None)


def test_retiring_can_be_taken_back():
    reason = make_reason("price")

    retire_reason(reason, by=None)
    with pytest.raises(RuleError):
        retire_reason(reason, by=None)
    bring_back_reason(reason, by=None)

    reason.refresh_from_db()
    assert reason.retired_at is None
