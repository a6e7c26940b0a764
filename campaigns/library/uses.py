"""Which paths name which contents, and what is wrong with those that they name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from campaigns.content_names import keys_in
from campaigns.models import Campaign, Content
from campaigns.paths import MAIL, Path, Step
from churnapp.common import formats
from churnapp.common.errors import RuleError


@dataclass(frozen=True)
class Use:
    """A campaign whose mails name a content, and the keys of the steps that do."""

    campaign: Campaign
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Worry:
    """What is wrong with a content that a step names; `stops` is what no mail can go out with."""

    step: str
    what: str
    stops: bool


def named_by(step: Step) -> tuple[str, ...]:
    """The keys of the contents that a step's mail names, in whichever language and variant."""
    if step.kind != MAIL:
        return ()
    return keys_in(text for one in step.all_words() for text in (one.subject, one.body, one.button))


def check_known(path: Path) -> None:
    """Raise RuleError where a mail names a content that there is not."""
    keys = {key: step.key for step in path.steps for key in named_by(step)}
    if not keys:
        return
    known = set(Content.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    for key, step in keys.items():
        if key not in known:
            said = _("%(step)s: there is no content “%(key)s” in the library.")
            raise RuleError(said % {"step": step, "key": key}, field="path")


def worries(path: Path, today: date) -> Iterator[Worry]:
    """All that is worth knowing before mails go out: gone, not published, not in a language."""
    keys = {key for step in path.steps for key in named_by(step)}
    if not keys:
        return
    there = {content.key: content for content in Content.objects.filter(key__in=keys)}
    for step in path.steps:
        for key in named_by(step):
            yield from _of_one(step, key, there, path, today)


def _of_one(
    step: Step, key: str, there: Mapping[str, Content], path: Path, today: date
) -> Iterator[Worry]:
    content = there.get(key)
    if content is None:
        said = _("There is no content “%(key)s” in the library.")
        yield Worry(step.key, said % {"key": key}, stops=True)
        return
    state = content.state_on(today)
    if state != Content.State.PUBLISHED:
        said = _("“%(title)s” of the library is not published: %(state)s.")
        yield Worry(step.key, said % {"title": content, "state": state.label}, stops=True)
    lacking = [code for code in path.languages if content.lacks(code)]
    if lacking:
        said = _("“%(title)s” of the library is not in %(languages)s: they read it in English.")
        names = ", ".join(formats.locale().languages.get(code, code) for code in lacking)
        yield Worry(step.key, said % {"title": content, "languages": names}, stops=False)


def uses_of(content: Content) -> list[Use]:
    """The campaigns whose mails name a content, archived ones aside, the newest first."""
    return uses_by_key([content.key]).get(content.key, [])


def uses_by_key(keys: list[str]) -> dict[str, list[Use]]:
    """The same for many contents, in one question."""
    written = Campaign.objects.exclude(state="archived").annotate(written=Cast("path", TextField()))
    found: dict[str, list[Use]] = {}
    for campaign in written.filter(written__contains="content.").order_by("-pk"):
        steps: dict[str, list[str]] = {}
        for step in Path.read(campaign.path).steps:
            for key in named_by(step):
                steps.setdefault(key, []).append(step.key)
        for key, places in steps.items():
            found.setdefault(key, []).append(Use(campaign, tuple(places)))
    return {key: found[key] for key in keys if key in found}
