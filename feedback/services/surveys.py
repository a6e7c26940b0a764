"""Make surveys, write their next version, publish it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.content import REASONS, Content, check, check_names
from feedback.models import Survey, SurveyVersion
from feedback.offers import reasons_in_use
from feedback.ready_surveys import READY
from feedback.translations import with_outdated

LONGEST_NAME = 200
MOST_EARLIER = 20
DRAFTED = ["content", "earlier", "later", "changed_at"]


@transaction.atomic
def create_survey(kind: str, name: str, *, by: User | None) -> Survey:
    """A survey from the ready one of its kind, version 1 published.

    Raises RuleError for an unknown kind, and for a name that is empty, too long or taken.
    """
    survey, now = begin_survey(kind, name, by=by)
    SurveyVersion.objects.create(
        survey=survey, number=1, content=READY[kind], published_at=now, published_by=by
    )
    return survey


@transaction.atomic
def draft_survey(kind: str, name: str, content: dict[str, Any], *, by: User | None) -> Survey:
    """A survey that asks what the document says, version 1 a draft.

    Raises RuleError as `create_survey` does, and for content that can't be asked.
    """
    survey, _now = begin_survey(kind, name, by=by)
    SurveyVersion.objects.create(survey=survey, number=1, content=written(content))
    return survey


def begin_survey(kind: str, name: str, *, by: User | None) -> tuple[Survey, datetime]:
    """A survey without a version yet, and when it was made."""
    if kind not in READY:
        raise RuleError(_("Choose one of the kinds of survey."), field="kind")
    name = usable_name(name)
    try:
        with transaction.atomic():
            survey = Survey.objects.create(kind=kind, name=name, created_by=by)
    except IntegrityError as error:
        raise name_taken() from error
    now = database_clock()
    audit(Deed("survey_created", by, now), survey, {"name": [None, name], "kind": [None, kind]})
    return survey, now


@transaction.atomic
def rename_survey(survey: Survey, name: str, *, by: User | None) -> None:
    """Call it otherwise; files and programs go by the new name from now on.

    Raises RuleError for a name that is empty, too long or taken.
    """
    held = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    name = usable_name(name)
    if name == held.name:
        return
    try:
        with transaction.atomic():
            Survey.objects.filter(pk=held.pk).update(name=name)
    except IntegrityError as error:
        raise name_taken() from error
    audit(Deed("survey_renamed", by, database_clock()), held, {"name": [held.name, name]})


def usable_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise RuleError(_("Give it a name of at most 200 characters."), field="name")
    return name


def name_taken() -> RuleError:
    return RuleError(_("There is a survey of this name."), field="name")


@transaction.atomic
def change_survey(
    survey: Survey,
    *,
    by: User | None,
    name: str | None = None,
    content: dict[str, Any] | None = None,
    seen_at: datetime | None = None,
) -> None:
    """Another name, or another content of its draft, which is begun where there is none.

    Raises RuleError as `rename_survey` does, for content that can't be asked, and for a draft that
    is not as it was seen: nothing is overwritten unseen.
    """
    if name is not None:
        rename_survey(survey, name, by=by)
    if content is None:
        return
    document = written(content)
    had_draft = survey.versions.filter(published_at=None).exists()
    draft = start_draft(survey, by=by)
    if had_draft and seen_at is None:
        said = _(
            "There is a draft already. Read it, and send its changed_at along as seen_at to write"
            " over it."
        )
        raise RuleError(said, field="seen_at")
    save_draft(
        draft, document, seen_at=seen_at if had_draft and seen_at else draft.changed_at, by=by
    )


def written(content: dict[str, Any]) -> dict[str, Any]:
    """The document as it is kept. Raises RuleError, its field in `content`, for an unusable one."""
    try:
        return check(content).written()
    except RuleError as error:
        field = f"content.{error.field}" if error.field else "content"
        raise RuleError(error.message, field=field) from error


@transaction.atomic
def publish_newest(survey: Survey, *, by: User | None) -> SurveyVersion:
    """Publish a survey's draft. Raises RuleError where there is none, and as `publish` does."""
    draft = survey.versions.filter(published_at=None).first()
    if draft is None:
        raise RuleError(_("There is no draft to publish. Write the next version first."))
    return publish(draft, by=by)


@transaction.atomic
def start_draft(survey: Survey, *, by: User | None) -> SurveyVersion:
    """The draft of a survey; where there is none, one that begins as the version published last."""
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    latest = survey.versions.first()
    if latest and latest.published_at is None:
        return latest
    draft = SurveyVersion.objects.create(
        survey=survey,
        number=latest.number + 1 if latest else 1,
        content=latest.content if latest else READY[survey.kind],
    )
    audit(
        Deed("survey_draft_started", by, database_clock()),
        survey,
        {"version": [None, draft.number]},
    )
    return draft


