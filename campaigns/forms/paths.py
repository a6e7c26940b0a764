"""The path as a form: what was typed becomes a document, and a button changes it.

A field is called `KEY.name` after its step. The form says the whole path, so that what was typed
stays whole whatever others do meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import QueryDict

from campaigns.paths import MAIL, SOURCE_LANGUAGE, Path, Step, Variant, Words
from campaigns.reason_letters import begun, reasons_without
from churnapp.common.typed_numbers import fits_bigint

ADDRESS = "address"
MOST_VARIANTS, MOST_DAYS, MOST_WEIGHT = 6, 9_999, 1_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEXTS = ("subject", "body", "button")


def typed(post: QueryDict) -> Path:
    """The path that a form holds, complete or not."""
    variants = tuple(
        Variant(
            key,
            post.get(f"variant.{key}.name", "")[:60],
            number(post.get(f"variant.{key}.weight"), MOST_WEIGHT),
        )
        for key in dict.fromkeys(post.getlist("variant"))
    )
    known = [code for code, _name in settings.LANGUAGES]
    chosen = {SOURCE_LANGUAGE, *post.getlist("languages")}
    path = Path(
        languages=tuple(code for code in known if code in chosen),
        variants=variants or (Variant("a", "A"),),
    )
    keys = dict.fromkeys(post.getlist("step"))
    return replace(path, steps=tuple(typed_step(post, key, path) for key in keys))


def typed_step(post: QueryDict, key: str, path: Path) -> Step:
    def said(name: str) -> str:
        return post.get(f"{key}.{name}", "").replace("\r\n", "\n").replace("\x00", "")

    leads = said("leads_to")
    return Step(
        key=key[:30],
        kind=said("kind"),
        then=said("then"),
        texts=typed_texts(post, key, path) if said("kind") == MAIL else {},
        by_reason=typed_letters(post, key) if said("kind") == MAIL else {},
        leads_to=said("address").strip() if leads == ADDRESS else leads,
        days=number(said("days"), MOST_DAYS),
        asks=said("asks"),
        feature=said("feature"),
        on=said("on"),
        at_most_days=number(said("at_most_days"), MOST_DAYS),
        yes=said("yes"),
        no=said("no"),
        offer=key_of(said("offer")),
        what=said("what"),
        webhook=key_of(said("webhook")),
    )


def typed_texts(post: QueryDict, key: str, path: Path) -> dict[str, dict[str, Words]]:
    """Words by variant and language; those of a language that is not spoken now are kept too."""
    typed = {each.key: typed_words(post, f"{key}.text.{each.key}") for each in path.variants}
    return {variant: words for variant, words in typed.items() if words}


def typed_letters(post: QueryDict, key: str) -> dict[str, dict[str, Words]]:
    """Words by reason and language."""
    reasons = dict.fromkeys(post.getlist(f"{key}.reason"))
    return {reason: typed_words(post, f"{key}.letter.{reason}") for reason in reasons}


def typed_words(post: QueryDict, at: str) -> dict[str, Words]:
    """The words by language that fields below a name hold."""
    found: dict[str, Words] = {}
    for language, _name in settings.LANGUAGES:
        names = {part: f"{at}.{language}.{part}" for part in TEXTS}
        if not any(name in post for name in names.values()):
            continue
        words = {
            part: post.get(name, "").replace("\r\n", "\n").replace("\x00", "")
            for part, name in names.items()
        }
        found[language] = Words(**words)
    return found


def number(text: str | None, most: int) -> int:
    """A whole number from 0; nonsense is 0, which the checks then speak of."""
    cleaned = (text or "").strip()
    return min(int(cleaned), most) if cleaned.isascii() and cleaned.isdigit() else 0


def key_of(text: str) -> int | None:
    return int(text) if fits_bigint(text) else None


def done(path: Path, deed: str) -> Path:
    """The path after a button: `add:mail`, `up:KEY`, `own:KEY:VARIANT`, `letter:KEY:REASON`."""
    verb, _colon, rest = deed.partition(":")
    return DEEDS[verb](path, rest) if verb in DEEDS else path


def touched(path: Path, deed: str) -> str:
    """The key of the step that a button was about, where it is there afterwards."""
    verb, _colon, rest = deed.partition(":")
    if verb == "add":
        return path.steps[-1].key if path.steps else ""
    key = rest.partition(":")[0]
    return key if path.step(key) else ""


def add(path: Path, kind: str) -> Path:
    texts = {path.variants[0].key: {SOURCE_LANGUAGE: Words()}} if kind == MAIL else {}
    taken = {step.key for step in path.steps}
    key = next(name for n in range(1, 1_000) if (name := f"{kind}{n}") not in taken)
    return replace(path, steps=(*path.steps, Step(key, kind, texts=texts)))


def remove(path: Path, key: str) -> Path:
    """Without a step; what led to it goes on to the next one."""
    left = (freed(step, key) for step in path.steps if step.key != key)
    return replace(path, steps=tuple(left))


def freed(step: Step, key: str) -> Step:
    then, yes, no = ("" if goal == key else goal for goal in (step.then, step.yes, step.no))
    return replace(step, then=then, yes=yes, no=no)


def shift(by: int) -> Callable[[Path, str], Path]:
    def shifted(path: Path, key: str) -> Path:
        step = path.step(key)
        return placed(path, step, path.steps.index(step) + by) if step else path

    return shifted


def move(path: Path, rest: str) -> Path:
    """`KEY:PLACE`, places counted from 1: what dragging and the keyboard send."""
    key, _colon, place = rest.partition(":")
    step = path.step(key)
    return placed(path, step, number(place, MOST_DAYS) - 1) if step else path


def placed(path: Path, step: Step, place: int) -> Path:
    others = [each for each in path.steps if each != step]
    at = max(0, min(place, len(others)))
    return replace(path, steps=(*others[:at], step, *others[at:]))


def add_variant(path: Path, _rest: str) -> Path:
    taken = {variant.key for variant in path.variants}
    if len(taken) >= MOST_VARIANTS:
        return path
    key = next(letter for letter in LETTERS if letter not in taken)
    return replace(path, variants=(*path.variants, Variant(key, key.upper())))


def remove_variant(path: Path, key: str) -> Path:
    """Without a variant and its words; the last one stays."""
    left = tuple(variant for variant in path.variants if variant.key != key)
    if not left:
        return path
    steps = tuple(replace(step, texts=without(step.texts, key, left[0])) for step in path.steps)
    return replace(path, variants=left, steps=steps)


def without(texts: Mapping[str, Any], key: str, first: Variant) -> dict[str, Any]:
    """Words without those of a variant; the first one that stays takes them over if it has none."""
    kept = {name: words for name, words in texts.items() if name != key}
    return kept if first.key in kept or key not in texts else kept | {first.key: texts[key]}


def own(path: Path, rest: str) -> Path:
    """A variant gets words of its own, which begin as those of the first one."""
    key, _colon, variant = rest.partition(":")
    step = path.step(key)
    if step is None or variant not in {each.key for each in path.variants}:
        return path
    first = step.texts.get(path.variants[0].key, {})
    return swapped(path, replace(step, texts={**step.texts, variant: first}))


def shared(path: Path, rest: str) -> Path:
    """A variant says what the first one says."""
    key, _colon, variant = rest.partition(":")
    step = path.step(key)
    if step is None or variant == path.variants[0].key:
        return path
    kept = {name: words for name, words in step.texts.items() if name != variant}
    return swapped(path, replace(step, texts=kept))


def swapped(path: Path, step: Step) -> Path:
    steps = tuple(step if each.key == step.key else each for each in path.steps)
    return replace(path, steps=steps)


def letter(path: Path, rest: str) -> Path:
    """`KEY:REASON`: those who left for a reason get a letter of their own."""
    key, _colon, reason = rest.partition(":")
    step = path.step(key)
    known = {each for each, _label in reasons_without(step)} if step else set()
    return swapped(path, begun(path, step, [reason])) if step and reason in known else path


def letters(path: Path, key: str) -> Path:
    """A letter for each reason in use that has none."""
    step = path.step(key)
    if step is None:
        return path
    return swapped(path, begun(path, step, [each for each, _label in reasons_without(step)]))


def no_letter(path: Path, rest: str) -> Path:
    """`KEY:REASON`: they get what everybody gets."""
    key, _colon, reason = rest.partition(":")
    step = path.step(key)
    if step is None:
        return path
    kept = {name: words for name, words in step.by_reason.items() if name != reason}
    return swapped(path, replace(step, by_reason=kept))


DEEDS: Mapping[str, Callable[[Path, str], Path]] = {
    "add": add,
    "remove": remove,
    "up": shift(-1),
    "down": shift(1),
    "move": move,
    "add_variant": add_variant,
    "remove_variant": remove_variant,
    "own": own,
    "shared": shared,
    "letter": letter,
    "letters": letters,
    "no_letter": no_letter,
}
