"""What of the library a mail of a campaign holds, as SQL on a row `recipient`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from campaigns.content_names import (
    RECOMMENDED,
    keys_in,
    link_name,
    needs_recommended,
)
from campaigns.library.fitting import fitting
from campaigns.models import Content
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.sequences import sql
from campaigns.sequences.sql import quoted_literal

_HINTED = """(SELECT coalesce(nullif(hinted.name, ''), hinted.code)
                FROM campaigns_recommendation AS hint
                JOIN customers_{thing} AS hinted ON hinted.id = hint.{thing}_id
               WHERE hint.customer_id = recipient.customer_id AND hint.dismissed_at IS NULL
               ORDER BY hint.strength DESC, hint.id LIMIT 1)"""
# The feature and the plan recommended to them, by name.
HINTED = {f"recommended_{thing}.name": _HINTED.format(thing=thing) for thing in ("feature", "plan")}


# Notes to whom the mails of a step led to which contents.
NOTE = sql.read("library/note")


@dataclass(frozen=True)
class Shelf:
    """The contents that a mail in a language names, and whether it recommends one."""

    contents: Sequence[Content]
    language: str
    recommends: bool
    needs_one: bool
    leads_on: bool
    today: date

    @classmethod
    def of(cls, texts: Sequence[str], language: str, today: date) -> Self:
        """What these texts, framed, hold: their links are private links already."""
        keys = {*keys_in(texts), *linked_keys(texts)}
        named = list(Content.objects.filter(key__in=keys).order_by("pk")) if keys else []
        recommends = any("recommended." in text or "link:recommended" in text for text in texts)
        leads_on = any("[[link:content_" in text or "link:recommended" in text for text in texts)
        needs_one = needs_recommended(*texts)
        return cls(named, language, recommends, needs_one, leads_on, today)

    @property
    def values(self) -> dict[str, str]:
        """What the placeholders stand for."""
        said = {
            f"content.{content.key}.{part}": quoted_literal(content.text(part, self.language))
            for content in self.contents
            for part in ("title", "summary")
        }
        return said | HINTED | {name: _in_texts(name, self.language) for name in RECOMMENDED[:2]}

    def links(self, texts: Sequence[str], step: str) -> str:
        """The private links to contents, as an expression of jsonb."""
        there = "\n".join(texts)
        pairs = [
            f"{_text(link_name(one.key))}, {_link(_text(one.key), step)}"
            for one in self.contents
            if f"[[link:{link_name(one.key)}]]" in there
        ]
        if f"[[link:{link_name('')}]]" in there:
            pairs.append(f"{_text(link_name(''))}, {_link('recommended.key', step)}")
        return f"jsonb_build_object({', '.join(pairs)})"

    @property
    def joined(self) -> str:
        """The join that finds for each recipient what fits best; "" where none is recommended."""
        if not self.recommends:
            return ""
        best = fitting("recipient.customer_id", self.language, self.today, most=1)
        return f"LEFT JOIN LATERAL ({best}) AS recommended ON true"

    @property
    def condition(self) -> str:
        """Who gets the mail: everybody, or those for whom something is recommended."""
        return "recommended.key IS NOT NULL" if self.needs_one else "true"


def linked_keys(texts: Sequence[str]) -> set[str]:
    """The keys that private links of texts name."""
    begin = "[[link:content_"
    return {
        part.partition("]]")[0] for text in texts for part in text.split(begin)[1:] if "]]" in part
    }


def _text(text: str) -> str:
    return quoted_literal(text)


def _link(key: str, step: str) -> str:
    path = f"'/l/' || recipient.id || '-{{token}}/' || {_text(step)} || '/' || {key}"
    parts = f"'path', {path}, 'purpose', 'campaign', 'nonce', recipient.nonce"
    return f"jsonb_build_object({parts})"


def _in_texts(name: str, language: str) -> str:
    part = name.rpartition(".")[2]
    here = f"nullif(recommended.texts -> {_text(language)} ->> '{part}', '')"
    return f"coalesce({here}, recommended.texts -> '{SOURCE_LANGUAGE}' ->> '{part}')"
