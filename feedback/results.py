"""What came back: answers counted as sets, for any number of surveys at once.

Each question is one query, however many answers there are; `feedback.scores` makes figures of the
counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Now, TruncMonth

from customers.models import Cancellation, Customer, OutgoingEmail
from feedback import scores
from feedback.content import CHOOSING
from feedback.models import Answer, Invitation, Response, Survey
from feedback.scores import ANSWERING_TIME, Asked, Counts, Score

State = OutgoingEmail.State
NEVER_ASKED = (  # not sent yet, not sent at all, or not received
    State.QUEUED, State.RETRY, State.CLAIMED, State.CANCELLED, State.SUPPRESSED, State.FAILED,
    State.BOUNCED,
)  # fmt: skip
ANYHOW = Q()
SCORE = "score"  # the question's key where a version does not say its questions


@dataclass(frozen=True)
class Chosen:
    """Which answers: sent in within `[since, until)`, of `customers`; None sets no limit.

    `about` is a condition on what answers and invitations have in common. What is in quarantine is
    left out unless `aside` is true.
    """

    since: datetime | None = None
    until: datetime | None = None
    customers: QuerySet[Customer] | None = None
    languages: tuple[str, ...] = ()
    about: Q = field(default_factory=Q)
    aside: bool = False

    def with_aside(self, *, aside: bool) -> "Chosen":
        return replace(self, aside=aside)

    def within(self, moment: str) -> Q:
        """The window as a condition on a field."""
        wanted = Q()
        if self.since:
            wanted &= Q(**{f"{moment}__gte": self.since})
        if self.until:
            wanted &= Q(**{f"{moment}__lt": self.until})
        return wanted

    def spoken(self) -> Q:
        """The languages, as a condition on answers and invitations alike."""
        return Q(language__in=self.languages) if self.languages else Q()

    def whose(self) -> Q:
        """Whose and about what, as a condition on answers and invitations alike."""
        wanted = self.about
        if self.customers is not None:
            wanted &= Q(customer__in=self.customers.values("pk"))
        return wanted


@dataclass(frozen=True)
class Result:
    """What one survey says: its answers by score, and who was asked."""

    survey: Survey
    counts: Counts
    responses: int
    asked: Asked
    last_answer: datetime | None = None

    @property
    def n(self) -> int:
        """Answers that the score is made of; all answers where a survey has no score."""
        is_scored = self.survey.kind in scores.SCORED_BY
        return scores.total(self.counts) if is_scored else self.responses

    @property
    def score(self) -> Score:
        return score_of(self.survey.kind, self.counts)


def score_of(kind: str, counts: Counts) -> Score:
    """The one figure of a kind of survey; none for kinds without a score."""
    formulas = {"nps": scores.nps, "csat": scores.csat, "ces": scores.ces}
    return formulas[kind](counts) if kind in formulas else Score(0, None)


def responses(surveys: Iterable[Survey], chosen: Chosen) -> QuerySet[Response]:
    """The chosen responses that were sent in, of known customers."""
    found = counting(chosen).filter(customer__isnull=False, survey__in=list(surveys))
    return found.filter(chosen.whose(), chosen.spoken(), chosen.within("answered_at"))


def unknown_responses(survey: Survey, chosen: Chosen) -> QuerySet[Response]:
    """The chosen responses of unknown people; of customers' traits none can be asked of them."""
    found = counting(chosen).filter(customer=None, survey=survey)
    return found.filter(chosen.spoken(), chosen.within("answered_at"))


def counting(chosen: Chosen) -> QuerySet[Response]:
    """Responses that were sent in; those in quarantine only where they are asked for."""
    found = Response.objects.finished()
    return found if chosen.aside else found.filter(quarantined_at=None)


def begun_responses(survey: Survey, chosen: Chosen) -> QuerySet[Response]:
    """The chosen responses that were begun and not sent in: they count in no figure."""
    begun = Response.objects.begun().filter(survey=survey)
    return begun.filter(chosen.whose(), chosen.within("begun_at"))


def invitations(surveys: Iterable[Survey], chosen: Chosen) -> QuerySet[Invitation]:
    """The chosen invitations of people who were asked: their mail went out and did not come back.

    Who answered was asked, whatever became of the mail, and speaks the language of the answer; who
    did not, that of the invitation.
    """
    found = Invitation.objects.filter(survey__in=list(surveys), called_back_at=None)
    answered = is_answered(chosen)
    found = found.filter(Q(mail=None) | ~Q(mail__state__in=NEVER_ASKED) | Q(answered))
    if chosen.languages:
        found = found.filter(
            Q(is_answered(chosen, chosen.spoken())) | Q(~answered) & chosen.spoken()
        )
    return found.filter(chosen.whose(), chosen.within("created_at"))


def is_answered(chosen: Chosen, how: Q = ANYHOW) -> Exists:
    """Whether an invitation has an answer that counts as chosen, and as `how` asks."""
    found = counting(chosen).filter(how, customer__isnull=False)
    return Exists(found.filter(invitation=OuterRef("pk")))


