"""What people want of our mail, in words for colleagues."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from churnapp.common import formats
from customers.models import MailPurpose, MailWishes

Facts = dict[str, Any]
ON_THEIR_PAGE = "preference page"  # the source of what they chose themselves


def wished(facts: Facts) -> str:
    """What somebody said of the mail they want, and where they said it."""
    return " ".join([_("%(name)s said what mail they want.") % facts, *parts_of(facts)])


def parts_of(facts: Facts) -> Iterator[str]:
    if facts["unwanted"]:
        yield _("No more on: %(topics)s.") % {"topics": names(facts["unwanted"])}
    if facts["wanted"]:
        yield _("Mail on: %(topics)s.") % {"topics": names(facts["wanted"])}
    for name, words in OF_FACT.items():
        if name in facts:
            yield words(facts[name])
    yield _("Source: %(source)s.") % {"source": source(facts["source"])}


def pause(until: str | None) -> str:
    if not until:
        return _("The pause is over.")
    day = formats.day(datetime.fromisoformat(until))
    return _("No automatic mail until %(day)s.") % {"day": day}


def often(days: int | None) -> str:
    return capfirst(f"{MailWishes.Often(days).label}.") if days else _("As often as offered.")


def language(code: str) -> str:
    if not code:
        return _("Mails in the customer's language.")
    name = dict(settings.LANGUAGES).get(code, code)
    return _("Mails in this language: %(language)s.") % {"language": name}


OF_FACT: dict[str, Callable[[Any], str]] = {
    "paused_until": pause,
    "days_between": often,
    "language": language,
}


def names(topics: Iterable[dict[str, str]]) -> str:
    """Topics by what they were called, in the reader's language."""
    active = translation.get_language() or "en"
    return get_text_list([each.get(active) or each.get("en", "") for each in topics], _("and"))


def source(said: str) -> str:
    return _("their preference page") if said == ON_THEIR_PAGE else said


def left_mail(facts: Facts) -> str:
    told = {"name": facts["name"], "kinds": purposes(facts)}
    return _("%(name)s unsubscribed from mail of these kinds: %(kinds)s.") % told


def mail_again(facts: Facts) -> str:
    told = {"name": facts["name"], "kinds": purposes(facts)}
    return _("%(name)s wants mail of these kinds again: %(kinds)s.") % told


def purposes(facts: Facts) -> str:
    labels = [str(MailPurpose(purpose).label) for purpose in facts["purposes"]]
    return get_text_list(labels, _("and"))
