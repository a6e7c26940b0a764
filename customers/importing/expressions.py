"""The SQL expressions by which DuckDB reads a cell's text, and says why it can't."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from customers.importing.columns import Column, Reads

NUMBERS = (Reads.NUMBER, Reads.WHOLE)
DAYS = (Reads.DAY, Reads.MONTH, Reads.MOMENT)
TYPES = {
    Reads.DAY: "DATE",
    Reads.MONTH: "DATE",
    Reads.MOMENT: "TIMESTAMPTZ",
    Reads.NUMBER: "DECIMAL(38, 10)",
    Reads.WHOLE: "BIGINT",
    Reads.FLAG: "BOOLEAN",
}
REASONS = {
    Reads.TEXT: "too_long",
    Reads.DAY: "not_a_day",
    Reads.MONTH: "not_a_month",
    Reads.MOMENT: "not_a_moment",
    Reads.NUMBER: "not_a_number",
    Reads.WHOLE: "not_whole",
    Reads.FLAG: "not_a_flag",
    Reads.CHOICE: "not_a_choice",
    Reads.CURRENCY: "not_a_currency",
    Reads.ADDRESS: "not_an_address",
}


@dataclass(frozen=True)
class Survey:
    """How the whole file writes numbers and days.

    The other lines are those on which the file contradicts itself; 0 for none.
    """

    mark: str = "point"
    doubtful_numbers: bool = False
    other_mark_line: int = 0
    order: str = ""
    other_order_line: int = 0


def literal(value: str) -> str:
    """A text as it stands in an SQL statement."""
    return "'" + value.replace("'", "''") + "'"


def reading_of(column: Column, text: str, survey: Survey) -> str:
    """The expression that reads `text`; NULL where it can't be read."""
    macro = f"read_{column.reads}"
    if column.reads in NUMBERS:
        value = f"{macro}({text}, {literal(survey.mark)})"
        return f"CASE WHEN NOT {_in_doubt(text, survey)} THEN {value} END"
    if column.reads in DAYS:
        return f"{macro}({text}, {literal(survey.order)})"
    if column.reads in {Reads.FLAG, Reads.ADDRESS}:
        return f"{macro}({text})"
    return _choosing(column, text)


def value_of(column: Column, read: str) -> str:
    """The expression for the value of what was read, in its type, where it makes sense."""
    if column.reads in DAYS:
        read = f"CASE WHEN in_our_time({read}) THEN {read} END"
    if column.reads in NUMBERS:
        read = f"CASE WHEN abs({read}) < {column.below} THEN {read} END"
    return f"CAST({read} AS {TYPES[column.reads]})" if column.reads in TYPES else read


def nothing(column: Column) -> str:
    """The value of a column that the file does not have."""
    return f"CAST(NULL AS {TYPES.get(column.reads, 'VARCHAR')})"


def _choosing(column: Column, text: str) -> str:
    if column.reads == Reads.CHOICE:
        return f"map {{{_pairs(column.choices)}}}[lower({text})]"
    if column.reads == Reads.CURRENCY:
        codes = ", ".join(literal(code) for code in sorted(Locale("en").currencies))
        return f"CASE WHEN upper({text}) IN ({codes}) THEN upper({text}) END"
    return f"CASE WHEN length({text}) <= {column.longest} THEN {text} END"


def _pairs(words: Mapping[str, str]) -> str:
    return ", ".join(f"{literal(word)}: {literal(value)}" for word, value in words.items())


def _in_doubt(text: str, survey: Survey) -> str:
    """Whether a number could mean two things in this file."""
    if not survey.doubtful_numbers:
        return "false"
    bare = f"bare_number({text})"
    return f"coalesce(doubtful_number({bare}, ',') OR doubtful_number({bare}, '\\.'), false)"


def is_bad(column: Column) -> str:
    """Whether the cell can't be taken: `t_` and `v_` are its text and its value."""
    if column.required:
        return f"v_{column.name} IS NULL"
    unread = f"t_{column.name} IS NOT NULL AND v_{column.name} IS NULL"
    if column.open_ended:
        unread += f" AND NOT regexp_matches(t_{column.name}, '9\\d{{3}}')"
    return f"({unread})"


def problem_of(column: Column, survey: Survey) -> str:
    """What is wrong with the cell, as a struct; NULL where nothing is."""
    reason = f"CASE WHEN t_{column.name} IS NULL THEN 'missing' ELSE {_reason(column, survey)} END"
    value = f"coalesce(t_{column.name}[1:200], '')"
    struct = f"{{'name': '{column.name}', 'value': {value}, 'code': {reason}}}"
    return f"CASE WHEN {is_bad(column)} THEN {struct} END"


def _reason(column: Column, survey: Survey) -> str:
    """The expression for why a cell that is there can't be read."""
    text, plain = f"t_{column.name}", literal(REASONS[column.reads])
    if column.reads in NUMBERS:
        other = "surely_point" if survey.mark == "comma" else "surely_comma"
        mixed = f"{survey.other_mark_line} > 0 AND {other}(bare_number({text}))"
        doubt = _in_doubt(text, survey)
        large = f"is_large(bare_number({text}), {literal(survey.mark)}, {column.below})"
        return (
            f"CASE WHEN {mixed} THEN 'mixed_marks' WHEN {doubt} THEN 'doubtful_number'"
            f" WHEN {large} THEN 'over_limit' ELSE {plain} END"
        )
    if column.reads in DAYS:
        doubt = "'mixed_days'" if survey.other_order_line else "'doubtful_day'"
        unknown = bool(survey.other_order_line) or not survey.order
        slashed = f"is_slashed(day_part({text}))"
        return f"CASE WHEN {slashed} AND {unknown} THEN {doubt} ELSE {plain} END"
    return plain


def facts_of(code: str, column: Column, survey: Survey) -> dict[str, Any]:
    """What the sentence of a problem needs to know beyond its value."""
    known = ", ".join(sorted(set(column.choices.values())))
    facts: dict[str, dict[str, Any]] = {
        "mixed_marks": {"line": survey.other_mark_line},
        "mixed_days": {"line": survey.other_order_line},
        "too_long": {"limit": column.longest},
        "over_limit": {"limit": column.below},
        "not_a_choice": {"known": known},
    }
    return facts.get(code, {})
