"""What the demo company's customers were asked and answered: the story, and that it is loaded."""

import itertools
from collections import Counter
from datetime import date, timedelta
from functools import cache
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from customers.demo.company import build
from customers.models import Interaction, OutgoingEmail, RiskFlag
from customers.services.answers import entry_of
from feedback.answering import given_answers
from feedback.content import Content
from feedback.demo.occasions import Ask, asks
from feedback.demo.replies import Post, Reply, State
from feedback.demo.words import BY_LANGUAGE
from feedback.models import CommentTheme, Invitation, Response, SendingRule, Survey, Theme
from feedback.scores import nps
from feedback.services.surveys import create_survey
from feedback.services.telling import told_answer, told_as
from tests.demo.test_company import TODAY, big_company, make_world


@cache
def big_replies() -> list[Reply]:
    return list(Post(big_company().world).deliver(asks(big_company())))


def of_kind(kind: str) -> list[Reply]:
    return [reply for reply in big_replies() if reply.ask.kind == kind]


def answer_to(reply: Reply, question: str) -> object:
    assert reply.answered
    found = [each for each in reply.answered.statements if each.question == question]
    return found[0].choices or found[0].number if found else None


def is_by_a_person(reply: Reply) -> bool:
    """Nobody answers within seconds, all with one address or in a field that can't be seen."""
    if reply.answered is None:
        return False
    evidence = reply.answered.evidence
    is_slow = reply.answered.at - reply.answered.mailed_at > timedelta(seconds=3)
    return is_slow and not evidence["trap_filled"] and evidence["links_lately"] == 1


def test_same_seed_and_day_give_the_same_answers() -> None:
    one, other = (
        list(Post(company.world).deliver(asks(company)))
        for company in (build(make_world()), build(make_world()))
    )
    assert one == other
    assert one


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2025, 1, 1), date(2026, 10, 31)])
def test_any_day_can_be_the_day_of_the_answers(today: date) -> None:
    company = build(make_world(40, today=today))
    replies = list(Post(company.world).deliver(asks(company)))
    assert all(reply.ask.at < company.world.now for reply in replies)
    assert all(r.answered.at < company.world.now for r in replies if r.answered)
    assert all(r.answered.at > r.ask.at for r in replies if r.answered)


def test_most_who_gave_notice_are_asked_and_some_answer_mostly_with_the_recorded_reason() -> None:
    since = big_company().world.now - timedelta(days=730)
    gone = [
        row
        for row in big_company().cancellations
        if not row.involuntary and not row.withdrawn_at and row.recorded_at >= since
    ]
    asked = of_kind("exit")
    assert 0.6 < len(asked) / len(gone) < 0.8
    answered = [reply for reply in asked if is_by_a_person(reply)]
    assert 0.3 < len(answered) / len(asked) < 0.5
    same = [
        reply
        for reply in answered
        if reply.ask.cancellation
        and answer_to(reply, "reason") == (reply.ask.cancellation.reason_id,)
    ]
    assert 0.65 < len(same) / len(answered) < 0.95


def leaves_soon(ask: Ask) -> bool:
    return any(
        0 <= (departure.recorded_at.date() - ask.at.date()).days <= 120
        for departure in ask.life.departures
        if not departure.involuntary
    )


def scores_of(replies: list[Reply]) -> Counter[int]:
    return Counter(int(str(answer_to(reply, "score"))) for reply in replies)


def test_scores_often_fall_before_a_departure_but_not_always() -> None:
    answered = [reply for reply in of_kind("nps") if is_by_a_person(reply)]
    leaving = scores_of([reply for reply in answered if leaves_soon(reply.ask)])
    staying = scores_of([reply for reply in answered if not leaves_soon(reply.ask)])
    assert (nps(leaving).value or 0) < (nps(staying).value or 0) - 40
    assert leaving[9] + leaving[10] >= 2


