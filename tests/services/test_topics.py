"""Topics of mail are changed by rules, each change with its trace."""

import pytest
from django.utils import translation

from campaigns.models import CampaignKind
from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.kinds import NAMES, kinds_in_words
from customers.models import Topic
from customers.services.customers import EditedMeanwhileError
from customers.services.topics import change_topic, fields_of, silent_on
from feedback.models import SurveyKind
from tests.factories import make_contact, make_topic_wish, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def news():
    return Topic.objects.get(code="news")


def held(topic):
    return fields_of(topic, list(Topic.objects.all()))


def change(topic, by=None, **values):
    return change_topic(topic, held(topic) | values, seen=held(topic), by=by)


def codes():
    return [topic.code for topic in Topic.objects.all()]


def test_words_are_changed_and_the_audit_trail_tells(news):
    admin, kinds = make_user("admin"), news.kinds
    assert change(news, admin, name_en=" What  is new ", about_da="")
    news.refresh_from_db()
    assert (news.name, news.kinds, news.purpose) == ("What is new", kinds, "campaign")
    with translation.override("da"):
        assert news.name == "Produktnyheder"
        assert news.about == "What is new, and what we have put right."
    event = AuditEvent.objects.get(verb="topic_changed")
    assert (event.actor, event.object_id) == (admin, news.pk)
    assert event.changes == {
        "name_en": ["Product news", "What is new"],
        "about_da": ["Hvad der er nyt, og hvad vi har rettet.", ""],
    }


def test_a_language_without_a_name_falls_back_on_english(news):
    change(news, name_sv="", about_sv="")
    news.refresh_from_db()
    assert set(news.words) == {"en", "nb", "da"}
    with translation.override("sv"):
        assert news.name == "Product news"


def test_what_is_as_it_was_leaves_no_trace(news):
    assert not change(news)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "values, field",
    [
        ({"name_en": " "}, "name_en"),
        ({"about_en": ""}, "about_en"),
        ({"name_nb": "n" * 61}, "name_nb"),
        ({"about_sv": "o" * 201}, "about_sv"),
        ({"name_en": "offers"}, "name_en"),
        ({"name_da": "TILBUD"}, "name_da"),
    ],
)
def test_words_that_would_not_do_are_refused_at_their_field(news, values, field):
    with pytest.raises(RuleError) as refused:
        change(news, **values)
    assert refused.value.field == field
    assert held(Topic.objects.get(code="news")) == held(news)
    assert not AuditEvent.objects.exists()


def test_a_name_that_fits_exactly_and_the_same_word_in_two_languages_are_taken(news):
    assert change(news, name_en="n" * 60, about_en="o" * 200)
    assert change(Topic.objects.get(code="news"), name_sv="Tilbud")  # "Offers", but in Danish


def test_the_english_name_counts_where_another_language_is_empty(news):
    offers = Topic.objects.get(code="offers")
    change(offers, name_da="")
    with pytest.raises(RuleError) as refused:
        change(news, name_da="Offers")
    assert refused.value.field == "name_da"
    change(news, name_da="")
    guides = Topic.objects.get(code="guides")
    with pytest.raises(RuleError) as refused:
        change(guides, name_da="Product news")
    assert refused.value.field == "name_da"
    with pytest.raises(RuleError) as refused:
        change(Topic.objects.get(code="news"), name_en="Vejledning og opfølgning")
    assert refused.value.field == "name_en"


def test_a_topic_moves_and_the_others_close_ranks(news):
    assert codes() == ["surveys", "offers", "news", "guides", "referral"]
    change(news, place=1)
    assert codes() == ["news", "surveys", "offers", "guides", "referral"]
    change(Topic.objects.get(code="news"), place=5)
    assert codes() == ["surveys", "offers", "guides", "referral", "news"]
    assert [topic.place for topic in Topic.objects.all()] == [1, 2, 3, 4, 5]


def test_what_somebody_else_changed_meanwhile_is_not_written_over(news):
    seen = held(news)
    change(news, name_en="What is new")
    with pytest.raises(EditedMeanwhileError) as refused:
        change_topic(news, seen | {"by_default": False}, seen=seen, by=None)
    assert refused.value.now == {"name_en": "What is new"}
    assert Topic.objects.get(code="news").by_default


def test_who_never_chose_is_counted_among_those_who_can_be_written_to(news):
    said, _silent, other = make_contact(), make_contact(), make_contact()
    make_contact(left_on="2026-01-01")
    make_contact(email="1@erased.invalid")
    make_topic_wish(said, "news", wanted=True)
    make_topic_wish(other, "offers")
    assert silent_on(news) == 2


def test_every_kind_of_mail_goes_by_the_name_that_its_own_app_gives_it():
    theirs = {f"survey.{kind.value}": kind.label for kind in SurveyKind}
    theirs |= {f"campaign.{kind.value}": kind.label for kind in CampaignKind}
    assert {kind: str(name) for kind, name in NAMES.items()} == theirs


def test_kinds_are_named_by_what_they_are_mails_of():
    said = kinds_in_words(["survey.exit", "campaign.news", "survey.nps", "campaign.later"])
    assert said == (
        "Survey: why they leave, recommendation (NPS); Campaign: product news, campaign.later"
    )
