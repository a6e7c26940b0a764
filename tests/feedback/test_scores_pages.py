"""The list of surveys and one survey's results: every figure, its answers, and what a role may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Standing
from feedback.models import Survey
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_organisation,
    make_plan,
    make_user,
    stand,
    today_here,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db
LIST = reverse("surveys:list")
TODAY = today_here()


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def viewer() -> Client:
    return client_of("viewer")


@pytest.fixture
def autumn() -> Survey:
    """10, 9, 7, 2 and one left open: NPS 25 of 4."""
    survey = make_survey(name="Autumn")
    for number, score in enumerate((10, 9, 7, 2, None)):
        contact = make_contact(make_customer(f"Firm {number}", country="NO" if number else "SE"))
        stand(contact.customer)
        make_response(survey, score=score, comment=f"Words {number}", contact=contact)
    return survey


def page(client: Client, survey: Survey, query: str = "") -> str:
    response = client.get(reverse("surveys:results", args=[survey.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_survey_with_its_score(viewer: Client, autumn: Survey) -> None:
    make_invitation(autumn, created_at=timezone.now() - timedelta(days=4))
    make_survey("exit", name="Goodbye")
    make_survey(name="Long gone", archived_at=timezone.now())
    text = viewer.get(LIST).content.decode()
    assert "<b>NPS 25</b>" in text
    assert "−56 to 100" in text
    assert "0 of 1" in text
    assert "Goodbye" in text
    assert "Long gone" not in text
    assert reverse("surveys:results", args=[autumn.pk]) in text


def test_no_survey_says_what_to_do(viewer: Client) -> None:
    assert "No survey yet" in viewer.get(LIST).content.decode()
    assert "Import files" in client_of("manager").get(LIST).content.decode()


def test_scores_bars_and_words_of_one_survey(viewer: Client, autumn: Survey) -> None:
    text = page(viewer, autumn)
    assert '<strong class="num">25</strong>' in text
    assert "−56 to 100 with 95 % certainty" in text
    assert "1 left the score open" in text
    assert "2 · 50.0%" in text  # promoters
    assert "NPS by month" in text
    assert "Words 4" in text
    assert text.count('data-label="Score"') == 5


@pytest.mark.parametrize(
    "query,words",
    [
        ("?score=promoters", {"Words 0", "Words 1"}),
        ("?score=detractors", {"Words 3"}),
        ("?score=7", {"Words 2"}),
        ("?score=open", {"Words 4"}),
        ("?country=SE", {"Words 0"}),
        ("?language=nb", set()),
        ("?period=month", {f"Words {number}" for number in range(5)}),
        ("?from=2001-01-01&to=2001-12-31", set()),
        ("?period=nonsense&score=%00&page=x&plan=%00", {f"Words {n}" for n in range(5)}),
    ],
)
def test_figures_lead_to_their_answers(
    viewer: Client, autumn: Survey, query: str, words: set[str]
) -> None:
    text = page(viewer, autumn, query)
    assert {f"Words {number}" for number in range(5) if f"Words {number}" in text} == words


def test_figures_lead_to_all_their_answers_whatever_is_listed(
    viewer: Client, autumn: Survey
) -> None:
    address = reverse("surveys:results", args=[autumn.pk])
    shown = viewer.get(address + "?choice=reason:price&score=7&country=NO")
    bars = shown.context["figures"].parts()
    assert sum(bar.count for bar in bars) == 3, "of Norway, with a score"
    for bar in bars:
        listed = viewer.get(address + bar.href.partition("#")[0])
        assert len(listed.context["page"].rows) == bar.count


def test_one_answer_has_no_range(viewer: Client) -> None:
    survey = make_survey()
    make_response(survey, score=10)
    text = page(viewer, survey)
    assert "too few or too alike for a range" in text
    assert "100 to 100" not in text


def test_csat_stands_beside_its_index(viewer: Client) -> None:
    survey = make_survey("csat")
    for score in (5, 4, 1):
        make_response(survey, score=score)
    text = page(viewer, survey)
    assert '<strong class="num">67%</strong>' in text
    assert "Satisfaction index (KTI)" in text
    assert '<strong class="num">58</strong>' in text  # (100 + 75 + 0) / 3
    assert "Dissatisfied, 1–2" in text


def test_an_exit_survey_shows_choices_in_words(viewer: Client) -> None:
    texts = {"en": {"c.why.price": "Too dear"}}
    survey = make_survey("exit", content={"questions": [], "texts": texts})
    response = make_response(survey, score=None)
    response.answers.create(question="why", kind="single", choices=["price"])
    text = page(viewer, survey)
    assert "<q>Too dear</q>" in text
    assert "by month" not in text


def test_who_did_not_answer(viewer: Client) -> None:
    survey, last_week = make_survey(), timezone.now() - timedelta(days=7)
    for number in range(40):
        contact = make_contact(make_customer(f"N{number}", country="NO"))
        invitation = make_invitation(survey, contact, created_at=last_week)
        make_response(survey, contact=contact, invitation=invitation)
    silent = make_contact(make_customer("Silent firm", country="SE"))
    for _number in range(10):
        make_invitation(survey, silent, created_at=last_week)
    text = page(viewer, survey)
    assert "40 of 50" in text
    assert "10 did not answer" in text
    assert f'hx-get="/surveys/{survey.pk}/who-answers/?"' in text
    asked = page(viewer, survey, "?show=silent&country=SE")
    assert asked.count("Silent firm") == 10
    assert "Everybody who was asked has answered" in page(viewer, survey, "?show=silent&country=NO")


def who_answers(client: Client, survey: Survey, query: str = "") -> dict[str, dict[str, object]]:
    """Each trait's groups by their words: how many were asked, and who answered how often."""
    address = reverse("surveys:who_answers", args=[survey.pk]) + query
    traits = client.get(address, headers={"HX-Request": "true"}).context["traits"]
    return {str(trait.label): {line.label: line for line in trait.lines} for trait in traits}


