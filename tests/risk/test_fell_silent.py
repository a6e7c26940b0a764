"""Who answered one survey after the other, and not the newest."""

import pytest

from customers.models import RiskFlag
from feedback.answering import Signs
from feedback.logic import Given
from feedback.services.answering import Filled, answer_invitation
from tests.factories import make_contact, make_mail
from tests.feedback_factories import make_invitation, make_survey
from tests.risk.facts import keys, moment, night, only, payer, said, talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_this_rule(db):
    only("fell_silent")


def ask(customer, days, link, *, state="delivered", answered=False):
    """A survey mailed so many days ago; the answer came the day after."""
    mail = make_mail(
        customer,
        state=state,
        sent_at=moment(days),
        links={"survey": {"path": "/s/{token}", "purpose": "survey", "nonce": link}},
    )
    if answered:
        talk(customer, days - 1, kind="answer", score=9, facts={"mail": mail.pk})


def history(answers, *, newest=21):
    """A customer asked every 30 days; `answers` says of each asking, oldest first, `+` or `-`."""
    customer = payer()
    for number, mark in enumerate(reversed(answers)):
        ask(customer, newest + 30 * number, f"link-{number}", answered=mark == "+")
    return customer


def test_the_numbers_and_the_day_are_named():
    customer = history("++++-")

    night()

    assert said(customer) == [
        "Answered the last 4 surveys, but not the one of 25 May 2025, 21 days ago."
    ]


@pytest.mark.parametrize(
    "answers, level",
    [
        ("+++-", 0),
        ("-+++-", 0),
        ("+++--", 1),
        ("+++---", 2),
        ("++-", None),
        ("+-++-", None),
        ("++++", None),
        ("-++-+-", None),
        ("---", None),
        ("+++-+", None),
    ],
)
def test_it_takes_a_row_of_answers_and_then_none(answers, level):
    customer = history(answers)
    history("+")

    night()

    flag = RiskFlag.objects.filter(customer=customer).first()
    assert (flag.level if flag else None) == level


def test_two_left_unanswered_say_so():
    customer = history("+++--")
    night()
    assert said(customer) == [
        "Answered 3 surveys in a row, then none of the 2 since 25 Apr 2025, 51 days ago."
    ]


@pytest.mark.parametrize("days, raised", [(13, False), (14, True), (180, True), (181, False)])
def test_it_waits_for_the_answer_and_is_forgotten_in_the_end(days, raised):
    customer = history("+++-", newest=days)
    night()
    assert bool(keys(customer)) == raised


def test_a_newer_mail_that_may_still_be_answered_changes_nothing():
    customer = history("+++-", newest=40)
    ask(customer, 3, "fresh")
    night()
    assert keys(customer) == ["fell_silent"]


def test_a_reminder_is_no_asking_of_its_own():
    customer = history("+++-")
    ask(customer, 17, "link-0")
    night()
    assert RiskFlag.objects.get(customer=customer).facts["missed"] == 1


@pytest.mark.parametrize("state", ["bounced", "suppressed", "cancelled", "queued"])
def test_a_mail_that_did_not_arrive_is_not_unanswered(state):
    customer = history("+++", newest=51)
    ask(customer, 21, "lost", state=state)
    night()
    assert not keys(customer)


def test_the_flag_is_closed_by_an_answer():
    customer = history("+++-")
    night()
    assert keys(customer) == ["fell_silent"]
    ask(customer, 5, "late", answered=True)

    night()

    assert not keys(customer)


def test_an_answer_given_here_says_by_which_mail_it_came():
    contact = make_contact(payer())
    mail = make_mail(contact=contact, state="delivered", sent_at=moment(2))
    invitation = make_invitation(
        make_survey("nps"), contact, mail=mail, expires_at=moment(-30), created_at=moment(2)
    )
    given = Filled({"score": Given(number=9)}, "en", Signs(issued_at=moment(2)))

    answer_invitation(invitation, given, now=moment(1))

    assert contact.customer.interactions.get(kind="answer").facts["mail"] == mail.pk