def scoring_answers(surveys: Iterable[Survey]) -> QuerySet[Answer]:
    """Answers that give the surveys their scores: of each version, the first question of its kind.

    Questions left open are among them.
    """
    return Answer.objects.filter(gives_score(surveys))


def unscored_answers(survey: Survey) -> QuerySet[Answer]:
    """Numbers answered on a scale that do not make the survey's score."""
    on_scale = Answer.objects.filter(kind__in=scores.SCALES, number__isnull=False)
    return on_scale.exclude(gives_score([survey]))


def gives_score(surveys: Iterable[Survey]) -> Q:
    """Whether an answer is one that gives its survey its score."""
    wanted = Q(pk__in=[])
    for (kind, key), versions in scoring_questions(surveys).items():
        wanted |= Q(kind=kind, question=key, response__version__in=versions)
    return wanted


def scoring_questions(surveys: Iterable[Survey]) -> dict[tuple[str, str], list[int]]:
    """Kind and key of the question that counts, with the versions in which it does."""
    scored = [survey for survey in surveys if survey.kind in scores.SCORED_BY]
    prefetch_related_objects(scored, "versions")  # once for each survey at hand
    found: dict[tuple[str, str], list[int]] = {}
    for survey in scored:
        kind = scores.SCORED_BY[survey.kind]
        for version in survey.versions.all():
            found.setdefault((kind, first_of(kind, version.content)), []).append(version.pk)
    return found


def first_of(kind: str, content: Mapping[str, Any], otherwise: str = SCORE) -> str:
    """The key of the first question of a kind in a version; `otherwise` where there is none."""
    keys = (q.get("key") for q in content.get("questions", []) if q.get("kind") == kind)
    return str(next(keys, otherwise))


def score_among(answers: Iterable[Answer], kind: str, content: Mapping[str, Any]) -> int | None:
    """Of one response's answers, the number that counts in the score of that kind of survey."""
    asked = scores.SCORED_BY.get(kind)
    key = first_of(asked, content) if asked else ""
    numbers = (a.number for a in answers if a.kind == asked and a.question == key)
    return next(numbers, None)


def results(surveys: Iterable[Survey], chosen: Chosen) -> list[Result]:
    """Each survey's result, in four questions however many surveys there are."""
    surveys = list(surveys)
    found = responses(surveys, chosen)
    seen = {
        pk: (number, last)
        for pk, number, last in found.order_by()
        .values_list("survey")
        .annotate(number=Count("pk"), last=Max("answered_at"))
    }
    counts = tallies(surveys, chosen, F("response__survey"))
    asked = asked_by(surveys, chosen, F("survey"))
    nothing = (0, None)
    return [
        Result(
            survey, counts.get(survey.pk, {}), seen.get(survey.pk, nothing)[0],
            asked.get(survey.pk, Asked()), seen.get(survey.pk, nothing)[1],
        )
        for survey in surveys
    ]  # fmt: skip


def tallies(surveys: Iterable[Survey], chosen: Chosen, by: Any) -> dict[Any, dict[int, int]]:
    """How often each number was answered, by an expression over answers."""
    surveys = list(surveys)
    answers = scoring_answers(surveys).filter(
        response__in=responses(surveys, chosen), number__isnull=False
    )
    rows = answers.order_by().annotate(by=by).values_list("by", "number")
    found: dict[Any, dict[int, int]] = {}
    for key, number, count in rows.annotate(count=Count("pk")):
        found.setdefault(key, {})[number] = count
    return found


def unknown_counts(survey: Survey, chosen: Chosen) -> Counts:
    """How often unknown people answered each number that makes the survey's score."""
    answers = scoring_answers([survey]).filter(
        response__in=unknown_responses(survey, chosen), number__isnull=False
    )
    return dict(answers.order_by().values_list("number").annotate(count=Count("pk")))


def counts_of(survey: Survey, chosen: Chosen) -> dict[int, int]:
    """How often each number was answered to one survey."""
    return tallies([survey], chosen, F("response__survey")).get(survey.pk, {})


def other_scales(survey: Survey, chosen: Chosen) -> dict[tuple[str, str], dict[int, Counts]]:
    """How often each number was answered beside the score: by question and kind, then version."""
    answers = unscored_answers(survey).filter(response__in=responses([survey], chosen))
    rows = answers.order_by().values_list("question", "kind", "response__version", "number")
    found: dict[tuple[str, str], dict[int, dict[int, int]]] = {}
    for question, kind, version, number, count in rows.annotate(count=Count("pk")):
        found.setdefault((question, kind), {}).setdefault(version, {})[number] = count
    return {family: dict(by_version) for family, by_version in found.items()}


def by_month(survey: Survey, chosen: Chosen, zone: ZoneInfo) -> dict[date, dict[int, int]]:
    """How often each number was answered in each month, by its first day in a time zone."""
    found = tallies([survey], chosen, TruncMonth("response__answered_at", tzinfo=zone))
    return {month.date(): counts for month, counts in sorted(found.items())}