def silent(client: Client, survey: Survey, line: object) -> int:
    """How many the list counts that a group leads to."""
    query = line.href.partition("#")[0]  # type: ignore[attr-defined]
    found = client.get(reverse("surveys:results", args=[survey.pk]) + query)
    return len(found.context["page"].rows)


def test_groups_that_answer_less_often_are_named_by_every_trait(viewer: Client) -> None:
    survey = make_survey()
    ann, bo = make_user("csm", name="Ann"), make_user("csm", name="Bo")
    start, team = make_plan("start"), make_plan("team", name="Team plan")
    for number in range(40):
        eager = number < 20
        customer = make_customer(
            f"C{number}", country="NO" if eager else "SE", owner=ann if eager else bo
        )
        stand(customer)
        Standing.objects.filter(customer=customer).update(
            plan=start if eager else team,
            arr_minor=12_000_00 if eager else 120_000_00,
            first_paid_on=TODAY - timedelta(days=30 if eager else 400),
        )
        contact = make_contact(customer)
        invitation = make_invitation(survey, contact)
        if eager:
            make_response(survey, contact=contact, invitation=invitation)
    found = who_answers(viewer, survey)
    late = {
        "Country": "Sweden",
        "Plan": "Team plan",
        "Owner": "Bo",
        "Paying for": "One to three years",
    }
    for trait, group in late.items():
        line = found[trait][group]
        assert (line.asked.invited, line.asked.answered) == (20, 0)
        assert line.words == "answer less often"
        assert silent(viewer, survey, line) == 20
    assert list(found["Paying for"]) == ["Under 90 days", "One to three years"]
    sizes = [(line.asked.invited, line.words) for line in found["MRR today"].values()]
    assert (20, "answer less often") in sizes
    assert [silent(viewer, survey, line) for line in found["MRR today"].values()] == [
        line.asked.invited - line.asked.answered for line in found["MRR today"].values()
    ]


