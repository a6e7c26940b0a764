"""Open links: a survey's addresses for anybody, made, changed, closed and opened again."""

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit
from feedback.framing import ADDRESS, named_in
from feedback.models import OpenLink, Survey

CODE_LENGTH = 12
EDITABLE = ("name", "framed_by")


@transaction.atomic
def add_open_link(survey: Survey, *, name: str, framed_by: str, by: User | None) -> OpenLink:
    """An address that takes answers from now on.

    Raises RuleError where the survey has no version to answer, or for a page that can't be named.
    """
    if survey.archived_at is not None:
        raise RuleError(_("The survey is archived: nobody can answer it."))
    if not survey.versions.exclude(published_at=None).exists():
        raise RuleError(_("Publish the survey first: there is no version to answer yet."))
    chosen = {"name": name.strip(), "framed_by": checked(framed_by)}
    code = get_random_string(CODE_LENGTH)
    link = OpenLink.objects.create(survey=survey, code=code, **chosen)
    note("open_link_added", link, by, {key: [None, value] for key, value in chosen.items()})
    return link


@transaction.atomic
def change_open_link(link: OpenLink, *, name: str, framed_by: str, by: User | None) -> None:
    """Another name, or other pages that may frame it. Raises RuleError as `add_open_link` does."""
    held = OpenLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    chosen = {"name": name.strip(), "framed_by": checked(framed_by)}
    changes = {
        key: [getattr(held, key), chosen[key]]
        for key in EDITABLE
        if getattr(held, key) != chosen[key]
    }
    if changes:
        OpenLink.objects.filter(pk=held.pk).update(**chosen)
        note("open_link_changed", held, by, changes)


@transaction.atomic
def close_open_link(link: OpenLink, *, by: User | None) -> None:
    """It takes no answers any more; those it has stay. Raises RuleError where it is closed."""
    now = database_clock()
    if not OpenLink.objects.filter(pk=link.pk, closed_at=None).update(closed_at=now):
        raise RuleError(_("It is closed already."))
    note("open_link_closed", link, by, {})


@transaction.atomic
def reopen_open_link(link: OpenLink, *, by: User | None) -> None:
    """The same address takes answers again. Raises RuleError where it is open."""
    closed = OpenLink.objects.filter(pk=link.pk).exclude(closed_at=None)
    if not closed.update(closed_at=None):
        raise RuleError(_("It is open already."))
    note("open_link_opened_again", link, by, {})


def checked(framed_by: str) -> str:
    """The pages as they are kept, a space between two."""
    named = named_in(framed_by)
    wrong = [each for each in named if not ADDRESS.fullmatch(each)]
    if wrong:
        said = ngettext(
            "%(wrong)s is no address of a site. Write it as https://www.example.com.",
            "%(wrong)s are no addresses of sites. Write each as https://www.example.com.",
            len(wrong),
        )
        raise RuleError(said % {"wrong": ", ".join(wrong)}, field="framed_by")
    return " ".join(named)


def note(verb: str, link: OpenLink, by: User | None, changes: dict[str, list[str | None]]) -> None:
    audit(Deed(verb, by, database_clock()), link, changes)