def by_traits(
    survey: Survey, chosen: Chosen, traits: Mapping[str, Any]
) -> dict[str, dict[Any, Asked]]:
    """Who was asked and who answered, by several expressions over invitations in one question.

    Of each trait, the largest groups come first.
    """
    keyed = {f"by_{name}": by for name, by in traits.items()}
    asked = (
        invitations([survey], chosen).order_by().annotate(**keyed, is_answered=is_answered(chosen))
    )
    counted = asked.values_list(*keyed).annotate(
        invited=Count("pk"), answered=Count("pk", filter=Q(is_answered=True))
    )
    found: dict[str, dict[Any, Asked]] = {name: {} for name in traits}
    for *values, invited, answered in counted:
        for groups, value in zip(found.values(), values, strict=True):
            was = groups.get(value, Asked())
            groups[value] = Asked(was.invited + invited, was.answered + answered)
    return {name: largest_first(groups) for name, groups in found.items()}


def largest_first(groups: Mapping[Any, Asked]) -> dict[Any, Asked]:
    return dict(sorted(groups.items(), key=lambda item: (-item[1].invited, str(item[0]))))


def asked_by(surveys: Iterable[Survey], chosen: Chosen, by: Any) -> dict[Any, Asked]:
    """How many of the invitations were answered, by an expression."""
    asked_at = Coalesce("mail__sent_at", "created_at")
    found = invitations(surveys, chosen).order_by().annotate(asked_at=asked_at)
    rows = found.annotate(by=by, is_answered=is_answered(chosen)).values_list("by")
    lately, answered = Q(asked_at__gt=Now() - ANSWERING_TIME), Q(is_answered=True)
    counted = rows.annotate(
        invited=Count("pk"),
        answered=Count("pk", filter=answered),
        invited_lately=Count("pk", filter=lately),
        answered_lately=Count("pk", filter=lately & answered),
    ).order_by("-invited", "by")
    return {label: Asked(*numbers) for label, *numbers in counted}


def score_row(result: Result) -> dict[str, Any]:
    """A survey's result by the names that other programs rely on; NPS from −100 to 100."""
    kind, counts = result.survey.kind, result.counts
    nps = scores.nps(counts if kind == "nps" else {})
    csat = scores.csat(counts if kind == "csat" else {})
    sides = (scores.promoters, scores.passives, scores.detractors)
    promoters, passives, detractors = (
        side(counts) if kind == "nps" else None for side in sides
    )  # fmt: skip
    return {
        "survey": result.survey.name,
        "kind": kind,
        "n": result.n,
        "nps": nps.value,
        "nps_ci": listed(nps),
        "promoters": promoters,
        "passives": passives,
        "detractors": detractors,
        "csat": csat.value,
        "csat_ci": listed(csat),
        "ces": result.score.value if kind == "ces" else None,
        "invited": result.asked.invited,
        "response_rate": result.asked.rate.value,
    }


def listed(score: Score) -> list[float] | None:
    return None if score.interval is None else list(score.interval)


def choosing_answers(survey: Survey, chosen: Chosen) -> QuerySet[Answer]:
    """Answers to questions with choices that took at least one."""
    return Answer.objects.filter(
        response__in=responses([survey], chosen), kind__in=CHOOSING, choices__len__gt=0
    ).order_by()


def choices_of(survey: Survey, chosen: Chosen) -> dict[str, dict[str, dict[int, int]]]:
    """How often each choice of each question was taken, by the version that was answered."""
    taken = choosing_answers(survey, chosen).annotate(choice=Func(F("choices"), function="unnest"))
    rows = taken.values_list("question", "choice", "response__version").annotate(n=Count("pk"))
    found: dict[str, dict[str, dict[int, int]]] = {}
    for question, choice, version, count in rows:
        found.setdefault(question, {}).setdefault(choice, {})[version] = count
    return found


def choosers_of(survey: Survey, chosen: Chosen) -> dict[str, int]:
    """How many answered each question with choices: what the shares are of."""
    counted = choosing_answers(survey, chosen).values_list("question").annotate(n=Count("pk"))
    return dict(counted)


def lost_by_choice(
    survey: Survey, chosen: Chosen, counted_as: Callable[[str, str], str]
) -> dict[tuple[str, str], int]:
    """ARR lost with the cancellations that were answered about, by question and choice.

    `counted_as` says which choice one of a question counts as. Two answers about one cancellation
    that choose the same count it once.
    """
    answers = choosing_answers(survey, chosen).filter(response__cancellation__isnull=False)
    told = {
        (question, counted_as(question, choice), cancellation)
        for question, choices, cancellation in answers.values_list(
            "question", "choices", "response__cancellation"
        )
        for choice in choices
    }
    about = Cancellation.objects.in_force().filter(pk__in={found[2] for found in told})
    lost = {found.pk: getattr(found, "lost_arr_minor") for found in about.with_lost_arr()}  # noqa: B009  annotated
    sums: dict[tuple[str, str], int] = {}
    for question, choice, cancellation in told:
        key = question, choice
        sums[key] = sums.get(key, 0) + lost.get(cancellation, 0)
    return sums
