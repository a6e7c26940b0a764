"""Topics of mail as readers see them: their words, their place, and whom they are for.

What a topic covers is not changed here: the kind of a mail decides its topic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.personal import is_erased_at
from churnapp.models import User
from customers.models import Contact, Topic
from customers.models.wishes import SOURCE_LANGUAGE
from customers.services.customers import EditedMeanwhileError
from customers.services.ledger import database_clock
from customers.services.traces import Deed, audit

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
MOST = {"name": 60, "about": 200}  # letters
WORDS = tuple(f"{what}_{language}" for language in LANGUAGES for what in MOST)


def fields_of(topic: Topic, topics: Sequence[Topic]) -> dict[str, Any]:
    """What can be changed of a topic, as it is now: `place` is where it stands among `topics`."""
    words = {
        f"{what}_{language}": topic.words.get(language, {}).get(what, "")
        for language in LANGUAGES
        for what in MOST
    }
    place = [one.pk for one in topics].index(topic.pk) + 1
    return words | {"place": place, "by_default": topic.by_default}


def silent_on(topic: Topic) -> int:
    """How many people who can be written to never said whether they want a topic."""
    people = Contact.objects.filter(left_on=None).exclude(is_erased_at("email"))
    return people.exclude(topic_wishes__topic=topic).count()


@transaction.atomic
def change_topic(
    topic: Topic, values: Mapping[str, Any], *, seen: Mapping[str, Any], by: User | None
) -> bool:
    """Change what readers see of a topic; False where all of it was so already.

    `values` and `seen` are as `fields_of` gives them. Raises EditedMeanwhileError where the topic
    is no longer as it was seen, and RuleError for words that are missing, too long, or those of
    another topic.
    """
    locked = Topic.objects.select_for_update(no_key=True).order_by("pk")  # names, places: of all
    topics = sorted(locked, key=lambda one: (one.place, one.pk))
    held = next(one for one in topics if one.pk == topic.pk)
    before = fields_of(held, topics)
    meanwhile = {name: before[name] for name, value in seen.items() if before.get(name) != value}
    if meanwhile:
        raise EditedMeanwhileError(meanwhile)
    after = before | {name: tidy(values[name]) for name in before if name in values}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return False
    held.words = words_of(held, after)
    held.by_default = after["by_default"]
    check_words(after)
    check_names(held, after, [one for one in topics if one.pk != held.pk])
    held.save(update_fields=["words", "by_default"])
    if "place" in changes:
        put(held, after["place"], topics)
    audit(Deed("topic_changed", by, database_clock()), held, changes)
    return True


def tidy(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def words_of(topic: Topic, after: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What is written; the words of a language that the product has no longer stay."""
    written: dict[str, dict[str, str]] = {
        language: said for language, said in topic.words.items() if language not in LANGUAGES
    }
    for language in LANGUAGES:
        said = {what: after[f"{what}_{language}"] for what in MOST}
        if any(said.values()):
            written[language] = {what: words for what, words in said.items() if words}
    return written


def check_words(after: Mapping[str, Any]) -> None:
    """English is there, since others fall back on it, and all fits the page of the reader."""
    for what, most in MOST.items():
        if not after[f"{what}_{SOURCE_LANGUAGE}"]:
            raise RuleError(
                _("Write it in English: others read that where their language is empty."),
                field=f"{what}_{SOURCE_LANGUAGE}",
            )
        for language in LANGUAGES:
            if len(after[f"{what}_{language}"]) > most:
                raise RuleError(
                    _("At most %(most)s characters fit here.") % {"most": most},
                    field=f"{what}_{language}",
                )


def check_names(topic: Topic, after: Mapping[str, Any], others: Sequence[Topic]) -> None:
    """No reader sees two topics of one name, be it by way of the English one."""
    for language in LANGUAGES:
        taken = {name_in(other, language).casefold() for other in others}
        if name_in(topic, language).casefold() in taken:
            has_own = after[f"name_{language}"]
            raise RuleError(
                _("Another topic is called this already in that language."),
                field=f"name_{language if has_own else SOURCE_LANGUAGE}",
            )


def name_in(topic: Topic, language: str) -> str:
    """As a reader of a language sees it."""
    own = topic.words.get(language, {}).get("name")
    return str(own or topic.words.get(SOURCE_LANGUAGE, {}).get("name", ""))


def put(topic: Topic, place: int, topics: Sequence[Topic]) -> None:
    """Put a topic at a place of the list, and let the others close ranks; too far is the end."""
    order = [one for one in topics if one.pk != topic.pk]
    order.insert(max(place, 1) - 1, topic)
    for number, one in enumerate(order, start=1):
        one.place = number
    Topic.objects.bulk_update(order, ["place"])
