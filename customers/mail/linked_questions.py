"""A question in a mail, each of its answers a link: on a phone large enough for a thumb.

Where an answer leads only marks it there: mail scanners follow every link of a mail.
"""

import html
from dataclasses import dataclass
from functools import partial
from itertools import batched

from customers.mail.rendering import quoted, section

KEYS_A_ROW = 6  # of 46 px: they fit the 280 px that the narrowest phones have
KEY, GAP = 46, 2
LINK = "display:block;border:1px solid #aab4c4;border-radius:8px;text-decoration:none;"
KEY_LINK = LINK + "height:42px;line-height:42px;text-align:center;font-weight:600;color:#2f4bc7;"
CHOICE_LINK = LINK + "padding:10px 16px;color:#2f4bc7;"
QUIET = "font-size:14px;color:#5a6575;"
TABLE = 'font-size="16px" line-height="1.5" table-layout="fixed" role="presentation"'
escaped = partial(html.escape, quote=False)


@dataclass(frozen=True)
class LinkedAnswer:
    """One answer; `spoken` is what those hear who don't see what stands around it.

    `key` names an answer whose place among the others is free.
    """

    label: str
    address: str
    spoken: str = ""
    key: str = ""


@dataclass(frozen=True)
class LinkedQuestion:
    """`ends` says what the ends of a scale mean, `note` what a click does and does not.

    `way_around` leads on without an answer.
    """

    words: str
    help: str
    answers: tuple[LinkedAnswer, ...]
    is_scale: bool
    ends: str
    note: str
    way_around: LinkedAnswer

    @property
    def text(self) -> str:
        """The question for the text part: without its links, a screenful of long addresses.

        The mail's one link stands below; what is asked, and what can be said, is told here.
        """
        choices = [] if self.is_scale else [f"- {answer.label}" for answer in self.answers]
        lines = (self.words, self.help, self.ends, *choices)
        return "\n".join(quoted(line) for line in lines if line)

    @property
    def mjml(self) -> str:
        """The same for the HTML part, with its links."""
        answers = self._keys() if self.is_scale else self._choices()
        return f"{self._head()}{answers}{self._foot()}"

    def _head(self) -> str:
        words = f'<p style="margin:0;font-weight:600">{escaped(quoted(self.words))}</p>'
        more = f'<p style="margin:0;{QUIET}">{escaped(quoted(self.help))}</p>' if self.help else ""
        return section(f'<mj-text padding-top="0">{words}{more}</mj-text>')

    def _keys(self) -> str:
        """A row of keys, or two: side by side where there is room, else one above the other."""
        rows = -(-len(self.answers) // KEYS_A_ROW)
        columns = batched(self.answers, -(-len(self.answers) // rows))
        made = "".join(_key_column(column) for column in columns)
        return f'<mj-section padding="0 20px" text-align="left">{made}</mj-section>'

    def _choices(self) -> str:
        rows = "".join(
            f'<tr><td style="padding:0 0 8px">{_link(answer, CHOICE_LINK)}</td></tr>'
            for answer in self.answers
        )
        return section(f'<mj-table padding="0 20px" {TABLE}>{rows}</mj-table>')

    def _foot(self) -> str:
        ends = f'<p style="{QUIET}margin:0 0 12px">{escaped(quoted(self.ends))}</p>'
        around = _link(self.way_around, "color:#5a6575;")
        note = f'<p style="{QUIET}">{escaped(self.note)} {around}</p>'
        foot = f"{ends if self.ends else ''}{note}"
        return section(f'<mj-text padding-top="2px">{foot}</mj-text>')


def _key_column(answers: tuple[LinkedAnswer, ...]) -> str:
    width = KEY * len(answers)
    cells = "".join(
        f'<td width="{KEY - GAP}" style="padding:0 {GAP}px 4px 0">{_link(answer, KEY_LINK)}</td>'
        for answer in answers
    )
    table = f'<mj-table padding="0" width="{width}px" {TABLE}><tr>{cells}</tr></mj-table>'
    return f'<mj-column width="{width}px">{table}</mj-column>'


def _link(answer: LinkedAnswer, style: str) -> str:
    spoken = f' aria-label="{html.escape(quoted(answer.spoken))}"' if answer.spoken else ""
    label = escaped(quoted(answer.label))
    return f'<a href="{html.escape(answer.address)}" style="{style}"{spoken}>{label}</a>'