def left(paid_days: int, *, ago: int = 350) -> dict[str, object]:
    """Who to ask, and about what: somebody who left `ago` days ago after so many days of paying."""
    customer = make_customer()
    stand(customer)
    first = TODAY - timedelta(days=ago + paid_days)
    Standing.objects.filter(customer=customer).update(first_paid_on=first)
    gone = make_cancellation(customer, effective_on=TODAY - timedelta(days=ago))
    return {"contact": make_contact(customer), "cancellation": gone}


def test_who_left_is_counted_by_how_long_they_had_paid_until_then(viewer: Client) -> None:
    survey = make_survey("exit")
    for days in (50, 60, 200):
        make_invitation(survey, **left(days))
    make_invitation(survey, make_contact())
    found = who_answers(viewer, survey)["Had paid for"]
    told = {label: line.asked.invited for label, line in found.items()}
    assert told == {"Under 90 days": 2, "90 days to a year": 1, "Not known": 1}
    for line in found.values():
        assert silent(viewer, survey, line) == line.asked.invited


def test_answers_of_who_left_are_narrowed_by_how_long_they_had_paid(viewer: Client) -> None:
    survey = make_survey("exit")
    make_response(survey, comment="Soon", **left(50))
    make_response(survey, comment="Late", **left(200))
    text = page(viewer, survey, "?tenure=under_90")
    assert "Soon" in text
    assert "Late" not in text
    assert "Had paid for: Under 90 days" in text


def test_by_size_only_where_customers_still_pay(viewer: Client) -> None:
    exit_survey, nps = make_survey("exit"), make_survey()
    for survey in (exit_survey, nps):
        make_invitation(survey, make_contact())
    assert "MRR today" not in who_answers(viewer, exit_survey)
    assert list(who_answers(viewer, nps)["MRR today"]) == ["none"], "no standing yet"


def test_what_narrows_the_customers_stands_as_chips(viewer: Client, autumn: Survey) -> None:
    ann = make_user("csm", name="Ann")
    query = f"?owner={ann.pk}&owner=none&tenure=under_90&arr=0-1&tenure=nonsense"
    text = page(viewer, autumn, query)
    for words in ("Owner: Ann", "Owner: Nobody", "Paying for: Under 90 days", "MRR today: Nothing"):
        assert words in text
    assert f'<input type="hidden" name="owner" value="{ann.pk}">' in text
    assert page(viewer, autumn, "?owner=99999999999999999999&arr=x-y&arr=-&tenure=%00")