@transaction.atomic
def save_draft(
    draft: SurveyVersion,
    content: dict[str, Any],
    *,
    seen_at: datetime,
    by: User | None,
    typed: dict[str, Any] | None = None,
) -> SurveyVersion:
    """Keep a draft as it is now, complete or not; `seen_at` is the `changed_at` it was read with.

    What was `typed` before a button was pressed is a change of its own: taking back what the button
    did leaves it.

    Raises RuleError when somebody else saved it since, or it was published; nothing is overwritten.
    """
    check_names(content)
    held = SurveyVersion.objects.select_for_update(no_key=True).get(pk=draft.pk)
    refuse_changed(held, seen_at)
    before = held.content
    for step in (typed or content, content):
        now = with_outdated(before, step)
        if differ(held.content, now):
            held.earlier, held.later = [*held.earlier, held.content][-MOST_EARLIER:], []
        held.content = now
    held.save(update_fields=DRAFTED)
    audit(Deed("survey_draft_saved", by, database_clock()), held, {})
    return held


@transaction.atomic
def undo_draft(draft: SurveyVersion, *, seen_at: datetime, by: User | None) -> SurveyVersion:
    """Take the last change of a draft back; RuleError where there is none, and as `save_draft`."""
    held = SurveyVersion.objects.select_for_update(no_key=True).get(pk=draft.pk)
    refuse_changed(held, seen_at)
    if not held.earlier:
        raise RuleError(_("There is nothing to take back."))
    held.later = [*held.later, held.content]
    held.content, held.earlier = held.earlier[-1], held.earlier[:-1]
    held.save(update_fields=DRAFTED)
    audit(Deed("survey_draft_taken_back", by, database_clock()), held, {})
    return held


@transaction.atomic
def redo_draft(draft: SurveyVersion, *, seen_at: datetime, by: User | None) -> SurveyVersion:
    """Make the change again that was taken back last; RuleError as `undo_draft` has it."""
    held = SurveyVersion.objects.select_for_update(no_key=True).get(pk=draft.pk)
    refuse_changed(held, seen_at)
    if not held.later:
        raise RuleError(_("There is nothing to make again."))
    held.earlier = [*held.earlier, held.content][-MOST_EARLIER:]
    held.content, held.later = held.later[-1], held.later[:-1]
    held.save(update_fields=DRAFTED)
    audit(Deed("survey_draft_saved", by, database_clock()), held, {})
    return held


def differ(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether two documents ask or say anything different; an empty text is none."""
    return worded(before) != worded(after)


def worded(document: dict[str, Any]) -> dict[str, Any]:
    whole = Content.read(document).written()
    texts = {
        language: {name: text for name, text in words.items() if text.strip()}
        for language, words in whole["texts"].items()
    }
    return whole | {"texts": texts}


@transaction.atomic
def publish(draft: SurveyVersion, *, by: User | None) -> SurveyVersion:
    """Ask with this version from now on. Raises RuleError for content that can't be asked."""
    held = SurveyVersion.objects.select_for_update(no_key=True).get(pk=draft.pk)
    refuse_published(held)
    content = check(held.content)
    refuse_dead_ways(content)
    held.content, held.earlier, held.later = content.written(), [], []
    held.published_at, held.published_by = database_clock(), by
    held.save(update_fields=[*DRAFTED, "published_at", "published_by"])
    deed = Deed("survey_published", by, held.published_at)
    audit(deed, held, {"version": [None, held.number]})
    return held


def refuse_changed(version: SurveyVersion, seen_at: datetime) -> None:
    refuse_published(version)
    if version.changed_at != seen_at:
        raise RuleError(
            _("Somebody else has changed this draft meanwhile. Look at it again, then save yours.")
        )


def refuse_dead_ways(content: Content) -> None:
    """Refuse ways of reasons that the organisation has not, or no longer."""
    asked = [(n, each) for n, each in enumerate(content.questions) if each.source == REASONS]
    if not any(question.goes for _number, question in asked):
        return
    known = set(reasons_in_use().values_list("key", flat=True))
    for number, question in asked:
        dead = [jump.choice for jump in question.goes if jump.choice not in known]
        if dead:
            said = _("No reason in use is called “%(key)s”: choose where answers lead anew.")
            raise RuleError(said % {"key": dead[0]}, field=f"questions.{number}.goes")


def refuse_published(version: SurveyVersion) -> None:
    if version.published_at is not None:
        raise RuleError(_("This version is published; start a new draft to change it."))
