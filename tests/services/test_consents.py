"""What contacts agreed to: the last word counts, all are kept, mistakes are taken back."""

from datetime import timedelta

import pytest

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.mail.checks import consent_refused
from customers.models import Consent, OutgoingEmail
from customers.services.consents import Said, say_consent, say_consents, take_back_consents
from tests.factories import make_contact, make_organisation, today_here

pytestmark = pytest.mark.django_db
PHONE = {"said": Said("On the phone"), "by": None}


@pytest.fixture
def kari():
    make_organisation()
    return make_contact()


def on(day):
    return {"said": Said("On the phone", day), "by": None}


def stands(contact):
    last = Consent.objects.last_words().filter(contact=contact)
    return dict(last.order_by("purpose").values_list("purpose", "given"))


def refused(contact, purpose="survey"):
    return consent_refused(OutgoingEmail(contact=contact, purpose=purpose))


def test_a_day_of_before_counts_until_a_later_word(kari):
    yesterday = today_here() - timedelta(days=1)
    say_consent(kari, "survey", given=True, **on(yesterday))
    say_consent(kari, "survey", given=False, **on(yesterday))
    assert refused(kari)
    say_consent(kari, "survey", given=True, **PHONE)
    assert not refused(kari)
    with pytest.raises(RuleError) as refusal:
        say_consent(kari, "survey", given=False, **on(yesterday))
    assert refusal.value.field == "said_on"
    assert stands(kari) == {"survey": True}


def test_nobody_says_anything_tomorrow(kari):
    with pytest.raises(RuleError):
        say_consent(kari, "survey", given=True, **on(today_here() + timedelta(days=1)))


def test_what_is_not_known_any_more_stops_nothing(kari):
    say_consent(kari, "survey", given=False, **PHONE)
    say_consent(kari, "survey", given=None, **PHONE)
    assert not refused(kari)
    assert stands(kari) == {"survey": None}
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", "changes")
    assert list(verbs) == [
        ("consent_withdrawn", {"purpose": [None, "survey"], "given": [None, False]}),
        ("consent_unknown", {"purpose": [None, "survey"], "given": [False, None]}),
    ]


def test_the_same_again_adds_nothing(kari):
    words = {"survey": True, "campaign": False}
    assert len(say_consents(kari, words, **PHONE)) == 2
    assert say_consents(kari, words, **PHONE) == []
    assert len(say_consents(kari, words, said=Said("By mail"), by=None)) == 2


def test_a_mistake_is_taken_back_while_it_is_the_last_word(kari):
    say_consent(kari, "survey", given=True, **PHONE)
    wrong = say_consent(kari, "survey", given=False, **PHONE)
    take_back_consents(kari, [wrong.pk], by=None)
    assert stands(kari) == {"survey": True}
    assert AuditEvent.objects.filter(verb="consent_taken_back", object_id=wrong.pk).exists()
    overtaken = say_consent(kari, "survey", given=False, **PHONE)
    say_consent(kari, "survey", given=True, **PHONE)
    for said in ([wrong.pk], [overtaken.pk], []):
        with pytest.raises(RuleError):
            take_back_consents(kari, said, by=None)
    assert Consent.objects.count() == 3
