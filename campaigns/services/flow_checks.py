"""What a cancel flow may say: its limits, its texts, and that no path takes too many clicks."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.leaving.jurisdictions import BY_KEY, limit_of
from campaigns.leaving.steps import clicks_of
from campaigns.models import CancelFlow, FlowAnswer, Offer
from campaigns.models.flow import MOST_HELD_OUT
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.services.checking import check_address, check_name, check_segment, tidy
from churnapp.common.errors import RuleError
from customers.models import CancellationReason

Values = dict[str, Any]
Kind = FlowAnswer.Kind
LIMITS = {
    "priority": (0, 1_000),
    "holdout_percent": (0, MOST_HELD_OUT),
    "days_open": (1, 90),
    "renewal_months": (1, 36),
}
PARTS = ("title", "text", "button")


@dataclass(frozen=True)
class Answer:
    """What is answered to one reason; without a reason, to any other."""

    reason: CancellationReason | None
    kind: str = Kind.NONE
    offer: Offer | None = None
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    address: str = ""
    apart: bool = False

    @property
    def place(self) -> str:
        """The name by which a form and the API point at it."""
        return f"r-{self.reason.key}" if self.reason else "any"


def checked(values: Values) -> Values:
    """The fields of a flow as they are kept. Raises RuleError, with its field."""
    kept = dict(values)
    kept["name"] = check_name(values.get("name", ""))
    try:
        check_segment(values.get("query", ""))
    except RuleError as refusal:
        raise RuleError(str(refusal), field="query") from refusal
    for name, (least, most) in LIMITS.items():
        value = values.get(name)
        if value is None or not least <= value <= most:
            said = _("Write a number between %(least)s and %(most)s.")
            raise RuleError(said % {"least": least, "most": most}, field=name)
    if values.get("profile") and values["profile"] not in BY_KEY:
        raise RuleError(_("Choose one of the laws."), field="profile")
    if values.get("ending") not in CancelFlow.Ending.values:
        raise RuleError(_("Choose when it ends."), field="ending")
    kept["texts"] = texts_of(values.get("texts") or {}, ("title", "text"), "")
    return kept


def texts_of(texts: Values, parts: tuple[str, ...], place: str) -> dict[str, dict[str, str]]:
    """Texts by language, each tidy; languages without any are left out."""
    kept = {}
    for language, _name in settings.LANGUAGES:
        told = texts.get(language) or {}
        found = {}
        for part in parts:
            try:
                found[part] = tidy(told.get(part, ""), part, language)
            except RuleError as refusal:
                raise RuleError(str(refusal), field=field_name(place, part, language)) from refusal
        if any(found.values()):
            kept[language] = {part: text for part, text in found.items() if text}
    return kept


def field_name(place: str, part: str, language: str = "") -> str:
    return "_".join(each for each in (place, part, language) if each)


def checked_answers(answers: list[Answer], profile: str) -> list[Answer]:
    """Each as it is kept. Raises RuleError for one without its words, and for too many clicks."""
    places = [each.place for each in answers]
    if len(set(places)) < len(places):
        raise RuleError(_("There is an answer to each reason once."))
    kept = [checked_answer(each) for each in answers if each.kind != Kind.NONE]
    for each in kept:
        if (problem := too_long(each.apart, profile)) is not None:
            raise RuleError(problem, field=f"{each.place}_apart")
    return kept


def checked_answer(answer: Answer) -> Answer:
    kind, place = answer.kind, answer.place
    if kind not in Kind.values:
        raise RuleError(_("Choose one of the kinds."), field=f"{place}_kind")
    if kind == Kind.OFFER:
        if answer.offer is None:
            raise RuleError(_("Choose the offer."), field=f"{place}_offer")
        return Answer(answer.reason, kind, answer.offer, apart=answer.apart)
    texts = texts_of(answer.texts, PARTS, place)
    for part in ("title", "text"):
        if not texts.get(SOURCE_LANGUAGE, {}).get(part):
            raise RuleError(
                _("Write it in English first: other languages fall back to it."),
                field=field_name(place, part, SOURCE_LANGUAGE),
            )
    address = answer.address if kind == Kind.HELP else ""
    if address:
        try:
            check_address(address, "content")  # type: ignore[arg-type]
        except RuleError as refusal:
            raise RuleError(str(refusal), field=f"{place}_address") from refusal
    return Answer(answer.reason, kind, None, texts, address, answer.apart)


def too_long(apart: bool, profile: str) -> str | None:
    """Why a path may not be kept; None where its clicks are within the law's limit."""
    clicks, law = clicks_of(FlowAnswer(kind=Kind.HELP, apart=apart)), limit_of(profile)
    if clicks <= law.most_clicks:
        return None
    said = _(
        "Leaving would take %(clicks)s clicks; at most %(most)s are allowed (%(law)s)."
        " Show it beside the last step."
    )
    return said % {"clicks": clicks, "most": law.most_clicks, "law": law.name}