def test_comparing_costs_the_same(viewer: Client) -> None:
    survey = make_survey()
    address = reverse("surveys:who_answers", args=[survey.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            viewer.get(address, headers={"HX-Request": "true"})
        return len(queries)

    make_invitation(survey, make_contact())
    few = asked()
    for _number in range(6):
        customer = make_customer(owner=make_user("csm"))
        make_invitation(survey, make_contact(customer))
    assert asked() == few <= 10, "three of them say who asks, in which organisation"


def test_with_and_without_those_set_aside(viewer: Client, autumn: Survey) -> None:
    make_response(autumn, score=0, comment="Robot", quarantined_at=timezone.now())
    assert "0 with the 1 set aside" in page(viewer, autumn)
    assert "Robot" not in page(viewer, autumn)
    text = page(viewer, autumn, "?aside=1")
    assert "25 without the 1 set aside" in text
    assert "Robot" in text


def test_who_was_set_aside_answered_only_where_it_counts(viewer: Client) -> None:
    survey, contact = make_survey(), make_contact(make_customer("Robots"))
    invitation = make_invitation(survey, contact)
    make_response(survey, contact=contact, invitation=invitation, quarantined_at=timezone.now())
    for query, answered in (("?", 0), ("?aside=1", 1)):
        figures = viewer.get(reverse("surveys:results", args=[survey.pk]) + query).context[
            "figures"
        ]
        assert (figures.result.asked.invited, figures.result.asked.answered) == (1, answered)
        groups = who_answers(viewer, survey, query)["Country"]
        assert sum(line.asked.answered for line in groups.values()) == answered
        listed = viewer.get(reverse("surveys:results", args=[survey.pk]) + query + "&show=silent")
        assert len(listed.context["page"].rows) == 1 - answered


@pytest.mark.parametrize("language, invited, answered", [("en", 1, 0), ("nb", 1, 1), ("sv", 0, 0)])
def test_the_rate_of_a_language_is_of_the_answers_that_its_score_is_of(
    viewer: Client, language: str, invited: int, answered: int
) -> None:
    survey, contact = make_survey(), make_contact()
    asked_in_english = make_invitation(survey, contact, language="en")
    make_response(survey, contact=contact, invitation=asked_in_english, language="nb")
    make_invitation(survey, make_contact(), language="en")
    address = reverse("surveys:results", args=[survey.pk]) + f"?language={language}"
    result = viewer.get(address).context["figures"].result
    assert (result.asked.invited, result.asked.answered) == (invited, answered)
    assert result.responses == answered
    silent_ones = viewer.get(address + "&show=silent").context["page"].rows
    assert len(silent_ones) == invited - answered


def test_a_change_within_noise_is_called_so(viewer: Client, autumn: Survey) -> None:
    before = timezone.now() - timedelta(days=45)
    for score in (10, 9, 9, 2):
        make_response(autumn, score=score, answered_at=before)
    assert "within noise of 50 in the period before" in page(viewer, autumn, "?period=month")


def test_a_change_beyond_noise_is_not(viewer: Client) -> None:
    survey = make_survey()
    for number in range(40):
        make_response(survey, score=9 if number % 4 else 8)
        before = timezone.now() - timedelta(days=45)
        make_response(survey, score=2 if number % 4 else 8, answered_at=before)
    assert "up from −75 in the period before" in page(viewer, survey, "?period=month")


def test_nobody_answered_yet(viewer: Client) -> None:
    assert "Nobody has answered yet" in page(viewer, make_survey())


def test_the_export_is_for_managers_and_escapes_formulas(autumn: Survey) -> None:
    address = reverse("surveys:export", args=[autumn.pk])
    assert client_of("csm").get(address).status_code == 403
    make_response(autumn, score=0, comment="=HYPERLINK(1)")
    response = client_of("manager").get(address + "?score=0")
    lines = b"".join(response).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]


def test_own_customers_only_where_the_organisation_says_so(autumn: Survey) -> None:
    make_organisation(csm_sees_own_only=True)
    csm = make_user("csm")
    client = Client()
    client.force_login(csm)
    assert "No answer" in page(client, autumn)
    mine = make_contact(make_customer("Mine", owner=csm))
    make_response(autumn, score=3, contact=mine)
    text = page(client, autumn)
    assert '<strong class="num">−100</strong>' in text
    assert "Firm 1" not in text
    assert "NPS −100" in client.get(LIST).content.decode()


@pytest.mark.parametrize("address", ["list", "results", "silent"])
def test_queries_do_not_grow(viewer: Client, address: str) -> None:
    def asked() -> int:
        urls = {
            "list": LIST,
            "results": reverse("surveys:results", args=[survey.pk]),
            "silent": reverse("surveys:results", args=[survey.pk]) + "?show=silent",
        }
        with CaptureQueriesContext(connection) as queries:
            assert viewer.get(urls[address]).status_code == 200
        return len(queries)

    survey = make_survey()
    for number in range(12):
        contact = make_contact(make_customer(country="NO"))
        stand(contact.customer)
        invitation = make_invitation(survey, contact)
        if number % 2:
            make_response(survey, contact=contact, invitation=invitation, comment="x")
        if number == 1:
            few = asked()
    assert asked() <= few <= 25
