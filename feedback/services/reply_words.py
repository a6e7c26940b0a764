"""What a reply begins with: a greeting, thanks, and the answer quoted, in the language it is in."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.models import User
from customers.services.personal_mail import greeted
from feedback.answering import given_answers, words_of
from feedback.content import SOURCE_LANGUAGE, Content, Question
from feedback.logic import Given, path
from feedback.models import Response

QUOTE = "> "


def language_of(response: Response) -> str:
    """The language of the answer, where we speak it; else English."""
    spoken = dict(settings.LANGUAGES)
    return response.language if response.language in spoken else SOURCE_LANGUAGE


def begun(response: Response, *, by: User) -> tuple[str, str]:
    """Subject and text that a colleague goes on writing."""
    language = language_of(response)
    content = Content.read(response.version.content)
    with translation.override(language):
        about = content.text("title", language) or response.survey.name
        thanks = greeted(_("Thank you for your answer."), response.contact, by=by)
        subject = _("Your answer: %(about)s") % {"about": about}
        return subject, f"{thanks}\n\n{quotation(response, content)}"


def quotation(response: Response, content: Content) -> str:
    """What they answered, as mail programs quote."""
    day = formats.day(timezone.localtime(response.answered_at))
    said = "\n\n".join(said_to(response, content))
    quoted = (QUOTE + line if line else QUOTE.strip() for line in said.splitlines())
    return "\n".join([_("On %(day)s you answered:") % {"day": day}, *quoted])


def said_to(response: Response, content: Content) -> Iterator[str]:
    """Each question that was answered, and the answer."""
    answers = given_answers(response)
    for question in path(content, answers):
        given = answers.get(question.key, Given())
        if not given.is_empty:
            asked = content.text(f"q.{question.key}", language_of(response))
            yield f"{asked}\n{in_words(response, content, question, given)}"


def in_words(response: Response, content: Content, question: Question, given: Given) -> str:
    if given.number is not None:
        return f"{given.number} / {question.numbers[-1]}"
    answers = {question.key: given}
    return ", ".join(words_of(content, [question], answers, language_of(response)))


def without_quotation(text: str) -> str:
    """What the colleague wrote, for the timeline: the answer stands there already."""
    lines = text.splitlines()
    while lines and (not lines[-1].strip() or lines[-1].startswith(QUOTE.strip())):
        lines.pop()
    quoted = len(lines) < len(text.splitlines())
    return "\n".join(lines[:-1] if quoted and lines and lines[-1].endswith(":") else lines).strip()
