"""What another program says was answered, question by question, checked against what is asked."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from feedback.answering import known_reasons
from feedback.content import CHOOSING, REASONS, SCALES, Content, Question
from feedback.logic import LONGEST, Given, on_the_way
from feedback.offers import reasons_in_use

Told = Sequence[tuple[str, Given]]
MOST_NAMED = 20


def checked(told: Told, content: Content) -> dict[str, Given]:
    """The answers by question. RuleError names the place, the value and what to send instead."""
    found: dict[str, Given] = {}
    for number, (key, given) in enumerate(told):
        place = f"answers.{number}"
        question = content.question(key)
        if question is None:
            said = _("This survey has no question “%(key)s”. It asks: %(known)s.")
            known = named(each.key for each in content.questions)
            raise RuleError(said % {"key": key, "known": known}, field=f"{place}.question")
        if key in found:
            raise RuleError(
                _("“%(key)s” is there twice.") % {"key": key}, field=f"{place}.question"
            )
        check_number(question, given, f"{place}.number")
        check_choices(question, given, f"{place}.choices")
        check_text(question, given, f"{place}.text")
        found[key] = given
    return found


def reason_given(key: str, content: Content, survey: str) -> tuple[str, Given]:
    """The answer that a reason of the organisation's list is, with the question that it answers."""
    question = next((each for each in content.questions if each.source == REASONS), None)
    if question is None:
        said = _(
            "The survey “%(survey)s” does not ask for a reason of your list. Leave it out, or say"
            " it of the cancellation itself."
        )
        raise RuleError(said % {"survey": survey}, field="reason")
    given = Given(choices=(key,))
    check_choices(question, given, "reason")
    return question.key, given


def refuse_astray(told: Mapping[str, str], answers: Mapping[str, Given], content: Content) -> None:
    """Refuse what a person who answered so would not have been asked; `told` has its fields."""
    walked = on_the_way(content, answers)
    for key, field in told.items():
        if key not in walked:
            said = _(
                "With these other answers nobody is asked “%(key)s”. Leave it out, or send the"
                " answer that leads there."
            )
            raise RuleError(said % {"key": key}, field=field)


def check_number(question: Question, given: Given, field: str) -> None:
    if given.number is None or given.number in question.numbers:
        return
    if question.kind not in SCALES:
        said = _("“%(key)s” takes no number. Leave it out.")
        raise RuleError(said % {"key": question.key}, field=field)
    least, most = SCALES[question.kind]
    said = _("%(value)s is off the scale of “%(key)s”. Send a number from %(least)s to %(most)s.")
    facts = {"value": given.number, "key": question.key, "least": least, "most": most}
    raise RuleError(said % facts, field=field)


def check_choices(question: Question, given: Given, field: str) -> None:
    if not given.choices:
        return
    if question.kind not in CHOOSING:
        said = _("“%(key)s” takes no choices. Leave them out.")
        raise RuleError(said % {"key": question.key}, field=field)
    if question.kind != "multiple" and len(given.choices) > 1:
        said = _("“%(key)s” takes one choice, and %(count)s were sent. Send the one that counts.")
        facts = {"key": question.key, "count": len(given.choices)}
        raise RuleError(said % facts, field=field)
    offered = known_reasons() if question.source == REASONS else set(question.choices)
    unknown = [choice for choice in given.choices if choice not in offered]
    if unknown:
        said = _("“%(value)s” is no choice of “%(key)s”. Known are: %(known)s.")
        facts = {"value": unknown[0], "key": question.key, "known": choices_of(question)}
        raise RuleError(said % facts, field=field)
    if len(set(given.choices)) < len(given.choices):
        twice = next(one for one in given.choices if given.choices.count(one) > 1)
        raise RuleError(_("“%(key)s” is there twice.") % {"key": twice}, field=field)


def check_text(question: Question, given: Given, field: str) -> None:
    longest = LONGEST.get(question.kind, 0)
    if len(given.text) <= longest:
        return
    if not longest:
        said = _("“%(key)s” takes no text. Leave it out.")
        raise RuleError(said % {"key": question.key}, field=field)
    raise RuleError(_("Write at most %(limit)s characters.") % {"limit": longest}, field=field)


def choices_of(question: Question) -> str:
    """The keys that can be sent now; reasons that are retired are taken, but not proposed."""
    if question.source != REASONS:
        return named(question.choices)
    return named(reasons_in_use().order_by("position", "key").values_list("key", flat=True))


def named(keys: Iterable[str]) -> str:
    """Some keys in a row, not more than a reader takes in."""
    found = list(keys)
    return ", ".join(found[:MOST_NAMED]) + ("…" if len(found) > MOST_NAMED else "")
