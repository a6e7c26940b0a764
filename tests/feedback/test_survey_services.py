"""Making, writing and publishing surveys."""

import copy

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from feedback.ready_surveys import READY
from feedback.services.surveys import create_survey, publish, save_draft, start_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", READY)
def test_a_new_survey_can_be_sent_at_once(kind, bob):
    survey = create_survey(kind, " Ours ", by=bob)

    version = survey.versions.get()
    assert (survey.name, version.number, version.content) == ("Ours", 1, READY[kind])
    assert version.published_by == bob
    assert AuditEvent.objects.filter(verb="survey_created", actor=bob).count() == 1


@pytest.mark.parametrize(
    "kind, name, field", [("stars", "Ours", "kind"), ("nps", " ", "name"), ("nps", "Taken", "name")]
)
def test_a_survey_needs_a_kind_and_a_name_of_its_own(kind, name, field, bob):
    create_survey("csat", "Taken", by=bob)

    with pytest.raises(RuleError) as refusal:
        create_survey(kind, name, by=bob)

    assert refusal.value.field == field


def worded(document, words):
    document = copy.deepcopy(document)
    document["texts"]["en"]["title"] = words
    return document


def test_a_draft_is_written_beside_what_is_asked_and_published_later(bob):
    survey = create_survey("nps", "Ours", by=bob)
    draft = start_draft(survey, by=bob)
    assert start_draft(survey, by=bob) == draft

    saved = save_draft(draft, worded(draft.content, "New"), seen_at=draft.changed_at, by=bob)
    published = survey.versions.exclude(published_at=None)
    assert published.first().content["texts"]["en"]["title"] != "New"
    publish(saved, by=bob)

    assert published.first().number == 2
    assert published.first().content["texts"]["en"]["title"] == "New"


def test_the_second_editor_is_told_and_overwrites_nothing(alice, bob):
    draft = start_draft(create_survey("nps", "Ours", by=bob), by=bob)
    seen_at = draft.changed_at
    save_draft(draft, worded(draft.content, "Bob's"), seen_at=seen_at, by=bob)

    with pytest.raises(RuleError):
        save_draft(draft, worded(draft.content, "Alice's"), seen_at=seen_at, by=alice)

    draft.refresh_from_db()
    assert draft.content["texts"]["en"]["title"] == "Bob's"


def test_an_incomplete_draft_is_kept_but_not_published(bob):
    draft = start_draft(create_survey("nps", "Ours", by=bob), by=bob)
    draft = save_draft(draft, worded(draft.content, ""), seen_at=draft.changed_at, by=bob)

    with pytest.raises(RuleError) as refusal:
        publish(draft, by=bob)

    assert refusal.value.field == "texts.en.title"


def test_what_is_published_never_changes(bob):
    version = create_survey("nps", "Ours", by=bob).versions.get()

    with pytest.raises(RuleError):
        save_draft(version, version.content, seen_at=version.changed_at, by=bob)
    with pytest.raises(RuleError):
        publish(version, by=bob)
