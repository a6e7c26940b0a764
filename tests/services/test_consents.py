"""What contacts agreed to: the last word counts, all are kept, mistakes are taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.checks import consent_refused
from customers.models import Consent, OutgoingEmail
from customers.services.consents import Word, say_consents, take_back_consents
from tests.factories import make_contact, make_organisation, today_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    make_organisation()
    return make_contact()


def say_consent(contact, purpose, *, given, on=None):
    word = Word(purpose, given, "On the phone", on)
    (said,) = say_consents(contact, [word], by=None)
    return said


def stands(contact):
    last = Consent.objects.last_words().filter(contact=contact)
    return dict(last.order_by("purpose").values_list("purpose", "given"))


def refused(contact, purpose="survey"):
    return consent_refused(OutgoingEmail(contact=contact, purpose=purpose))


def test_a_day_of_before_counts_until_a_later_word(kari):
    yesterday = today_here() - timedelta(days=1)
    say_consent(kari, "survey", given=True, on=yesterday)
    say_consent(kari, "survey", given=False, on=yesterday)
    assert refused(kari)
    say_consent(kari, "survey", given=True)
    assert not refused(kari)
    with pytest.raises(RuleError) as refusal:
        say_consent(kari, "survey", given=False, on=yesterday)
    assert refusal.value.field == "said_on"
    assert stands(kari) == {"survey": True}


def test_nobody_says_anything_tomorrow(kari):
    with pytest.raises(RuleError):
        say_consent(kari, "survey", given=True, on=today_here() + timedelta(days=1))


def test_what_is_not_known_any_more_stops_nothing(kari):
    say_consent(kari, "survey", given=False)
    say_consent(kari, "survey", given=None)
    assert not refused(kari)
    assert stands(kari) == {"survey": None}
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", "changes")
    assert list(verbs) == [
        ("consent_withdrawn", {"purpose": [None, "survey"], "given": [None, False]}),
        ("consent_unknown", {"purpose": [None, "survey"], "given": [False, None]}),
    ]


def test_the_same_again_adds_nothing(kari):
    words = [Word("survey", True, "CRM"), Word("campaign", False, "CRM")]
    assert len(say_consents(kari, words, by=None)) == 2
    assert say_consents(kari, words, by=None) == []
    assert (
        len(say_consents(kari, [replace(word, source="By mail") for word in words], by=None)) == 2
    )


def test_a_mistake_is_taken_back_while_it_is_the_last_word(kari):
    say_consent(kari, "survey", given=True)
    wrong = say_consent(kari, "survey", given=False)
    take_back_consents(kari, [wrong.pk], by=None)
    assert stands(kari) == {"survey": True}
    assert AuditEvent.objects.filter(verb="consent_taken_back", object_id=wrong.pk).exists()
    overtaken = say_consent(kari, "survey", given=False)
    say_consent(kari, "survey", given=True)
    for said in ([wrong.pk], [overtaken.pk], []):
        with pytest.raises(RuleError):
            take_back_consents(kari, said, by=None)
    assert Consent.objects.count() == 3
