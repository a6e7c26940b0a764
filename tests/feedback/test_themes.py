"""Themes are suggested with a reason, judged by people, and proposed when several say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from churnapp.models import ScheduledRun
from feedback.models import CommentTheme, Theme
from feedback.services.responses import Given, record_response
from feedback.themes.comments import comments_of
from feedback.themes.proposing import propose
from feedback.themes.rounds import look_at_all, look_at_response, run, run_if_due
from feedback.themes.suggesting import suggest
from tests.factories import make_cancellation, make_contact, make_customer
from tests.feedback_factories import make_comment_theme, make_response, make_survey, make_theme

pytestmark = pytest.mark.django_db
SLOW = {
    "en": "The app is slow on our phones.",
    "nb": "Mobilappen er altfor treg ute på anlegget.",
    "da": "Mobilappen er alt for langsom.",
    "sv": "Appen är långsam.",
}


def answer(text, language="en", **fields):
    contact = make_contact(make_customer())
    return make_response(contact=contact, comment=text, language=language, **fields)


def look(now=None):
    return suggest(comments_of(), now=now or timezone.now())


def pairs():
    rows = CommentTheme.objects.order_by("pk")
    return list(rows.values_list("theme__key", "matched", "state"))


def test_a_suggestion_says_which_words_speak_for_it():
    make_theme("app/mobile slow", key="app")
    answer("Our crews say the Apps are SLOW")
    answer("Slow help from support")
    assert look() == 1
    assert pairs() == [("app", "apps, slow", "suggested")]


def test_the_words_of_a_departure_hold_themes_too():
    make_theme("app slow", key="app")
    make_cancellation(make_customer(), comment="A slow app, sadly.")
    make_cancellation(make_customer(), comment="A slow app.", withdrawn_at=timezone.now())
    assert look() == 1
    assert CommentTheme.objects.get().cancellation.comment == "A slow app, sadly."


def test_our_own_note_on_who_did_not_ask_to_leave_holds_no_theme():
    make_theme("app slow", key="app")
    departure = make_cancellation(make_customer(), comment="A slow app, sadly.")
    look()
    assert len(pairs()) == 1
    departure.involuntary = True
    departure.save(update_fields=["involuntary"])
    look_at_all(timezone.now())
    assert pairs() == []


def test_words_are_looked_for_in_every_language_whatever_the_page_s_was():
    make_theme(words={"nb": ["mobilapp/telefon treg"]})
    answer(SLOW["nb"], "en")
    answer("Telefonene våre er trege.", "nb")
    look()
    assert CommentTheme.objects.count() == 2


def test_looking_twice_gives_the_same_and_a_rejection_stays():
    theme = make_theme("app slow")
    answer("Slow app")
    look()
    CommentTheme.objects.update(state="rejected", decided_at=timezone.now())
    assert look() == 0
    assert [state for _key, _words, state in pairs()] == ["rejected"]
    theme.words = {"en": ["nothing"]}
    theme.save(update_fields=["words"])
    look()
    assert CommentTheme.objects.count() == 1


def test_a_suggestion_goes_when_its_words_do_but_a_confirmed_one_stays():
    theme = make_theme("app slow")
    for _each in range(2):
        answer("Slow app")
    look()
    kept = CommentTheme.objects.first()
    CommentTheme.objects.filter(pk=kept.pk).update(state="confirmed", decided_at=timezone.now())
    Theme.objects.filter(pk=theme.pk).update(words={"en": ["invoice"]})
    look()
    assert list(CommentTheme.objects.all()) == [kept]


def test_what_is_set_aside_holds_no_suggestion():
    make_theme("app slow")
    response = answer("Slow app")
    look_at_response(response.pk, timezone.now())
    assert CommentTheme.objects.count() == 1
    response.quarantined_at = timezone.now()
    response.save(update_fields=["quarantined_at"])
    look_at_response(response.pk, timezone.now())
    assert CommentTheme.objects.count() == 0


def test_a_new_answer_rings_the_bell(django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("feedback.tasks.look_for_themes.delay", rung.append)
    given = Given("r-1", make_survey(), make_customer(), timezone.now() - timedelta(1), 3, "Slow")
    with django_capture_on_commit_callbacks(execute=True):
        response, _new = record_response(given, by=None)
    assert rung == [response.pk]


def test_several_customers_of_any_language_make_a_proposal():
    for language, text in SLOW.items():
        answer(text, language)
    assert propose(comments_of(), now=timezone.now()) == []
    answer("Appen bruker en evighet på å starte.", "nb")
    (theme,) = propose(comments_of(), now=timezone.now())
    assert (theme.key, theme.accepted_at) == ("topic:app", None)
    assert theme.labels["nb"] == "Appen: treg"
    assert look() == 5
    assert propose(comments_of(), now=timezone.now()) == []


def test_what_was_turned_down_is_not_proposed_again():
    make_theme(key="topic:app", accepted=False, retired_at=timezone.now())
    for number in range(6):
        answer(f"The app is slow, the {number}th time")
    assert propose(comments_of(), now=timezone.now()) == []


def test_one_customer_who_repeats_it_or_one_form_letter_makes_no_proposal():
    contact = make_contact(make_customer())
    for number in range(6):
        make_response(contact=contact, comment=f"The app is slow, the {number}th time")
        answer("Invoices, please.")
    assert propose(comments_of(), now=timezone.now()) == []


def test_unknown_words_that_come_together_are_proposed():
    for day in ("Monday", "Tuesday", "Friday", "May", "June"):
        answer(f"On {day} the forklift calendars were wrong")
    (theme,) = propose(comments_of(), now=timezone.now())
    assert theme.labels == {"en": "forklift calendars"}


@pytest.mark.parametrize(
    "language, texts",
    [
        ("da", ["Rapporteringen kunne være bedre, men vi kan godt lide den, {}"] * 5),
        ("nb", ["Vi har seks som logger inn, {}"] * 5),
        ("da", ["Vi er seks, der logger ind nu, {}"] * 5),
        ("sv", ["Det kunde vara bättre, {}, men vi gillar det"] * 5),
        ("en", ["We liked the company, but it could be better, {}"] * 5),
    ],
)
def test_common_words_and_who_signs_in_name_no_theme(language, texts):
    for text, name in zip(texts, ("Ada", "Bo", "Cleo", "Dag", "Eli"), strict=True):
        answer(text.format(name), language)
    proposed = propose(comments_of(), now=timezone.now())
    keys = {theme.key for theme in proposed}
    assert not any(key.startswith("words:") or key == "topic:sign-in" for key in keys)


def test_words_that_only_happen_to_meet_are_no_phrase():
    for number in range(20):
        answer(f"Our warehouse wants colour number {number}")
        answer(f"The gardener {number} and the plumber")
    for day in ("Monday", "Tuesday", "Friday", "May", "June"):
        answer(f"On {day} the warehouse and the plumber met")
    labels = [theme.labels["en"] for theme in propose(comments_of(), now=timezone.now())]
    assert "warehouse plumber" not in labels


def test_the_night_looks_once_and_again_only_the_next_night():
    make_comment_theme()
    answer("App so slow")
    now = datetime(2025, 3, 3, 12, tzinfo=UTC)
    assert run_if_due(now) == 1
    assert run_if_due(now) is None
    assert run_if_due(now + timedelta(days=1)) == 0
    assert ScheduledRun.objects.filter(job="themes").count() == 2


def test_a_run_looks_for_what_it_proposes():
    for language, text in [*SLOW.items(), ("en", "Slow, slow app!")]:
        answer(text, language)
    assert run(timezone.now()) == 5