def test_nobody_is_asked_about_tickets_twice_in_three_months() -> None:
    asked: dict[int, list[Reply]] = {}
    for reply in of_kind("csat"):
        asked.setdefault(reply.ask.life.profile.number, []).append(reply)
    for replies in asked.values():
        moments = [reply.ask.at for reply in replies]
        pairs = itertools.pairwise(moments)
        assert all(b - a >= timedelta(days=90) for a, b in pairs)


def every_wording(topic: str) -> set[str]:
    return {text for language in BY_LANGUAGE.values() for text in getattr(language, topic)}


def test_two_themes_stand_out_in_their_time() -> None:
    words = [
        (reply.ask.at.date(), statement.text)
        for reply in big_replies()
        if reply.answered
        for statement in reply.answered.statements
        if statement.question == "comment"
    ]
    about = {
        topic: [day for day, text in words if text in every_wording(topic)]
        for topic in ("APP_SLOW", "INVOICES")
    }
    assert all(len(days) > 0.05 * len(words) for days in about.values())
    assert min(about["APP_SLOW"]) > TODAY - timedelta(days=200)
    assert min(about["INVOICES"]) > big_company().world.story.price_rise_on


def test_mails_wait_arrive_and_come_back_and_scanners_answer_some() -> None:
    states = Counter(reply.fate.state for reply in big_replies())
    assert states[State.DELIVERED] > 0.9 * len(big_replies())
    assert states[State.BOUNCED] > 10
    assert states[State.QUEUED] > 0
    assert 10 < sum(bool(r.answered) and not is_by_a_person(r) for r in big_replies()) < 150
    bounced = [r.ask.contact.id for r in big_replies() if r.fate.state == State.BOUNCED]
    assert len(bounced) == len(set(bounced))


# Loaded


def demo(*arguments: str) -> None:
    call_command("demo_company", "--today=2026-11-22", *arguments, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_surveys_answers_and_timelines_are_loaded() -> None:
    demo("--customers=400")
    assert Counter(Survey.objects.values_list("kind", flat=True)) == Counter(
        ["exit", "nps", "csat", "ces", "product"]
    )
    assert {rule.trigger for rule in SendingRule.objects.on()} == {
        "cancellation", "quarterly", "ticket_closed",
    }  # fmt: skip
    assert not Invitation.objects.filter(mail=None).exists()
    assert Invitation.objects.exclude(reminded_at=None).exists()
    assert OutgoingEmail.objects.filter(dedupe_key__endswith=":reminder:1").exists()
    assert Response.objects.exclude(quarantined_because="").exists()
    assert RiskFlag.objects.filter(rule__key="bad_answer").exists()
    counted = Response.objects.counted().select_related("survey", "version")
    told = Interaction.objects.filter(kind=Interaction.Kind.ANSWER)
    assert told.count() == counted.count() > 50
    one = counted.filter(survey__kind="nps")[0]
    entry = told.get(external_id=told_as(one))
    expected = entry_of(told_answer(one, Content.read(one.version.content), given_answers(one)))
    assert {name: getattr(entry, name) for name in expected} == expected


@pytest.mark.django_db(transaction=True)
def test_two_themes_are_found_in_comments_taken_up_and_judged() -> None:
    demo("--customers=400")
    themes = Theme.objects.in_use()
    assert {str(theme) for theme in themes} == {"The app: slow", "Invoices: hard to understand"}
    rows = CommentTheme.objects.filter(theme__in=themes).counted()
    states = Counter(rows.values_list("state", flat=True))
    assert states["confirmed"] > 10
    assert states["rejected"] <= 0.1 * states.total()
    assert not rows.exclude(decided_at=None).filter(decided_at__lt=F("suggested_at")).exists()


@pytest.mark.django_db(transaction=True)
def test_it_joins_surveys_of_the_same_name() -> None:
    create_survey("csat", "After a ticket", by=None)
    demo("--customers=5", "--add")
    assert Survey.objects.filter(name="After a ticket (demo)").exists()
